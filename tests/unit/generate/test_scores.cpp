// Log-probabilities and what is done to scores before a token is chosen.
#include <cmath>
#include <limits>
#include <random>

#include "core/base/random.h"
#include "core/generate/log_softmax.h"
#include "core/generate/score_processing.h"
#include "tests/support/catch.h"

using namespace ccx::generate;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

using Tokens = std::vector<std::int64_t>;

Tokens tokens(const std::vector<Candidate>& candidates) {
  Tokens ids;
  for (const Candidate& candidate : candidates) ids.push_back(candidate.token);
  return ids;
}

}  // namespace

TEST_CASE("log-sum-exp agrees with double arithmetic over a real vocabulary's length") {
  std::mt19937 random(3);
  for (const float scale : {0.01f, 1.0f, 8.0f, 60.0f}) {
    std::vector<float> logits(151646);
    for (float& logit : logits) logit = scale * (static_cast<float>(random() >> 8) / 8388608.0f - 1.0f);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
    // The exponentials are float32: 2e-7 relative, which is what the logarithm shows as absolute error.
    CHECK(log_sum_exp(logits) == Approx(std::log(sum)).epsilon(0).margin(1e-6));
  }
}

TEST_CASE("log-sum-exp is stable far from zero and ignores minus infinity") {
  CHECK(log_sum_exp(std::vector<float>{1e30f, 1e30f}) == Approx(1e30).epsilon(1e-7));
  CHECK(log_sum_exp(std::vector<float>{-5000.0f, -5000.0f}) == Approx(-5000 + std::log(2.0)).epsilon(1e-9));
  CHECK(log_sum_exp(std::vector<float>{0.5f, -kInfinity, -1e30f}) == Approx(0.5));
  CHECK(log_probability(std::vector<float>{0.0f, std::log(3.0f)}, 1) == Approx(std::log(0.75)).epsilon(1e-6));
}

TEST_CASE("log-sum-exp is not finite exactly when a logit is no number") {
  for (const std::size_t length : {1u, 5u, 8u, 21u, 300u}) {
    for (std::size_t at = 0; at < length; ++at) {
      std::vector<float> logits(length, 1.0f);
      logits[at] = kNaN;
      CHECK(!std::isfinite(log_sum_exp(logits)));
      logits[at] = kInfinity;
      CHECK(!std::isfinite(log_sum_exp(logits)));
    }
    CHECK(!std::isfinite(log_sum_exp(std::vector<float>(length, -kInfinity))));
    CHECK(std::isfinite(log_sum_exp(std::vector<float>(length, -3e38f))));
  }
}

TEST_CASE("the repetition penalty lowers each generated token once") {
  std::vector<float> scores = {2.0f, -2.0f, 0.0f, 3.0f};
  apply_repetition_penalty(scores, Tokens{0, 1, 1, 0, 2}, 2.0);
  CHECK(scores == std::vector<float>{1.0f, -4.0f, 0.0f, 3.0f});
}

TEST_CASE("top-k keeps the best and what ties with the last of them") {
  const std::vector<float> scores = {1.0f, 4.0f, 2.0f, 3.0f, 2.0f};
  CHECK(tokens(sampling_candidates(scores, 1.0, 2, 1.0)) == Tokens{3, 1});
  CHECK(tokens(sampling_candidates(scores, 1.0, 3, 1.0)) == Tokens{2, 4, 3, 1});
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 1.0)).size() == 5);
  CHECK(tokens(sampling_candidates(scores, 1.0, 99, 1.0)).size() == 5);
}

TEST_CASE("top-p keeps the fewest tokens that reach it, after the temperature") {
  // Probabilities 0.5, 0.3, 0.15, 0.05.
  const std::vector<float> scores = {std::log(0.3f), std::log(0.05f), std::log(0.5f), std::log(0.15f)};
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 0.45)) == Tokens{2});
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 0.7)) == Tokens{0, 2});
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 0.9)) == Tokens{3, 0, 2});
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 1e-9)) == Tokens{2});
  // At half the temperature the first has 0.25 of 0.365.
  CHECK(tokens(sampling_candidates(scores, 0.5, 0, 0.6)) == Tokens{2});
  const std::vector<Candidate> left = sampling_candidates(scores, 1.0, 0, 0.7);
  CHECK(left[0].probability == Approx(0.375).epsilon(1e-6));
  CHECK(left[1].probability == Approx(0.625).epsilon(1e-6));
}

TEST_CASE("top-p counts what top-k left") {
  const std::vector<float> scores = {std::log(0.4f), std::log(0.3f), std::log(0.2f), std::log(0.1f)};
  // Alone, 0.4 is below 0.5 and two tokens are needed; among the best two, 0.4 of 0.7 is enough.
  CHECK(tokens(sampling_candidates(scores, 1.0, 0, 0.5)).size() == 2);
  CHECK(tokens(sampling_candidates(scores, 1.0, 2, 0.5)) == Tokens{0});
}

TEST_CASE("a draw picks by cumulative probability") {
  const std::vector<Candidate> candidates = {{7, 0.25}, {3, 0.75}};
  CHECK(pick(candidates, 0.0) == 7);
  CHECK(pick(candidates, 0.2499) == 7);
  CHECK(pick(candidates, 0.25) == 3);
  CHECK(pick(candidates, 0.9999999) == 3);
}
