// Masks and places of `ccx caption`, by the real command and the model that comes with ccx.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/change/mask_png.h"
#include "core/change/rle.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resize.h"
#include "tests/support/catch.h"
#include "tests/support/default_model.h"
#include "tests/support/needs.h"

using namespace ccx;
using namespace ccx::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// Twelve drawn scenes in TempDir, captioned.
struct Case {
  TempDir dir;
  Case() { REQUIRE(run_ccx("scenes --count 12 --seed 77 --out " + quoted((dir / "set").string())).exit_code == 0); }
  ProcessResult caption(const std::string& options) const {
    return run_shell("cd " + quoted(dir.path().string()) + " && env -u CCX_MODEL " + quoted(ccx_binary().string()) +
                     " caption --device cpu --no-timings --in set --out out.jsonl " + options);
  }
  std::vector<json> records() const {
    std::vector<json> out;
    std::istringstream lines(read_file(dir / "out.jsonl"));
    for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
    return out;
  }
  change::KindMask mask(const json& record) const {
    const fs::path path = dir / record.at("mask").get<std::string>();
    return change::read_mask(read_file(path), path.string());
  }
};

}  // namespace

TEST_CASE(
    "masks, run lengths and places of one pair tell of the same changes, and of none where the caption does not") {
  needs_command("caption");
  const Case c;
  const ProcessResult result = c.caption("--masks masks --mask-rle");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  std::size_t with_places = 0;
  for (const json& record : c.records()) {
    INFO(record.dump());
    const change::KindMask mask = c.mask(record);
    CHECK(mask.width == 256);
    CHECK(mask.height == 256);
    std::set<std::string> drawn, named;
    for (const uint8_t kind : mask.kinds) {
      if (kind != 0) drawn.emplace(ccx::kChangeKindNames.at(kind));
    }
    for (const auto& [kind, lengths] : record.at("mask_rle").items()) {
      named.insert(kind);
      CHECK(lengths.at("size") == json({256, 256}));
      const auto at = std::find(ccx::kChangeKindNames.begin(), ccx::kChangeKindNames.end(), kind);
      const auto number = static_cast<ccx::ChangeKind>(at - ccx::kChangeKindNames.begin());
      CHECK(lengths.at("counts") == change::coco_counts(change::run_lengths(mask, number)));
    }
    CHECK(named == drawn);
    if (!record.at("changed").get<bool>()) CHECK(drawn.empty());
    for (const json& place : record.at("places")) {
      CHECK(drawn.count(place.at("kind")) == 1);
      const std::vector<int> box = place.at("box");
      CHECK(box[0] + box[2] <= 256);
      CHECK(box[1] + box[3] <= 256);
      // As many pixels of the kind in its box as the place says, at least: another place may reach into it.
      int64_t inside = 0;
      for (int y = box[1]; y < box[1] + box[3]; ++y) {
        for (int x = box[0]; x < box[0] + box[2]; ++x) {
          inside += ccx::kChangeKindNames.at(mask.kinds[static_cast<std::size_t>(y * 256 + x)]) == place.at("kind");
        }
      }
      CHECK(static_cast<double>(inside) >= place.at("area").get<double>() * 256 * 256 - 0.5);
      CHECK(place.at("p").get<double>() > 0.5);
    }
    with_places += record.at("places").empty() ? 0 : 1;
  }
  CHECK(with_places >= 3);  // about half of the scenes have changed
  // The drawn maps agree with them as far as a trained model's can: places drawn at random would reach a few percent.
  const ProcessResult scores = run_ccx("eval --json --masks " + quoted((c.dir / "masks").string()) + " --labels " +
                                       quoted((c.dir / "set/images/train/label").string()));
  REQUIRE(scores.exit_code == 0);
  const json classes = json::parse(scores.out).at("masks").at("classes");
  const auto building =
      std::find_if(classes.begin(), classes.end(), [](const json& k) { return k["name"] == "building"; });
  CHECK(building->at("iou").get<double>() > 0.2);
}

TEST_CASE("a mask lies on the grid of the after picture as it is in its file") {
  needs_command("caption");
  const Case c;
  // The same scene, the after picture 700 pixels wide: masks and boxes are counted in those.
  const json first = json::parse(read_file(c.dir / "set/LevirCCcaptions.json"))["images"];
  const auto changed = std::find_if(first.begin(), first.end(), [](const json& i) { return i["changeflag"] == 1; });
  REQUIRE(changed != first.end());
  const fs::path images = c.dir / "set/images/train";
  const std::string name = changed->at("filename");
  const image::Image after = image::load_image(images / "B" / name);
  write_file(c.dir / "large.png", image::encode_png(image::resize_bicubic(after, 700, 500)));
  const ProcessResult result =
      run_shell("cd " + quoted(c.dir.path().string()) + " && env -u CCX_MODEL " + quoted(ccx_binary().string()) +
                " caption --device cpu --min-p-change 0 " + quoted((images / "A" / name).string()) +
                " large.png --out out.jsonl --masks masks");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json record = c.records().at(0);
  const change::KindMask mask = c.mask(record);
  CHECK(mask.width == 700);
  CHECK(mask.height == 500);
  CHECK(std::any_of(mask.kinds.begin(), mask.kinds.end(), [](uint8_t kind) { return kind != 0; }));
  REQUIRE_FALSE(record.at("places").empty());
  for (const json& place : record["places"]) {
    CHECK(place["box"][0].get<int>() + place["box"][2].get<int>() <= 700);
    CHECK(place["box"][1].get<int>() + place["box"][3].get<int>() <= 500);
  }
}

TEST_CASE("masks are part of a run's options, and take no other file's place") {
  needs_command("caption");
  const Case c;
  CHECK_THAT(c.caption("--masks here --heatmaps here").err, contains("name one folder"));
  REQUIRE(c.caption("--limit 2").exit_code == 0);
  const std::string id = c.records().at(0).at("id");
  write_file(c.dir / ("theirs/" + id + ".png"), "somebody's");
  const ProcessResult refused = c.caption("--overwrite --limit 2 --masks theirs");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, contains("is nothing that ccx drew"));
  CHECK(read_file(c.dir / ("theirs/" + id + ".png")) == "somebody's");
  const ProcessResult other = c.caption("--resume --masks masks");
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, contains("masks was false and is true"));
  // Its own masks are drawn anew, in a folder that holds others' files too.
  write_file(c.dir / "shared/notes.txt", "notes");
  REQUIRE(c.caption("--overwrite --limit 2 --masks shared").exit_code == 0);
  CHECK(c.caption("--overwrite --limit 2 --masks shared").exit_code == 0);
  CHECK(read_file(c.dir / "shared/notes.txt") == "notes");
}

TEST_CASE("a report outlines the changes of masks, and of places where there are no masks") {
  needs_command("caption");
  const Case c;
  REQUIRE(c.caption("--masks masks").exit_code == 0);
  const auto report = [&](const std::string& name) {
    const ProcessResult result = run_shell("cd " + quoted(c.dir.path().string()) + " && " +
                                           quoted(ccx_binary().string()) + " report " + name + " --out r.html");
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return read_file(c.dir / "r.html");
  };
  const std::string masks = report("out.jsonl");
  CHECK_THAT(masks, contains("<svg class=\"outlines\"") && contains("building built"));
  std::string without;
  for (json record : c.records()) {
    record.erase("mask");
    without += record.dump() + "\n";
  }
  write_file(c.dir / "places.jsonl", without);
  const std::string boxes = report("places.jsonl");
  CHECK_THAT(boxes, contains("<svg class=\"outlines\"") && contains("building built"));
  CHECK(boxes != masks);
}
