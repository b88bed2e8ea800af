// The lines of a captions file, to the byte.
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/records/record.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::records;
using ccx::test::contains;

namespace {

ccx::pairs::Pair some_pair() {
  return {"train/x", "pairs/A/train/x.png", "pairs/B/train/x.png", ""};
}

engine::Caption some_caption() {
  engine::Caption caption;
  caption.text = "a road appears";
  caption.ids = {5, 6, 2};
  caption.logprobs = {-0.5F, -0.25F, 0.0F};
  caption.p_change = 0.96875F;
  caption.ms = {812.04, 1.25, 100};
  return caption;
}

}  // namespace

TEST_CASE("a caption's record has the keys of the schema in their order, scores with four decimals") {
  CHECK(caption_record(some_pair(), some_caption(), 12.34, {.heatmap = "heat/train/x.png"}, {}) ==
        R"({"id":"train/x","before":"pairs/A/train/x.png","after":"pairs/B/train/x.png","caption":"a road appears",)"
        R"("changed":true,"p_change":0.9688,"logprob_mean":-0.2500,"logprob_min":-0.5000,"tokens":3,)"
        R"("ms":{"read":12.3,"vision":812.0,"prefill":1.2,"decode":100.0},"heatmap":"heat/train/x.png"})");
}

TEST_CASE("places, a mask's path and run lengths stand in a record where there are any") {
  Extras extras;
  extras.places = std::vector<ccx::change::Place>{{ccx::ChangeKind::kRoad, {1, 2, 3, 4}, 0.25, 0.75}};
  extras.mask = "masks/x.png";
  extras.lengths = ccx::change::KindMask{2, 2, {0, 3, 0, 0}};
  const std::string line = caption_record(some_pair(), some_caption(), 0, extras, {.timings = false});
  CHECK_THAT(line, contains(R"("tokens":3,"places":[{"kind":"road","box":[1,2,3,4],"area":0.250000,"p":0.7500}],)"
                            R"("mask":"masks/x.png","mask_rle":{"road":{"size":[2,2],"counts":"211"}}})"));
  extras = {};
  extras.places.emplace();
  CHECK_THAT(caption_record(some_pair(), some_caption(), 0, extras, {.timings = false}), contains(R"("places":[]})"));
}

TEST_CASE("what was not asked for is left out of a record") {
  engine::Caption caption = some_caption();
  caption.p_change.reset();
  caption.changed = false;
  CHECK(caption_record(some_pair(), caption, 12.34, {}, {.timings = false}) ==
        R"({"id":"train/x","before":"pairs/A/train/x.png","after":"pairs/B/train/x.png","caption":"a road appears",)"
        R"("changed":false,"logprob_mean":-0.2500,"logprob_min":-0.5000,"tokens":3})");
}

TEST_CASE("scores show neither a negative zero nor infinity") {
  engine::Caption caption = some_caption();
  caption.logprobs = {-1e-6F};
  CHECK_THAT(caption_record(some_pair(), caption, 0, {}, {}), contains(R"("logprob_mean":0.0000,)"));
  caption.logprobs = {-INFINITY};
  CHECK_THAT(caption_record(some_pair(), caption, 0, {}, {}), contains(R"("logprob_min":null,)"));
}

TEST_CASE("a record is valid UTF-8 on one line whatever the names and the caption hold") {
  engine::Caption caption = some_caption();
  caption.text = "cut \xE2\x82";
  const ccx::pairs::Pair pair{"line\nbreak", "A/\xFF\n.png", "B/x\"y.png", ""};
  const std::string line = caption_record(pair, caption, 0, {}, {});
  CHECK(line.find('\n') == std::string::npos);
  CHECK_THAT(line, contains(R"("before":"A/%FF\n.png","after":"B/x\"y.png")"));
  CHECK_THAT(line, contains("cut \xEF\xBF\xBD"));
  CHECK(parse_record(line).id == "line\nbreak");
}

TEST_CASE("an error record carries its code and null for a missing image") {
  const ccx::pairs::Pair pair{"x", "A/x.png", "", "gone"};
  CHECK(error_record(pair, {ErrorCode::kMissingAfter, "no \"x\""}) ==
        R"({"id":"x","before":"A/x.png","after":null,"error":{"code":"missing_after","message":"no \"x\""}})");
  const RecordSummary summary = parse_record(error_record(pair, {ErrorCode::kTooLarge, "m"}));
  CHECK(summary.error_code == "too_large");
  CHECK(summary.before == "A/x.png");
  CHECK(summary.after.empty());
}

TEST_CASE("what is no record is refused") {
  for (const std::string line :
       {"", "{", "[]", "3", R"({"id":3})", R"({"id":"x","before":"a","after":"b"})",
        R"({"id":"x","before":1,"after":"b","caption":""})", R"({"id":"","before":"a","after":"b","caption":""})",
        R"({"id":"x","before":"a","after":"b","error":"e"})"}) {
    INFO(line);
    CHECK_THROWS_AS(parse_record(line), ccx::InputError);
  }
}
