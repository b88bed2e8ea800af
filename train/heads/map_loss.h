// An auxiliary loss on maps: what covers the ground at each date and what changed, read off the visual tokens by two
// linear heads. Captions alone say little about where; maps say it for every token. The heads exist while training
// only.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/model/config.h"
#include "train/data/map_targets.h"
#include "train/optimise/parameters.h"

namespace ccx::train {

// The heads' names and shapes: cover [kCovers, H] read from a token of either date, change [kChangeCovers, 2H] from
// the two tokens of a place, tokens [kChangeCovers, D] from the difference module's change token there, each with a
// bias. The last one is what keeps the change tokens about changes: what else is learnt reaches them only through the
// images' attention, which can do without them.
std::map<std::string, Shape> map_head_shapes(const model::ModelConfig& config);

// The rows of `targets` that have maps, and what covers the ground there: undefined without any.
struct CoverRows {
  at::Tensor rows;    // [R] int64
  at::Tensor shares;  // [R, 2, kCovers, N], before and after
};
CoverRows cover_rows(const std::vector<MapTargets>& targets, int64_t tokens, at::Device device);

// R rows with targets on the grid of N tokens, channels last. As read by the heads: logits; as targets: shares.
struct MapReadings {
  at::Tensor cover;   // [R, 2, N, kCovers], undefined where no row has targets
  at::Tensor change;  // [R, N, kChangeCovers]
  at::Tensor tokens;  // [R, N, kChangeCovers], read off the change tokens; of targets the same as `change`
};

// What the heads read and what they should, of the rows that have targets. before, after: [B, N, H] tokens as the
// language model gets them; change: [B, N, D].
std::pair<MapReadings, MapReadings> read_maps(ParameterSet& parameters, const at::Tensor& before,
                                              const at::Tensor& after, const at::Tensor& change,
                                              const std::vector<MapTargets>& targets);

// Mean binary cross-entropy of the cover, plus kChangeWeight times that of the change and of the change tokens, whose
// few positive cells count kPositiveWeight times. A scalar, undefined where no row has targets.
inline constexpr double kPositiveWeight = 3.0;
inline constexpr double kChangeWeight = 4.0;
at::Tensor map_loss(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                    const at::Tensor& change, const std::vector<MapTargets>& targets);

// The same facts asked of the language model, where it is about to say a word: whether anything changed, and which
// kinds of change lie in which of kSummaryCells x kSummaryCells parts of the picture. It teaches the attention of the
// answer to gather from all the visual tokens what a caption needs, which the captions' loss alone teaches slowly: of a
// caption's ten or twenty tokens one depends on whether anything changed.
inline constexpr int kSummaryCells = 4;
// Cross-entropy of "changed" plus this many times the mean over the parts and kinds.
inline constexpr double kSummaryPartsWeight = 8.0;

// The head [1 + kChangeCovers * kSummaryCells^2, H] with a bias.
std::map<std::string, Shape> summary_head_shapes(const model::ModelConfig& config);

// [1 + kChangeCovers * kSummaryCells^2] of one pair, 0..1: "changed", then [kind][row][column] parts, 1 where a quarter
// of a token's cell or more changed in it. `maps` must not be empty.
std::vector<float> summary_targets(const MapTargets& maps);

// Mean over positions. hidden: [T, H] states of the language model; rows: T, the pair that each belongs to. Positions
// of pairs without maps are left out. A scalar, undefined where none is left.
at::Tensor summary_loss(ParameterSet& parameters, const at::Tensor& hidden, const std::vector<int64_t>& rows,
                        const std::vector<MapTargets>& targets);

}  // namespace ccx::train
