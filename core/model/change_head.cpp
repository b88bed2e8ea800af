#include "core/model/change_head.h"

namespace ccx::model {

ChangeHead::Output ChangeHead::operator()(Ops& ops, const std::vector<Tensor>& maps) const {
  Output out;
  const Tensor features = finest(ops, maps);  // [B, K, h, w]
  out.kinds = ops.conv2d(features, scope_ / "kinds", {.out = kChangeKinds});
  ops.tap("change.kinds", out.kinds);
  out.shares = ops.softmax(out.kinds, 1);
  const Tensor& shares = out.shares;

  // Whether anything changed: from means and maxima over the picture.
  const Tensor feature_tokens = ops.to_tokens(features);
  const Tensor share_tokens = ops.to_tokens(shares);
  const Tensor summary = ops.concat({ops.mean(share_tokens, 1), ops.max(share_tokens, 1)}, 2);  // [B, 1, 14]
  const Tensor pooled = ops.concat({ops.mean(feature_tokens, 1), ops.max(feature_tokens, 1), summary}, 2);
  const Tensor hidden = ops.linear_gelu(pooled, scope_ / "flag.0", config_.channels, Gelu::kErf);
  const Tensor flag = ops.linear(hidden, scope_ / "flag.2", 1, Bias::kAdd);  // [B, 1, 1]
  out.flag = ops.squeeze(flag, 2);
  ops.tap("change.flag", out.flag);

  const int64_t cell = shares.size(2) / grid_;
  const Tensor strongest = ops.to_tokens(ops.max_pool(shares, cell));  // [B, N, 7]
  Tensor cell_features;                                                // [B, N, K]
  if (config_.cover || (config_.feeds_context() && !config_.stands_instead())) {
    cell_features = ops.to_tokens(ops.average_pool(features, cell));
  }
  if (config_.feeds_context()) {
    const Tensor told = ops.concat({summary, ops.sigmoid(flag)}, 2);  // [B, 1, 15]
    out.before = out.after = token_context(ops, cell_features, shares, strongest, told);
    ops.tap("change.context", out.before);
  }
  if (config_.cover) tell_cover(ops, cell_features, out);
  if (config_.feeds_gate()) {
    out.gate = cells_changed(ops, shares, grid_);
    if (!config_.context_gradient) out.gate = ops.stop_gradient(out.gate);
    ops.tap("change.gate", out.gate);
  }
  return out;
}

// 1 - the smallest share of "none" would need a minimum; the largest of 1 - "none" is the same.
Tensor ChangeHead::cells_changed(Ops& ops, const Tensor& shares, int grid) {
  const Tensor none = ops.slice(shares, 1, 0, 1);
  const Tensor some = ops.sub(ops.constant("one", {1}, [] { return std::vector<float>{1.0f}; }), none);
  return ops.to_tokens(ops.max_pool(some, shares.size(2) / grid));
}

Tensor ChangeHead::lateral(Ops& ops, const Tensor& map, int level) const {
  const auto [before, after] = ops.split_pairs(map);
  const Tensor seen = ops.concat({before, after, ops.abs(ops.sub(before, after))}, 1);
  return ops.conv2d(seen, scope_ / "lateral" / level, {.out = config_.channels});
}

Tensor ChangeHead::finest(Ops& ops, const std::vector<Tensor>& maps) const {
  const int last = static_cast<int>(maps.size()) - 1;
  Tensor x = ops.relu(lateral(ops, maps.back(), last));
  for (int level = last - 1; level >= 0; --level) {
    const Tensor& map = maps[static_cast<size_t>(level)];
    if (x.size(2) < map.size(2)) x = ops.upsample(x);
    x = ops.relu(ops.add(lateral(ops, map, level), x));
    x = ops.conv2d(x, scope_ / "merge" / level,
                   {.out = config_.channels,
                    .kernel = 3,
                    .top = 1,
                    .left = 1,
                    .bottom = 1,
                    .right = 1,
                    .activation = Activation::kRelu});
  }
  return x;
}

// A cell's mean and largest share of each kind, and its mean features, through one layer; what the whole picture says
// through another.
Tensor ChangeHead::token_context(Ops& ops, const Tensor& cell_features, const Tensor& shares, const Tensor& strongest,
                                 const Tensor& summary) const {
  const int64_t cell = shares.size(2) / grid_;
  std::vector<Tensor> told = {ops.to_tokens(ops.average_pool(shares, cell)), strongest};
  // Features know how a picture looks, and what is learnt of drawn pictures by their looks does not hold for real ones.
  if (!config_.stands_instead()) told.push_back(cell_features);
  const Tensor cells = ops.concat(told, 2);  // [B, N, 14 or 14 + K]
  const Tensor local = ops.linear(entering(ops, cells), scope_ / "context", width_, Bias::kAdd);
  return ops.add(local, ops.linear(entering(ops, summary), scope_ / "summary", width_, Bias::kAdd));
}

// In training, what goes to the language model: its gradients stop here unless they are wanted.
Tensor ChangeHead::entering(Ops& ops, const Tensor& x) const {
  return config_.context_gradient ? x : ops.stop_gradient(x);
}

// Each date's cover goes to that date's image, through one layer for both.
void ChangeHead::tell_cover(Ops& ops, const Tensor& cell_features, Output& out) const {
  out.cover = ops.linear(cell_features, scope_ / "cover", 2 * kGroundCovers, Bias::kAdd);
  ops.tap("change.cover", out.cover);
  if (!config_.feeds_context()) return;
  const std::vector<Tensor> dates = ops.chunk(entering(ops, ops.sigmoid(out.cover)), 2, 2);
  const auto told = [&](const Tensor& shares) {
    return ops.linear(shares, scope_ / "cover_context", width_, Bias::kNone);
  };
  out.before = ops.add(out.before, told(dates[0]));
  out.after = ops.add(out.after, told(dates[1]));
}

}  // namespace ccx::model
