// The change head: reads the tower's maps of both images and draws what changed where, pixel by pixel.
//
//   level maps A, B  --[A, B, |A - B|], 1x1--> lateral --+--> coarse to fine, doubling and adding, 3x3 --> finest map F
//                                                           F --1x1--> logits of kinds;  pooled F, kinds --> flag logit
//
// It tells the language model what it found, a token's cell at a time, through layers that start at zero: a head added
// to a checkpoint changes no caption until it is trained.
#pragma once

#include <vector>

#include "core/base/change_kinds.h"
#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

// Channels of the head's map.
inline constexpr int kChangeKinds = kChangeKindCount;
// What may cover the ground: buildings; roads and parking lots; trees; bare earth between them.
inline constexpr int kGroundCovers = 4;

class ChangeHead {
 public:
  struct Output {
    Tensor kinds;   // [B, kChangeKinds, h, w] logits, on the finest level's grid
    Tensor shares;  // the same as probabilities, which sum to 1 over the kinds
    Tensor flag;    // [B, 1] logit that anything changed
    // [B, N, D] to be added to the features of the image before and of the one after; empty where the head feeds none.
    // One tensor where it does not tell the cover.
    Tensor before, after;
    Tensor cover;  // [B, N, 2 kGroundCovers] logits: shares of a token's cell before, then after; empty without
    Tensor gate;   // [B, N, 1] cells_changed() where it is fed, else empty
  };

  // `grid` tokens a side of `width` each.
  ChangeHead(const ChangeHeadConfig& config, int grid, int width, Scope scope)
      : config_(config), grid_(grid), width_(width), scope_(std::move(scope)) {}

  // maps: [2B, C, h, w] each, from fine to coarse, each as large as the one before or half of it. The finest has
  // `grid` rows and columns or a multiple of them.
  Output operator()(Ops& ops, const std::vector<Tensor>& maps) const;

  // [B, N, 1] from Output::shares: the probability that the strongest place of a token's cell changed.
  static Tensor cells_changed(Ops& ops, const Tensor& shares, int grid);

 private:
  Tensor lateral(Ops& ops, const Tensor& map, int level) const;
  Tensor finest(Ops& ops, const std::vector<Tensor>& maps) const;
  Tensor token_context(Ops& ops, const Tensor& cell_features, const Tensor& shares, const Tensor& strongest,
                       const Tensor& summary) const;
  Tensor entering(Ops& ops, const Tensor& x) const;
  void tell_cover(Ops& ops, const Tensor& cell_features, Output& out) const;

  ChangeHeadConfig config_;
  int grid_;
  int width_;
  Scope scope_;
};

}  // namespace ccx::model
