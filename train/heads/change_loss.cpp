#include "train/heads/change_loss.h"

#include <cmath>

#include "core/scenes/maps.h"
#include "core/torch/torch_ops.h"
#include "train/heads/copied.h"
#include "train/heads/map_loss.h"

namespace ccx::train {

using torch_backend::unwrap;

namespace {

// Mean over cells of -sum over channels of weight * share * log probability; summed over rows.
at::Tensor cells_loss(const at::Tensor& log_probabilities, const at::Tensor& shares) {
  at::Tensor weight = at::full({shares.size(1)}, kKindWeight, shares.options());
  weight[0] = 1.0;
  const double cells = static_cast<double>(shares.size(2) * shares.size(3));
  return -(log_probabilities * (shares * weight.view({1, -1, 1, 1}))).sum() / cells;
}

// Where a kind counts w times, learning ends at w times its odds. So learning sees them w times as large: what the head
// says is then the probability itself.
at::Tensor weighted_odds(const at::Tensor& logits) {
  at::Tensor shift = at::zeros({1, logits.size(1), 1, 1}, logits.options());
  shift.select(1, 0).fill_(-std::log(kKindWeight));
  return logits + shift;
}

}  // namespace

ChangeRows rows_of(const std::vector<ChangeTargets>& targets, ChangeMask::Form form, int64_t height, int64_t width,
                   at::Device device) {
  std::vector<int64_t> rows;
  std::vector<float> shares;
  for (size_t row = 0; row < targets.size(); ++row) {
    if (targets[row].form != form) continue;
    rows.push_back(static_cast<int64_t>(row));
    shares.insert(shares.end(), targets[row].shares.begin(), targets[row].shares.end());
  }
  if (rows.empty()) return {};
  const auto count = static_cast<int64_t>(rows.size());
  const int64_t channels = static_cast<int64_t>(shares.size()) / (count * height * width);
  return {copied(rows, {count}, device), copied(shares, {count, channels, height, width}, device)};
}

at::Tensor buildings_and_roads(const at::Tensor& kinds, bool logarithms) {
  const auto channel = [&](ChangeKind kind) { return kinds.narrow(1, static_cast<int64_t>(kind), 1); };
  const at::Tensor building = at::cat({channel(ChangeKind::kBuildingBuilt), channel(ChangeKind::kBuildingRemoved)}, 1);
  const at::Tensor neither = at::cat({channel(ChangeKind::kNone), channel(ChangeKind::kVegetationLost),
                                      channel(ChangeKind::kWater), channel(ChangeKind::kOther)},
                                     1);
  const auto together = [&](const at::Tensor& x) { return logarithms ? x.logsumexp({1}, true) : x.sum({1}, true); };
  return at::cat({together(neither), together(building), channel(ChangeKind::kRoad)}, 1);
}

at::Tensor change_loss(const model::ChangeHead::Output& head, const std::vector<ChangeTargets>& targets) {
  const at::Tensor logits = unwrap(head.kinds).to(at::kFloat).contiguous();
  const at::Tensor flags = unwrap(head.flag).to(at::kFloat).squeeze(1);
  const at::Device device = logits.device();
  std::vector<float> changed;
  for (const ChangeTargets& target : targets) changed.push_back(target.changed ? 1.0f : 0.0f);
  at::Tensor loss =
      at::binary_cross_entropy_with_logits(flags, copied(changed, {static_cast<int64_t>(changed.size())}, device));

  const at::Tensor log_probabilities = at::log_softmax(weighted_odds(logits), 1);
  at::Tensor cells;
  int64_t rows = 0;
  for (const auto form : {ChangeMask::Form::kKinds, ChangeMask::Form::kBuildingsAndRoads}) {
    const ChangeRows known = rows_of(targets, form, logits.size(2), logits.size(3), device);
    if (!known.rows.defined()) continue;
    const at::Tensor read =
        known.rows.size(0) == logits.size(0) ? log_probabilities : log_probabilities.index_select(0, known.rows);
    const at::Tensor sum = cells_loss(
        form == ChangeMask::Form::kKinds ? read : buildings_and_roads(read, /*logarithms=*/true), known.shares);
    cells = cells.defined() ? cells + sum : sum;
    rows += known.rows.size(0);
  }
  return cells.defined() ? loss + cells * (kCellsWeight / static_cast<double>(rows)) : loss;
}

at::Tensor cover_loss(const model::ChangeHead::Output& head, const std::vector<MapTargets>& targets) {
  static_assert(model::kGroundCovers == scenes::kCovers);
  if (!head.cover) return {};
  const at::Tensor logits = unwrap(head.cover).to(at::kFloat);  // [B, N, 2 covers]
  const CoverRows known = cover_rows(targets, logits.size(1), logits.device());
  if (!known.rows.defined()) return {};
  return at::binary_cross_entropy_with_logits(logits.index_select(0, known.rows),
                                              known.shares.flatten(1, 2).transpose(1, 2));
}

}  // namespace ccx::train
