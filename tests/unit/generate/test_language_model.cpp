// The driver of captions over a model that is a table: what it is asked, in which order, and what comes of the answers.
#include "core/generate/language_model.h"

#include <cmath>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/generate/log_softmax.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::generate;

namespace {

constexpr int64_t kVocabulary = 6;
constexpr int64_t kEnd = 5;

// Whatever came before, token t is followed by t + 1 with nearly all the probability.
std::vector<float> row_after(int64_t token) {
  std::vector<float> row(kVocabulary, 0.0f);
  row[static_cast<size_t>(std::min(token + 1, kEnd))] = 12.0f;
  return row;
}

std::vector<float> log_probabilities(std::vector<float> row) {
  const double all = log_sum_exp(row);
  for (float& value : row) value = static_cast<float>(value - all);
  return row;
}

class CountingUp : public LanguageModel {
 public:
  std::vector<std::string> asked;

  int64_t columns() const override { return kVocabulary; }

  std::vector<float> score(std::size_t caption, const PackedSentences& sentences) override {
    asked.push_back("score " + std::to_string(caption));
    std::vector<float> logits;
    for (const int64_t id : sentences.ids()) append(logits, log_probabilities(row_after(id)));
    return logits;
  }

  std::vector<float> step(const Step& next) override {
    asked.push_back("step " + std::to_string(next.tokens.size()));
    std::vector<float> logits;
    for (const int64_t token : next.tokens) append(logits, row_after(token));
    return logits;
  }

 private:
  static void append(std::vector<float>& to, const std::vector<float>& row) {
    to.insert(to.end(), row.begin(), row.end());
  }
};

GenerationConfig greedy() {
  GenerationConfig config;
  config.eos_token_ids = {kEnd};
  config.max_new_tokens = 8;
  return config;
}

// Prompts after which 0 and 3 are likeliest: captions {0, 1, 2, 3, 4, end} and {3, 4, end}.
std::vector<float> prompts() {
  std::vector<float> logits = row_after(-1);
  const std::vector<float> second = row_after(2);
  logits.insert(logits.end(), second.begin(), second.end());
  return logits;
}

const std::vector<uint64_t> kKeys = {1, 2};

}  // namespace

TEST_CASE("captions are searched for without a rule, and nobody is judged") {
  CountingUp model;
  const Captions captions =
      write_captions(model, prompts(), {}, greedy(), kVocabulary, kKeys, ChangeRule(), /*opinions_wanted=*/false);
  CHECK(captions.opinions.empty());
  CHECK(captions.sequences[0].ids == std::vector<int64_t>{0, 1, 2, 3, 4, kEnd});
  CHECK(captions.sequences[1].ids == std::vector<int64_t>{3, 4, kEnd});
  CHECK(model.asked == std::vector<std::string>{"step 2", "step 2", "step 1", "step 1", "step 1"});
}

TEST_CASE("each caption is judged before the first step, on the model's own probabilities") {
  CountingUp model;
  const ChangeRule rule({{3, 4}, {1}}, {kEnd}, std::nullopt, 0.5f);
  CHECK(rule.decides());
  const Captions captions =
      write_captions(model, prompts(), {}, greedy(), kVocabulary, kKeys, rule, /*opinions_wanted=*/false);
  CHECK(std::vector<std::string>(model.asked.begin(), model.asked.begin() + 3) ==
        std::vector<std::string>{"score 0", "score 1", "step 2"});
  // A likely token has e^12 / (e^12 + 5): three of them say "3 4 end", so the second pair is as good as unchanged.
  const double likely = std::exp(12.0) / (std::exp(12.0) + 5.0);
  CHECK(captions.opinions[1].p_change == Approx(1.0 - std::pow(likely, 3)).margin(1e-6));
  CHECK(captions.opinions[1].unchanged);
  CHECK(captions.sequences[1].ids == std::vector<int64_t>{3, 4, kEnd});
  // After the first prompt both sentences begin with an unlikely token.
  CHECK(captions.opinions[0].p_change > 0.9999);
  CHECK(!captions.opinions[0].unchanged);
  CHECK(captions.sequences[0].ids == std::vector<int64_t>{0, 1, 2, 3, 4, kEnd});
}

TEST_CASE("what is judged unchanged says so, whatever the search would have found") {
  CountingUp model;
  const model::ChangeFit by_flag_alone{0.0f, 0.0f, 1.0f};
  const ChangeRule rule({{3, 4}, {1}}, {kEnd}, by_flag_alone, 0.5f);
  const std::vector<float> flags = {-2.0f, 2.0f};
  const Captions captions =
      write_captions(model, prompts(), flags, greedy(), kVocabulary, kKeys, rule, /*opinions_wanted=*/false);
  CHECK(captions.opinions[0].p_change == Approx(1.0 / (1.0 + std::exp(2.0))).margin(1e-9));
  CHECK(captions.opinions[0].unchanged);
  // Both sentences begin with an unlikely token there; "3 4 end" goes on with likely ones, "1 end" does not.
  CHECK(captions.sequences[0].ids == std::vector<int64_t>{3, 4, kEnd});
  CHECK(!captions.opinions[1].unchanged);
  CHECK(captions.opinions[1].flag == 2.0);
}

TEST_CASE("opinions are given where they are wanted, though they decide nothing") {
  CountingUp model;
  const ChangeRule rule({{3, 4}}, {kEnd}, std::nullopt, 0.0f);
  CHECK(!rule.decides());
  const Captions captions =
      write_captions(model, prompts(), {}, greedy(), kVocabulary, kKeys, rule, /*opinions_wanted=*/true);
  CHECK(captions.opinions.size() == 2);
  CHECK(captions.opinions[1].p_change < 0.001);
  CHECK(!captions.opinions[1].unchanged);
}

TEST_CASE("logits that are no numbers end in an error, not in a caption") {
  CountingUp model;
  std::vector<float> broken = prompts();
  broken[2] = std::nanf("");
  CHECK_THROWS_AS(write_captions(model, broken, {}, greedy(), kVocabulary, kKeys, ChangeRule(), false), Error);
}

TEST_CASE("sentences of one run stand side by side and see the prompt and themselves alone") {
  const PackedSentences packed({{3, 4}, {}, {1}, {3, 4}});
  CHECK(packed.sentences() == std::vector<std::vector<int64_t>>{{1}, {3, 4}});
  CHECK(packed.ids() == std::vector<int64_t>{1, 3, 4});
  CHECK(packed.positions(10) == std::vector<int64_t>{10, 10, 11});
  std::string seen;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) seen += packed.sees(row, column) ? '1' : '0';
  }
  CHECK(seen ==
        "100"
        "010"
        "011");
}

TEST_CASE("a rule refuses logits of another shape") {
  const ChangeRule rule({{3, 4}}, {kEnd}, std::nullopt, 0.5f);
  const std::vector<float> prompt(kVocabulary), run(2 * kVocabulary);
  CHECK_NOTHROW(rule.judge(prompt, run, kVocabulary, std::nullopt));
  CHECK_THROWS_AS(rule.judge(std::span(prompt).first(5), run, kVocabulary, std::nullopt), std::invalid_argument);
  CHECK_THROWS_AS(rule.judge(prompt, std::span(run).first(11), kVocabulary, std::nullopt), std::invalid_argument);
  CHECK_THROWS_AS(rule.judge(prompt, std::span(run).first(10), kVocabulary, std::nullopt), std::invalid_argument);
}
