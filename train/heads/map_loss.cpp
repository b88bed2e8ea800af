#include "train/heads/map_loss.h"

#include <algorithm>
#include <cmath>

#include "core/scenes/maps.h"
#include "train/heads/copied.h"

namespace ccx::train {
namespace {

constexpr const char* kCoverHead = "map_head.cover";
constexpr const char* kChangeHead = "map_head.change";
constexpr const char* kTokensHead = "map_head.tokens";
constexpr const char* kSummaryHead = "map_head.summary";
constexpr int64_t kSummaryParts = scenes::kChangeCovers * kSummaryCells * kSummaryCells;

at::Tensor head(ParameterSet& parameters, const char* name, const at::Tensor& x, int64_t channels) {
  const at::Tensor weight = parameters.get(std::string(name) + ".weight", {channels, x.size(-1)});
  const at::Tensor bias = parameters.get(std::string(name) + ".bias", {channels});
  return at::linear(x, weight, bias).to(at::kFloat);
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& target, double positive_weight) {
  const at::Tensor weight = at::full({1}, positive_weight, logits.options());
  return at::binary_cross_entropy_with_logits(logits, target, {}, weight);
}

}  // namespace

std::map<std::string, Shape> map_head_shapes(const model::ModelConfig& config) {
  const int64_t width = config.text.hidden_size;
  return {{std::string(kCoverHead) + ".weight", {scenes::kCovers, width}},
          {std::string(kCoverHead) + ".bias", {scenes::kCovers}},
          {std::string(kChangeHead) + ".weight", {scenes::kChangeCovers, 2 * width}},
          {std::string(kChangeHead) + ".bias", {scenes::kChangeCovers}},
          {std::string(kTokensHead) + ".weight", {scenes::kChangeCovers, config.difference.embedding_dim}},
          {std::string(kTokensHead) + ".bias", {scenes::kChangeCovers}}};
}

CoverRows cover_rows(const std::vector<MapTargets>& targets, int64_t tokens, at::Device device) {
  std::vector<int64_t> rows;
  std::vector<float> shares;
  for (size_t row = 0; row < targets.size(); ++row) {
    const MapTargets& maps = targets[row];
    if (maps.empty()) continue;
    rows.push_back(static_cast<int64_t>(row));
    shares.insert(shares.end(), maps.before.begin(), maps.before.end());
    shares.insert(shares.end(), maps.after.begin(), maps.after.end());
  }
  if (rows.empty()) return {};
  const auto count = static_cast<int64_t>(rows.size());
  return {copied(rows, {count}, device), copied(shares, {count, 2, scenes::kCovers, tokens}, device)};
}

std::pair<MapReadings, MapReadings> read_maps(ParameterSet& parameters, const at::Tensor& before,
                                              const at::Tensor& after, const at::Tensor& change_tokens,
                                              const std::vector<MapTargets>& targets) {
  const int64_t tokens = before.size(1);
  const at::Device device = before.device();
  const CoverRows known = cover_rows(targets, tokens, device);
  if (!known.rows.defined()) return {};
  std::vector<float> change;
  for (const MapTargets& maps : targets) change.insert(change.end(), maps.change.begin(), maps.change.end());
  // [R, 2, C, N] and [R, C, N] to channels last, as the heads give them.
  const at::Tensor cover_target = known.shares.transpose(2, 3);
  const at::Tensor change_target =
      copied(change, {known.rows.size(0), scenes::kChangeCovers, tokens}, device).transpose(1, 2);

  const at::Tensor a = before.index_select(0, known.rows);
  const at::Tensor b = after.index_select(0, known.rows);
  const at::Tensor cover_logits = head(parameters, kCoverHead, at::stack({a, b}, 1), scenes::kCovers);
  const at::Tensor change_logits = head(parameters, kChangeHead, at::cat({a, b}, 2), scenes::kChangeCovers);
  const at::Tensor token_logits =
      head(parameters, kTokensHead, change_tokens.index_select(0, known.rows), scenes::kChangeCovers);
  return {{cover_logits, change_logits, token_logits}, {cover_target, change_target, change_target}};
}

at::Tensor map_loss(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                    const at::Tensor& change, const std::vector<MapTargets>& targets) {
  const auto [read, truth] = read_maps(parameters, before, after, change, targets);
  if (!read.cover.defined()) return {};
  return cross_entropy(read.cover, truth.cover, 1.0) +
         kChangeWeight * (cross_entropy(read.change, truth.change, kPositiveWeight) +
                          cross_entropy(read.tokens, truth.tokens, kPositiveWeight));
}

std::map<std::string, Shape> summary_head_shapes(const model::ModelConfig& config) {
  return {{std::string(kSummaryHead) + ".weight", {1 + kSummaryParts, config.text.hidden_size}},
          {std::string(kSummaryHead) + ".bias", {1 + kSummaryParts}}};
}

std::vector<float> summary_targets(const MapTargets& maps) {
  const auto cells = static_cast<int64_t>(maps.change.size()) / scenes::kChangeCovers;
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(cells))));
  std::vector<float> summary(static_cast<size_t>(1 + kSummaryParts), 0.0f);
  for (int64_t kind = 0; kind < scenes::kChangeCovers; ++kind) {
    for (int64_t y = 0; y < side; ++y) {
      for (int64_t x = 0; x < side; ++x) {
        const float share = std::min(1.0f, 4.0f * maps.change[static_cast<size_t>(kind * cells + y * side + x)]);
        const int64_t at = (kind * kSummaryCells + y * kSummaryCells / side) * kSummaryCells + x * kSummaryCells / side;
        summary[static_cast<size_t>(1 + at)] = std::max(summary[static_cast<size_t>(1 + at)], share);
        if (share > 0) summary[0] = 1.0f;
      }
    }
  }
  return summary;
}

at::Tensor summary_loss(ParameterSet& parameters, const at::Tensor& hidden, const std::vector<int64_t>& rows,
                        const std::vector<MapTargets>& targets) {
  std::vector<float> summaries;  // a pair's has one row, which all of its positions share
  for (const MapTargets& maps : targets) {
    const std::vector<float> summary =
        maps.empty() ? std::vector<float>(static_cast<size_t>(1 + kSummaryParts)) : summary_targets(maps);
    summaries.insert(summaries.end(), summary.begin(), summary.end());
  }
  std::vector<int64_t> positions, pairs;  // those that have maps
  for (size_t i = 0; i < rows.size(); ++i) {
    if (targets[static_cast<size_t>(rows[i])].empty()) continue;
    positions.push_back(static_cast<int64_t>(i));
    pairs.push_back(rows[i]);
  }
  if (positions.empty()) return {};
  const at::Device device = hidden.device();
  const auto count = static_cast<int64_t>(positions.size());
  const at::Tensor target = copied(summaries, {static_cast<int64_t>(targets.size()), 1 + kSummaryParts}, device)
                                .index_select(0, copied(pairs, {count}, device));
  const at::Tensor asked = hidden.index_select(0, copied(positions, {count}, device));
  const at::Tensor logits = head(parameters, kSummaryHead, asked, 1 + kSummaryParts);
  return cross_entropy(logits.narrow(1, 0, 1), target.narrow(1, 0, 1), 1.0) +
         kSummaryPartsWeight *
             cross_entropy(logits.narrow(1, 1, kSummaryParts), target.narrow(1, 1, kSummaryParts), 1.0);
}

}  // namespace ccx::train
