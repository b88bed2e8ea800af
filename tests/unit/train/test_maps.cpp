// The auxiliary loss on maps and what is measured with it.
#include "tests/support/train.h"
#include "train/checkpoint/patch_filters.h"
#include "train/evaluation/overlap.h"
#include "train/heads/map_loss.h"

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

TEST_CASE("the map loss is the weighted cross-entropy of three linear heads, over rows that have maps") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  ParameterSet parameters = with_heads(checkpoint);
  const int64_t width = checkpoint.config().text.hidden_size;
  const int64_t tokens = 4;
  const at::Tensor before = at::randn({2, tokens, width});
  const at::Tensor after = at::randn({2, tokens, width});
  const int64_t deep = checkpoint.config().difference.embedding_dim;
  const at::Tensor change_tokens = at::randn({2, tokens, deep});
  MapTargets maps;
  for (int i = 0; i < 4 * tokens; ++i) {
    maps.before.push_back(static_cast<float>(i % 5) / 4);
    maps.after.push_back(static_cast<float>(i % 3) / 2);
  }
  for (int i = 0; i < 4 * tokens; ++i) maps.change.push_back(i % 7 == 0 ? 1.0f : 0.0f);

  const auto weight = [&](const char* name) { return test::to_floats(parameters.at(name).value); };
  const std::vector<float> cover = weight("map_head.cover.weight"), change = weight("map_head.change.weight");
  const std::vector<float> token = weight("map_head.tokens.weight"), t = test::to_floats(change_tokens[1]);
  const std::vector<float> a = test::to_floats(before[1]), b = test::to_floats(after[1]);
  double cover_sum = 0, change_sum = 0, token_sum = 0;
  for (int64_t n = 0; n < tokens; ++n) {
    const auto product = [&](const std::vector<float>& x, const std::vector<float>& w, int64_t start, int64_t size) {
      double total = 0;
      for (int64_t i = 0; i < size; ++i)
        total += static_cast<double>(x[static_cast<size_t>(n * size + i)]) * w[static_cast<size_t>(start + i)];
      return total;
    };
    const auto dot = [&](const std::vector<float>& x, const std::vector<float>& w, int64_t start) {
      return product(x, w, start, width);
    };
    for (int64_t c = 0; c < 4; ++c) {
      const auto at = static_cast<size_t>(c * tokens + n);
      cover_sum += cross_entropy(dot(a, cover, c * width), maps.before[at], 1);
      cover_sum += cross_entropy(dot(b, cover, c * width), maps.after[at], 1);
    }
    for (int64_t c = 0; c < 4; ++c) {
      const double logit = dot(a, change, c * 2 * width) + dot(b, change, (c * 2 + 1) * width);
      const double target = maps.change[static_cast<size_t>(c * tokens + n)];
      change_sum += cross_entropy(logit, target, kPositiveWeight);
      token_sum += cross_entropy(product(t, token, c * deep, deep), target, kPositiveWeight);
    }
  }
  const double expected = cover_sum / (8 * tokens) + kChangeWeight * (change_sum + token_sum) / (4 * tokens);
  // Row 0 has no maps, so the loss is row 1's. float32 sums of some hundred products: 1e-5.
  const double found = map_loss(parameters, before, after, change_tokens, {MapTargets(), maps}).item<double>();
  CHECK(std::abs(found - expected) < 1e-5 * expected);
  CHECK_FALSE(map_loss(parameters, before, after, change_tokens, {MapTargets(), MapTargets()}).defined());
}

TEST_CASE("a summary says whether anything changed and in which part of the picture which kind did") {
  MapTargets maps;
  maps.change.assign(4 * 64, 0.0f);          // a grid of 8 x 8: parts of 2 x 2 cells
  maps.change[1 * 64 + 7 * 8 + 2] = 0.5f;    // kind 1, row 7, column 2
  maps.change[3 * 64 + 0 * 8 + 7] = 0.125f;  // kind 3, row 0, column 7: half of what counts as all
  const std::vector<float> summary = summary_targets(maps);
  REQUIRE(summary.size() == 65);
  CHECK(summary[0] == 1.0f);
  for (size_t i = 1; i < summary.size(); ++i) {
    CHECK(summary[i] == (i == 1 + 1 * 16 + 3 * 4 + 1 ? 1.0f : i == 1 + 3 * 16 + 0 * 4 + 3 ? 0.5f : 0.0f));
  }
  maps.change.assign(4 * 9, 0.0f);  // 3 x 3 cells, fewer than parts: every cell is in one
  maps.change[8] = 1.0f;
  CHECK(summary_targets(maps)[1 + 2 * 4 + 2] == 1.0f);
}

TEST_CASE("the summary loss is the cross-entropy of one linear head, over positions of pairs that have maps") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  ParameterOptions layout;
  layout.heads = summary_head_shapes(checkpoint.config());
  ParameterSet parameters(checkpoint.config(), checkpoint, published_stage(3), layout);
  const auto width = static_cast<size_t>(checkpoint.config().text.hidden_size);
  const at::Tensor hidden = at::randn({3, static_cast<int64_t>(width)});
  MapTargets maps;
  maps.change.assign(4 * 16, 0.0f);
  maps.change[5] = 1.0f;
  const std::vector<float> target = summary_targets(maps);
  const std::vector<float> weight = test::to_floats(parameters.at("map_head.summary.weight").value);
  const std::vector<float> state = test::to_floats(hidden[2]);
  double flag = 0, parts = 0;
  for (size_t c = 0; c < 65; ++c) {
    double logit = 0;
    for (size_t i = 0; i < width; ++i) logit += static_cast<double>(weight[c * width + i]) * state[i];
    (c == 0 ? flag : parts) += cross_entropy(logit, target[c], 1);
  }
  const double expected = flag + kSummaryPartsWeight * parts / 64;
  // Positions 0 and 1 belong to a pair without maps.
  const double found = summary_loss(parameters, hidden, {0, 0, 1}, {MapTargets(), maps}).item<double>();
  CHECK(std::abs(found - expected) < 1e-5 * expected);
  CHECK_FALSE(summary_loss(parameters, hidden, {0, 0, 0}, {MapTargets(), maps}).defined());
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
