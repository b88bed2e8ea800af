#include "core/model/difference.h"

#include <cmath>
#include <string>

namespace ccx::model {
namespace {

constexpr float kLayerNormEps = 1e-5f;
constexpr float kGateEps = 1e-6f;

// The four projections of one attention. Keys and values are projected apart from attending, because the change tokens
// serve as keys of both images and need projecting only once.
class Attention {
 public:
  Attention(Ops& ops, Scope scope, const DifferenceConfig& config)
      : ops_(ops), scope_(std::move(scope)), width_(config.embedding_dim) {
    spec_.heads = spec_.kv_heads = config.heads();
  }

  Tensor query(const Tensor& x) const { return project(x, "q_proj"); }
  Tensor key(const Tensor& x) const { return project(x, "k_proj"); }
  Tensor value(const Tensor& x) const { return project(x, "v_proj"); }
  Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v) const {
    return project(ops_.attention(q, k, v, spec_), "out_proj");
  }

 private:
  Tensor project(const Tensor& x, const char* name) const { return ops_.linear(x, scope_ / name, width_, Bias::kAdd); }

  Ops& ops_;
  Scope scope_;
  int width_;
  AttentionSpec spec_;
};

}  // namespace

//   4 tower levels, A and B apart, stacked on the batch axis        [4B, N, D] each
//        |
//   block 1 .. depth: change <- attends to itself, then to A, B and itself;  A, B <- attend to themselves and the
//   change
//        |
//   gate per level, weighted mean over levels, + the deepest tower features
DifferenceModule::Output DifferenceModule::operator()(Ops& ops, const std::vector<Tensor>& levels,
                                                      const Tensor& gate) const {
  std::vector<Tensor> before;
  std::vector<Tensor> after;
  for (const Tensor& level : levels) {
    const auto [a, b] = ops.split_pairs(level);  // [B, N, D]
    before.push_back(a);
    after.push_back(b);
  }
  State state{ops.concat(before, 0), ops.concat(after, 0), Tensor(), Tensor()};
  if (gate) state.gate = ops.concat(std::vector<Tensor>(levels.size(), gate), 0);
  ops.tap("cc.pe", position_code(ops));
  for (int index = 0; index < config_.depth; ++index) {
    state = block(ops, index, state);
    const std::string name = "cc.block." + std::to_string(index);
    ops.tap(name + ".imageA", state.before);
    ops.tap(name + ".imageB", state.after);
    ops.tap(name + ".change", state.change);
  }
  Output out = gate_levels(ops, state, static_cast<int>(levels.size()));
  out.before = ops.add(out.before, before.back());
  out.after = ops.add(out.after, after.back());
  if (gate) out.change = ops.mul(out.change, gate);
  ops.tap("cc.out.imageA", out.before);
  ops.tap("cc.out.imageB", out.after);
  ops.tap("cc.out.change", out.change);
  return out;
}

Tensor DifferenceModule::position_code(Ops& ops) const {
  return ops.constant("cc.pe", {1, grid_ * grid_, config_.embedding_dim},
                      [this] { return sine_position_code(grid_, config_.embedding_dim); });
}

// gates from both images decide, channel by channel, what of each enters the difference:
//   a = A * sigmoid(W [A;B]),  b = B * sigmoid(W [B;A]),  delta = P [a; b; a - b]
Tensor DifferenceModule::extract_change(Ops& ops, const Tensor& before, const Tensor& after) const {
  const Scope scope = scope_ / "expert_change_feature_extractor_model";
  const int width = config_.embedding_dim;
  const auto gated = [&](const Tensor& x, const Tensor& other) {
    return ops.mul(x, ops.sigmoid(ops.linear(ops.concat({x, other}, 2), scope / "linear_mapping", width, Bias::kAdd)));
  };
  const Tensor a = gated(before, after);
  const Tensor b = gated(after, before);
  return ops.linear(ops.concat({a, b, ops.sub(a, b)}, 2), scope / "proj", width, Bias::kAdd);
}

