// The graph with trainable parameters: batches of pairs with captions in, the loss out.
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/ccexpert.h"
#include "train/data/batch.h"
#include "train/heads/change_loss.h"
#include "train/heads/map_loss.h"
#include "train/model/ops.h"
#include "train/optimise/parameters.h"

namespace ccx::train {

// Where a batch's tokens and targets stand once the images' tokens are in place and short rows are padded on the right.
struct Packed {
  int64_t length = 0;                 // L, with visual tokens
  std::vector<int64_t> before_first;  // [T1], the same in every row
  std::vector<int64_t> between;       // [T2]
  std::vector<int64_t> after;         // [B * T3], padded with pad_id
  std::vector<int64_t> labels;        // [B * L], kIgnoredLabel where there is no target
  std::vector<int64_t> positions;     // of logits that predict a target, into [B * L]
  std::vector<int64_t> targets;       // their targets: labels shifted by one
};

// visual: N, tokens an image. Throws InputError when rows differ before their answer (another prompt), or when a row is
// longer than `limit` positions.
Packed pack(const std::vector<text::TrainingSample>& samples, int64_t visual, int64_t pad_id, int64_t limit = 4096);

struct LossWeights {
  double captions = 1;
  double maps = 0;     // train/heads/map_loss.h
  double summary = 0;  // the same, of the language model's states; needs captions
  double changes = 0;  // train/heads/change_loss.h; needs a change head
};

class TrainModel {
 public:
  TrainModel(const model::ModelConfig& config, ParameterSet& parameters, int64_t pad_id, bool checkpointing,
             const LossWeights& weights = {})
      : graph_(config),
        parameters_(parameters),
        ops_(parameters, parameters.options().device, parameters.options().dtype, checkpointing),
        pad_id_(pad_id),
        weights_(weights) {}

  // The weighted sum of the captions' loss, the mean cross-entropy over all targets of the micro-batch, and of the two
  // losses on maps (train/heads/map_loss.h): a scalar with its graph. Call backward() on it. Throws InputError where no
  // loss has a weight and a target, as on real pairs with --caption-weight 0.
  at::Tensor loss(const Batch& batch);
  // The losses on maps in the last loss, unweighted and added, as a scalar on the device; undefined where there were
  // none.
  const at::Tensor& last_map_loss() const { return last_map_loss_; }
  // The change head's loss in the last loss, likewise.
  const at::Tensor& last_change_loss() const { return last_change_loss_; }
  // What the model sees of pairs: pixels as in Batch.
  model::CCExpert::Vision see(const std::vector<float>& pixels);
  // What the change head reads off them. Nothing beyond it is computed.
  model::ChangeHead::Output read_changes(const std::vector<float>& pixels);
  // What the heads of the map loss read off what was seen, and what they should (train/heads/map_loss.h).
  std::pair<MapReadings, MapReadings> read_maps(const model::CCExpert::Vision& vision,
                                                const std::vector<MapTargets>& targets);
  // [B, L, H] as the language model gets it. For tests.
  at::Tensor embeddings(const Batch& batch, const Packed& packed);

  const model::CCExpert& graph() const { return graph_; }
  TrainOps& ops() { return ops_; }

 private:
  std::vector<Tensor> features(const std::vector<float>& pixels);
  at::Tensor embeddings(const model::CCExpert::Vision& vision, const Batch& batch, const Packed& packed);
  at::Tensor language_loss(const model::CCExpert::Vision& vision, const Batch& batch);
  void note_map_loss(const at::Tensor& loss);

  model::CCExpert graph_;
  ParameterSet& parameters_;
  TrainOps ops_;
  int64_t pad_id_;
  LossWeights weights_;
  at::Tensor last_map_loss_;
  at::Tensor last_change_loss_;
};

}  // namespace ccx::train
