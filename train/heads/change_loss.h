// The change head's losses: kinds of change cell by cell, whether anything changed, and what covers the ground.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "core/model/change_head.h"
#include "train/data/change_targets.h"
#include "train/data/map_targets.h"

namespace ccx::train {

// What a kind of change counts against "none" in the cells' cross-entropy, which is of the probabilities with its odds
// three times as large: the head's own then stay true (Menon et al. 2021, "Long-tail learning via logit adjustment").
inline constexpr double kKindWeight = 3.0;
// The cells' loss against the flag's.
inline constexpr double kCellsWeight = 4.0;

// kCellsWeight times the mean cross-entropy over the cells of pairs with a mask, shares of a cell being soft targets,
// plus the mean binary cross-entropy of the flag over all pairs. Where a mask knows only buildings and roads, a built
// and a removed building count as one, and all that it does not know as none. A scalar.
at::Tensor change_loss(const model::ChangeHead::Output& head, const std::vector<ChangeTargets>& targets);

// Mean binary cross-entropy of the cover of both dates, shares of a token's cell being soft targets, over the pairs
// that have maps. A scalar, undefined where none has or the head tells no cover.
at::Tensor cover_loss(const model::ChangeHead::Output& head, const std::vector<MapTargets>& targets);

// The rows of `targets` in one form, and their shares [R, channels, h, w] on `device`; undefined without any.
struct ChangeRows {
  at::Tensor rows;    // [R] int64
  at::Tensor shares;  // [R, kChangeKinds or 3, h, w]
};
ChangeRows rows_of(const std::vector<ChangeTargets>& targets, ChangeMask::Form form, int64_t height, int64_t width,
                   at::Device device);

// Probabilities of kinds [R, kChangeKinds, h, w] as those of neither, building, road: [R, 3, h, w]. With logarithms
// they stay logarithms.
at::Tensor buildings_and_roads(const at::Tensor& kinds, bool logarithms);

}  // namespace ccx::train
