#include "core/model/siglip.h"

#include <string>

namespace ccx::model {

//   pixels --patches--> + position --> block 1 --> ... --> block K      hidden_states[k] = after block k
//   block: x + Attn(LN1 x), then x + MLP(LN2 x)
std::vector<Tensor> SiglipTower::hidden_states(Ops& ops, const Tensor& pixels) const {
  std::vector<Tensor> states = {embeddings(ops, pixels)};  // [P, N, D]
  ops.tap("vit.hidden.0", states[0]);
  for (int layer = 0; layer < config_.needed_layers(); ++layer) {
    const Scope scope = scope_ / "encoder.layers" / layer;
    states.push_back(ops.segment([this, &ops, scope](const Tensor& x) { return block(ops, x, scope); }, states.back()));
    ops.tap("vit.hidden." + std::to_string(layer + 1), states.back());
  }
  std::vector<Tensor> selected;
  for (int index : config_.select_layers) selected.push_back(states[static_cast<size_t>(index)]);
  return selected;
}

void SiglipTower::unused_tail(Ops& ops, const Tensor& last_needed) const {
  Tensor x = last_needed;
  for (int layer = config_.needed_layers(); layer < config_.num_hidden_layers; ++layer) {
    x = block(ops, x, scope_ / "encoder.layers" / layer);
    ops.tap("vit.hidden." + std::to_string(layer + 1), x);
  }
  ops.tap("vit.post_layernorm", ops.layer_norm(x, scope_ / "post_layernorm", config_.layer_norm_eps));
}

Tensor SiglipTower::embeddings(Ops& ops, const Tensor& pixels) const {
  const Scope scope = scope_ / "embeddings";
  const Tensor patches =
      ops.patch_embedding(pixels, scope / "patch_embedding", config_.patch_size, config_.hidden_size);
  const Tensor position =
      ops.parameter((scope / "position_embedding").weight(), {config_.tokens(), config_.hidden_size});
  return ops.add(patches, position);
}

Tensor SiglipTower::block(Ops& ops, const Tensor& x, const Scope& scope) const {
  const int width = config_.hidden_size;
  const Scope attn = scope / "self_attn";
  const Scope mlp = scope / "mlp";
  AttentionSpec spec;
  spec.heads = spec.kv_heads = config_.num_attention_heads;

  const Tensor normed = ops.layer_norm(x, scope / "layer_norm1", config_.layer_norm_eps);
  const Tensor q = ops.linear(normed, attn / "q_proj", width, Bias::kAdd);
  const Tensor k = ops.linear(normed, attn / "k_proj", width, Bias::kAdd);
  const Tensor v = ops.linear(normed, attn / "v_proj", width, Bias::kAdd);
  const Tensor mixed = ops.linear(ops.attention(q, k, v, spec), attn / "out_proj", width, Bias::kAdd);
  const Tensor attended = ops.add(x, mixed);

  const Tensor normed2 = ops.layer_norm(attended, scope / "layer_norm2", config_.layer_norm_eps);
  const Tensor up = ops.linear_gelu(normed2, mlp / "fc1", config_.intermediate_size, Gelu::kTanh);
  return ops.add(attended, ops.linear(up, mlp / "fc2", width, Bias::kAdd));
}

}  // namespace ccx::model
