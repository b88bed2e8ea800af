// An auxiliary loss on maps: what covers the ground at each date and what changed, read off the visual tokens by two
// linear heads. Captions alone say little about where; maps say it for every token. The heads exist while training only.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/model/config.h"
#include "train/data/map_targets.h"
#include "train/parameters.h"

namespace ccx::train {

// The heads' names and shapes: cover [kCovers, H] read from a token of either date, change [kChangeCovers, 2H] from
// the two tokens of a place, each with a bias.
std::map<std::string, Shape> map_head_shapes(const model::ModelConfig& config);

// R rows with targets on the grid of N tokens, channels last. As read by the heads: logits; as targets: shares.
struct MapReadings {
  at::Tensor cover;   // [R, 2, N, kCovers], undefined where no row has targets
  at::Tensor change;  // [R, N, kChangeCovers]
};

// What the heads read and what they should, of the rows that have targets. before, after: [B, N, H] tokens as the
// language model gets them.
std::pair<MapReadings, MapReadings> read_maps(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                                              const std::vector<MapTargets>& targets);

// Mean binary cross-entropy of the cover, plus kChangeWeight times that of the change, whose few positive cells
// count kPositiveWeight times. A scalar, undefined where no row has targets.
inline constexpr double kPositiveWeight = 3.0;
inline constexpr double kChangeWeight = 4.0;
at::Tensor map_loss(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                    const std::vector<MapTargets>& targets);

}  // namespace ccx::train
