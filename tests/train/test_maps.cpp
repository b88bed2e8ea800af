// The auxiliary loss on maps and what is measured with it.
#include "tests/train/support.h"
#include "train/map_evaluation.h"
#include "train/map_loss.h"
#include "train/patch_filters.h"

using namespace ccx;
using namespace ccx::train;

namespace {

ParameterSet with_heads(const model::Checkpoint& checkpoint) {
  ParameterOptions layout;
  layout.heads = map_head_shapes(checkpoint.config());
  return {checkpoint.config(), checkpoint, published_stage(1), layout};
}

double cross_entropy(double logit, double target, double positive_weight) {
  const double p = 1 / (1 + std::exp(-logit));
  return -(positive_weight * target * std::log(p) + (1 - target) * std::log(1 - p));
}

}  // namespace

TEST_CASE("the map loss is the weighted cross-entropy of two linear heads, over rows that have maps") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  ParameterSet parameters = with_heads(checkpoint);
  const int64_t width = checkpoint.config().text.hidden_size;
  const int64_t tokens = 4;
  const at::Tensor before = at::randn({2, tokens, width});
  const at::Tensor after = at::randn({2, tokens, width});
  MapTargets maps;
  for (int i = 0; i < 3 * tokens; ++i) {
    maps.before.push_back(static_cast<float>(i % 5) / 4);
    maps.after.push_back(static_cast<float>(i % 3) / 2);
  }
  for (int i = 0; i < 4 * tokens; ++i) maps.change.push_back(i % 7 == 0 ? 1.0f : 0.0f);

  const auto weight = [&](const char* name) { return test::to_floats(parameters.at(name).value); };
  const std::vector<float> cover = weight("map_head.cover.weight"), change = weight("map_head.change.weight");
  const std::vector<float> a = test::to_floats(before[1]), b = test::to_floats(after[1]);
  double cover_sum = 0, change_sum = 0;
  for (int64_t n = 0; n < tokens; ++n) {
    const auto dot = [&](const std::vector<float>& x, const std::vector<float>& w, int64_t start) {
      double total = 0;
      for (int64_t i = 0; i < width; ++i) total += static_cast<double>(x[static_cast<size_t>(n * width + i)]) * w[static_cast<size_t>(start + i)];
      return total;
    };
    for (int64_t c = 0; c < 3; ++c) {
      const auto at = static_cast<size_t>(c * tokens + n);
      cover_sum += cross_entropy(dot(a, cover, c * width), maps.before[at], 1);
      cover_sum += cross_entropy(dot(b, cover, c * width), maps.after[at], 1);
    }
    for (int64_t c = 0; c < 4; ++c) {
      const double logit = dot(a, change, c * 2 * width) + dot(b, change, (c * 2 + 1) * width);
      change_sum += cross_entropy(logit, maps.change[static_cast<size_t>(c * tokens + n)], kPositiveWeight);
    }
  }
  const double expected = cover_sum / (6 * tokens) + kChangeWeight * change_sum / (4 * tokens);
  // Row 0 has no maps, so the loss is row 1's. float32 sums of some hundred products: 1e-5.
  const double found = map_loss(parameters, before, after, {MapTargets(), maps}).item<double>();
  CHECK(std::abs(found - expected) < 1e-5 * expected);
  CHECK_FALSE(map_loss(parameters, before, after, {MapTargets(), MapTargets()}).defined());
}

TEST_CASE("heads learn in every stage and are no part of the model") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  ParameterSet parameters = with_heads(checkpoint);
  for (const auto& [name, shape] : map_head_shapes(checkpoint.config())) {
    CHECK(parameters.at(name).trainable);
    CHECK_FALSE(parameters.at(name).saved);
    CHECK(parameters.at(name).shape == shape);
  }
  CHECK(parameters.at("model.embed_tokens.weight").saved);
}

TEST_CASE("the area under the curve counts the pairs that are in order") {
  CHECK(area_under_curve({2, 3}, {0, 1}) == 1.0);
  CHECK(area_under_curve({0, 1}, {2, 3}) == 0.0);
  CHECK(area_under_curve({1, 3}, {1, 2}) == 0.625);  // ties count half: 0.5 + 0 + 1 + 1 of 4
  CHECK(area_under_curve({}, {1}) == 0.5);
}

TEST_CASE("patch filters are an orthogonal basis, the strongest waves first") {
  const int64_t patch = 8, count = 3 * patch * patch;
  const std::vector<float> filters = patch_filters(count, patch);
  const size_t length = static_cast<size_t>(3 * patch * patch);
  const auto dot = [&](size_t i, size_t j) {
    double total = 0;
    for (size_t k = 0; k < length; ++k) total += static_cast<double>(filters[i * length + k]) * filters[j * length + k];
    return total;
  };
  double last = 0;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    const double size = std::sqrt(dot(i, i));  // the inverse of the amplitude
    CHECK(size > 0.999 * last);
    last = size;
    // Orthogonal: what rounding of float32 leaves.
    for (size_t j = i + 1; j < std::min<size_t>(static_cast<size_t>(count), i + 20); ++j) {
      CHECK(std::abs(dot(i, j)) < 1e-5 * size * std::sqrt(dot(j, j)));
    }
  }
  // The first is the mean brightness.
  for (size_t k = 1; k < length; ++k) CHECK(filters[k] == filters[0]);
}
