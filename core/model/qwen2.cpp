#include "core/model/qwen2.h"

#include <string>

namespace ccx::model {

Tensor Qwen2::embed(Ops& ops, const Tensor& ids) const {
  return ops.embedding(ids, Scope("model.embed_tokens"), config_.vocab_size, config_.hidden_size);
}

Tensor Qwen2::hidden(Ops& ops, const Step& step) const {
  Tensor x = step.embeddings;
  const int last = config_.num_hidden_layers - 1;
  for (int layer = 0; layer <= last; ++layer) {
    ops.tap("lm.hidden." + std::to_string(layer), x);
    const bool is_last = layer == last;
    x = ops.segment(
        [this, &ops, layer, step, is_last](const Tensor& in) { return block(ops, layer, in, step, is_last); }, x);
  }
  x = ops.rms_norm(x, Scope("model.norm"), config_.rms_norm_eps);
  ops.tap("lm.hidden." + std::to_string(last + 1), x);
  return x;
}

//   x + o(Attn(rope(q), rope(k), v)) of RMSNorm(x), then x + down(silu(gate) * up) of RMSNorm(x)
// In the last block every position gives keys and values, but only those ask whose hidden states are wanted: of a
// prompt the last one.
Tensor Qwen2::block(Ops& ops, int layer, const Tensor& x, const Step& step, bool last_block) const {
  const Scope scope = Scope("model.layers") / layer;
  const Scope attn = scope / "self_attn";
  const Scope mlp = scope / "mlp";
  const int width = config_.hidden_size;
  const int kv_width = config_.num_key_value_heads * config_.head_dim();

  const auto wanted = [&](const Tensor& t, int axis) {
    if (!last_block) return t;
    if (step.pick) return step.pick(t, axis);
    return step.last_only ? ops.slice(t, axis, -1, 1) : t;
  };
  const Tensor normed = ops.rms_norm(x, scope / "input_layernorm", config_.rms_norm_eps);
  const Ops::Branch ask{attn / "q_proj", width, Bias::kAdd};
  const std::vector<Ops::Branch> tell = {{attn / "k_proj", kv_width, Bias::kAdd},
                                         {attn / "v_proj", kv_width, Bias::kAdd}};
  Tensor q, k, v;
  if (last_block && (step.pick || step.last_only)) {
    q = ops.linear(wanted(normed, 1), ask.scope, ask.out, ask.bias);
    const std::vector<Tensor> told = ops.branches(normed, tell);
    k = told[0], v = told[1];
  } else {
    const std::vector<Tensor> all = ops.branches(normed, {ask, tell[0], tell[1]});
    q = all[0], k = all[1], v = all[2];
  }
  q = ops.rotary(q, wanted(step.positions, 1), config_.num_attention_heads, config_.rope_theta);
  k = ops.rotary(k, step.positions, config_.num_key_value_heads, config_.rope_theta);

  AttentionSpec spec;
  spec.heads = config_.num_attention_heads;
  spec.kv_heads = config_.num_key_value_heads;
  spec.cache = step.cache;
  spec.layer = layer;
  // The last position sees all keys. A causal mask cannot say what picked ones see: they come with an explicit one.
  spec.mask = last_block && step.last_only ? Mask::kNone : step.mask;
  if (step.mask == Mask::kExplicit) spec.explicit_mask = wanted(step.explicit_mask, 0);
  const Tensor mixed = ops.linear(ops.attention(q, k, v, spec), attn / "o_proj", width, Bias::kNone);
  const Tensor attended = ops.add(wanted(x, 1), mixed);

  const Tensor normed2 = ops.rms_norm(attended, scope / "post_attention_layernorm", config_.rms_norm_eps);
  const std::vector<Tensor> both = ops.branches(normed2, {{mlp / "gate_proj", config_.intermediate_size, Bias::kNone},
                                                          {mlp / "up_proj", config_.intermediate_size, Bias::kNone}});
  return ops.add(attended, ops.linear(ops.gated(both[0], both[1]), mlp / "down_proj", width, Bias::kNone));
}

Scope Qwen2::head() const {
  return Scope(config_.tie_word_embeddings ? "model.embed_tokens" : "lm_head");
}

Tensor Qwen2::logits(Ops& ops, const Tensor& hidden, int64_t vocabulary) const {
  return ops.to_float32(ops.linear(hidden, head(), config_.vocab_size, Bias::kNone, vocabulary));
}

}  // namespace ccx::model