DifferenceModule::State DifferenceModule::block(Ops& ops, int index, const State& in) const {
  const Scope scope = scope_ / "layers" / index;
  const int width = config_.embedding_dim;
  const Tensor pe = position_code(ops);
  const auto flag = [&](const char* name) { return ops.parameter((scope / name).weight(), {1, width}); };
  const auto norm = [&](const Tensor& x, const char* name) { return ops.layer_norm(x, scope / name, kLayerNormEps); };

  Tensor delta = extract_change(ops, in.before, in.after);  // [4B, N, D]
  if (in.gate) delta = ops.mul(delta, in.gate);
  ops.tap("cc.extractor." + std::to_string(index), delta);

  // a. The change attends to itself. The first block starts from the difference alone.
  Tensor change = in.change ? ops.add(in.change, delta) : delta;
  {
    const Attention attention(ops, scope / "change_self_attn", config_);
    const Tensor placed = ops.add(change, pe);
    const Tensor mixed = attention.attend(attention.query(placed), attention.key(placed), attention.value(change));
    change = norm(ops.add(change, mixed), "norm1");
  }

  // The images as keys: marked with where a token lies and which image it is from.
  const Tensor before_key = ops.add(ops.add(in.before, pe), flag("image_a_flag_embed"));
  const Tensor after_key = ops.add(ops.add(in.after, pe), flag("image_b_flag_embed"));
  const Tensor change_flag = flag("change_flag_embed");

  // b. The change attends to both images and itself, 3N keys.
  {
    const Attention attention(ops, scope / "cross_attn_change_to_imageABC", config_);
    const Tensor placed = ops.add(ops.add(change, pe), change_flag);
    const Tensor keys = attention.key(ops.concat({before_key, after_key, placed}, 1));
    const Tensor values = attention.value(ops.concat({in.before, in.after, change}, 1));
    change = norm(ops.add(change, attention.attend(attention.query(placed), keys, values)), "norm2");
  }

  // c. MLP.
  {
    const Scope mlp = scope / "mlp";
    const Tensor up = ops.linear_gelu(change, mlp / "lin1", config_.mlp_dim, Gelu::kErf);
    change = norm(ops.add(change, ops.linear(up, mlp / "lin2", width, Bias::kAdd)), "norm3");
  }

  // d. Each image attends to itself and the change, 2N keys. The residual is the marked image: position and flag stay
  // in
  //    the features and add up over the blocks, as in the reference.
  const Attention attention(ops, scope / "cross_attn_imageAB_to_change", config_);
  const Tensor placed = ops.add(ops.add(change, pe), change_flag);
  const Tensor images = ops.concat({before_key, after_key}, 0);  // [8B, N, D]
  const Tensor change_k = attention.key(placed);
  const Tensor change_v = attention.value(change);
  const Tensor keys = ops.concat({attention.key(images), ops.concat({change_k, change_k}, 0)}, 1);
  const Tensor values =
      ops.concat({attention.value(ops.concat({in.before, in.after}, 0)), ops.concat({change_v, change_v}, 0)}, 1);
  const Tensor mixed = ops.add(images, attention.attend(attention.query(images), keys, values));
  const std::vector<Tensor> halves = ops.chunk(mixed, 2, 0);
  return {halves[0], halves[1], change, in.gate};
}

// One weight a level and pair: w = sigmoid(MLP(mean over tokens of [A; B; change])); features are averaged with them.
DifferenceModule::Output DifferenceModule::gate_levels(Ops& ops, const State& state, int levels) const {
  const Scope scope = scope_ / "ChangeAwareTokenReduce.feature_map_level_gate";
  const std::vector<Tensor> before = ops.chunk(state.before, levels, 0);
  const std::vector<Tensor> after = ops.chunk(state.after, levels, 0);
  const std::vector<Tensor> change = ops.chunk(state.change, levels, 0);
  Output sum;
  Tensor weight_sum;
  for (int s = 0; s < levels; ++s) {
    const auto i = static_cast<size_t>(s);
    const Tensor pooled = ops.concat({ops.mean(before[i], 1), ops.mean(after[i], 1), ops.mean(change[i], 1)}, 2);
    const Tensor hidden = ops.linear_gelu(pooled, scope / 0, config_.embedding_dim, Gelu::kErf);
    const Tensor weight = ops.sigmoid(ops.linear(hidden, scope / 2, 1, Bias::kAdd));  // [B, 1, 1]
    if (ops.listening()) {
      ops.tap("cc.gate_input." + std::to_string(s), ops.squeeze(pooled, 1));
      ops.tap("cc.gate." + std::to_string(s), ops.squeeze(weight, 1));
    }
    const auto accumulate = [&](Tensor& total, const Tensor& x) {
      const Tensor weighted = ops.mul(x, weight);
      total = total ? ops.add(total, weighted) : weighted;
    };
    accumulate(sum.before, before[i]);
    accumulate(sum.after, after[i]);
    accumulate(sum.change, change[i]);
    weight_sum = weight_sum ? ops.add(weight_sum, weight) : weight;
  }
  const Tensor divisor = ops.add_scalar(weight_sum, kGateEps);
  return {ops.div(sum.before, divisor), ops.div(sum.after, divisor), ops.div(sum.change, divisor)};
}

std::vector<float> sine_position_code(int grid, int width) {
  const int channels = width / 2;  // an axis
  const float scale = 2.0f * 3.14159265358979323846f;
  // [grid][channels] of one axis; the other has the same values.
  std::vector<float> axis(static_cast<size_t>(grid) * channels);
  for (int k = 0; k < grid; ++k) {
    const float position = (static_cast<float>(k + 1) - 0.5f) / (static_cast<float>(grid) + 1e-6f) * scale;
    for (int c = 0; c < channels; ++c) {
      const float exponent = static_cast<float>(c - c % 2) / static_cast<float>(channels);
      const float angle = position / std::pow(10000.0f, exponent);
      axis[static_cast<size_t>(k) * channels + c] = c % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
  std::vector<float> code;
  code.reserve(static_cast<size_t>(grid) * grid * width);
  for (int y = 0; y < grid; ++y) {
    for (int x = 0; x < grid; ++x) {
      code.insert(code.end(), axis.begin() + static_cast<ptrdiff_t>(y) * channels,
                  axis.begin() + static_cast<ptrdiff_t>(y + 1) * channels);
      code.insert(code.end(), axis.begin() + static_cast<ptrdiff_t>(x) * channels,
                  axis.begin() + static_cast<ptrdiff_t>(x + 1) * channels);
    }
  }
  return code;
}

}  // namespace ccx::model
