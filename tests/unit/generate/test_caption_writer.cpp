// Captions written answer by answer, as a page does it: the order is held, and a late or missing judgement is no
// caption.
#include "core/generate/caption_writer.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::generate;

namespace {

constexpr int64_t kVocabulary = 4;
constexpr int64_t kEnd = 3;
const std::vector<uint64_t> kKeys = {7};

GenerationConfig greedy() {
  GenerationConfig config;
  config.eos_token_ids = {kEnd};
  config.max_new_tokens = 8;
  return config;
}

std::vector<float> likeliest(int64_t token) {
  std::vector<float> row(kVocabulary, 0.0f);
  row[static_cast<size_t>(token)] = 9.0f;
  return row;
}

// What the model says of the sentence "1": then comes the end.
std::vector<float> then_the_end() {
  return {-9.0f, -9.0f, -9.0f, 0.0f};
}

const model::ChangeFit kByFlagAlone{0.0f, 0.0f, 1.0f};

}  // namespace

TEST_CASE("a caption that waits for its judgement takes no step, and one that is judged unchanged says so") {
  const ChangeRule rule({{1}}, {kEnd}, kByFlagAlone, 0.5f);
  CaptionWriter writer(greedy(), kVocabulary, kKeys, rule);
  CHECK_THROWS_AS(writer.step(likeliest(2)), std::logic_error);
  CHECK(!writer.opinion(0));
  CHECK(writer.judge(0, likeliest(2), then_the_end(), -1.0).unchanged);
  REQUIRE(writer.step(likeliest(2)).tokens == std::vector<int64_t>{1});
  writer.step(likeliest(0));
  CHECK(writer.done());
  CHECK(writer.sequence(0).ids == std::vector<int64_t>{1, kEnd});
  CHECK_THROWS_AS(writer.step(likeliest(0)), std::logic_error);
}

TEST_CASE("where the rule decides nothing a caption may be judged at its end, and stays what it was") {
  const ChangeRule rule({{1}}, {kEnd}, std::nullopt, 0.0f);
  CaptionWriter writer(greedy(), kVocabulary, kKeys, rule);
  const std::vector<float> prompt = likeliest(2);
  writer.step(prompt);
  writer.step(likeliest(kEnd));
  REQUIRE(writer.done());
  CHECK(!writer.judge(0, prompt, then_the_end(), std::nullopt).unchanged);
  REQUIRE(writer.opinion(0));
  CHECK(writer.opinion(0)->p_change > 0.9);
  CHECK(writer.sequence(0).ids == std::vector<int64_t>{2, kEnd});
}

TEST_CASE("an unchanged pair whose caption has begun is an error and no mixture") {
  const ChangeRule rule({{1}}, {kEnd}, kByFlagAlone, 0.5f);
  CaptionWriter writer(greedy(), kVocabulary, kKeys, rule);
  CHECK(!writer.judge(0, likeliest(2), then_the_end(), 1.0).unchanged);
  writer.step(likeliest(2));
  CHECK_THROWS_AS(writer.judge(0, likeliest(2), then_the_end(), -1.0), std::invalid_argument);
  CHECK_THROWS_AS(writer.step(std::vector<float>(kVocabulary, NAN)), Error);
}
