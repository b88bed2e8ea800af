// OnnxOps: attention in the forms that suit a runtime, and the rotary position embedding.
#include <cmath>
#include <stdexcept>

#include "core/onnx/onnx_ops.h"
#include "core/onnx/onnx_value.h"

namespace ccx::onnx {
namespace {

const std::vector<int64_t> kHeadsFirst = {0, 2, 1, 3};  // [B, T, heads, d] <-> [B, heads, T, d]

}  // namespace

Tensor OnnxOps::attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) {
  if (spec.mask == Mask::kCausal) throw std::logic_error("OnnxOps: a causal mask must be given as an explicit one");
  const Heads heads{spec.heads, spec.kv_heads, q.size(-1) / spec.heads};
  const std::string mask = spec.mask == Mask::kExplicit ? value_of(spec.explicit_mask).name : "";
  const Value& query = value_of(q);
  const auto [all_k, all_v] = spec.with_earlier(k, v);
  const Value& key = value_of(all_k);
  const Value& value = value_of(all_v);
  const bool plain = mask.empty() && key.past.past.empty() && spec.heads == spec.kv_heads;
  const bool small = plain && q.size(1) != kDynamic && k.size(1) != kDynamic &&
                     4 * spec.heads * q.size(1) * k.size(1) <= dialect_.small_scores_bytes;
  std::string mixed;
  if (dialect_.attention == AttentionForm::kDecomposed || small) {
    mixed = attention_decomposed(query, key, value, heads, mask);
  } else if (plain) {
    mixed = emit("MultiHeadAttention", {query.name, key.name, value.name},
                 {{"num_heads", static_cast<int64_t>(spec.heads)}}, kContrib);
  } else {
    mixed = attention_standard(query, key, value, heads, mask);
  }
  return make(mixed, q.shape());
}

std::string OnnxOps::attention_standard(const Value& q, const Value& k, const Value& v, const Heads& heads,
                                        const std::string& mask) {
  const bool cached = !k.past.past.empty();
  std::vector<std::string> inputs = {q.name, k.name, v.name};
  if (!mask.empty() || cached) inputs.push_back(mask);
  if (cached) inputs.insert(inputs.end(), {k.past.past, v.past.past});
  const std::vector<std::string> outputs = graph_.add_node(
      emitter_.here() + "/Attention", "Attention", inputs,
      {{"q_num_heads", static_cast<int64_t>(heads.heads)}, {"kv_num_heads", static_cast<int64_t>(heads.kv_heads)}},
      cached ? 3 : 1);
  if (cached) {
    graph_.rename_output(outputs[1], k.past.present);
    graph_.rename_output(outputs[2], v.past.present);
  }
  return outputs[0];
}

std::string OnnxOps::split_heads(const Value& x, int heads, int64_t width) {
  const std::string split = emitter_.reshape(x.name, {0, 0, heads, width});
  return emit("Transpose", {split}, {{"perm", kHeadsFirst}});
}

std::string OnnxOps::attention_decomposed(const Value& q, const Value& k, const Value& v, const Heads& heads,
                                          const std::string& mask) {
  // [B, T, kv_heads * d] -> [B, heads, S, d]: with the past before it, and each head repeated for the queries sharing
  // it.
  const auto all_heads = [&](const Value& x) {
    std::string value = split_heads(x, heads.kv_heads, heads.width);
    if (!x.past.past.empty()) {
      const std::string joined = emit("Concat", {x.past.past, value}, {{"axis", int64_t{2}}});
      graph_.rename_output(joined, x.past.present);
      value = x.past.present;
    }
    const int64_t group = heads.heads / heads.kv_heads;
    if (group == 1) return value;
    const std::string lifted = emit("Unsqueeze", {value, graph_.integers({2})});
    const std::string repeated = emit("Expand", {lifted, graph_.integers({1, 1, group, 1, 1})});
    return emitter_.reshape(repeated, {0, heads.heads, -1, heads.width});
  };
  const float scale = 1.0f / std::sqrt(static_cast<float>(heads.width));
  const std::string query = emit("Mul", {split_heads(q, heads.heads, heads.width), weights_.scalar(scale)});
  const std::string key = emit("Transpose", {all_heads(k)}, {{"perm", std::vector<int64_t>{0, 1, 3, 2}}});
  std::string scores = emit("MatMul", {query, key});  // [B, heads, T, S]
  if (!mask.empty()) scores = emit("Add", {scores, mask});
  const std::string seen = emit("Softmax", {scores}, {{"axis", int64_t{-1}}});
  const std::string mixed = emit("MatMul", {seen, all_heads(v)});
  const std::string tokens_first = emit("Transpose", {mixed}, {{"perm", kHeadsFirst}});
  return emitter_.reshape(tokens_first, {0, 0, heads.heads * heads.width});
}

// cos and sin of position / theta^(2i / d), [B, T, d / 2], computed where the graph runs: no table, no longest
// position. Once for all layers that ask for the same positions.
std::pair<std::string, std::string> OnnxOps::rotary_tables(const std::string& positions, int64_t width, float theta) {
  auto& tables = rotary_tables_[positions];
  if (!tables.first.empty()) return tables;
  std::vector<float> frequencies;
  for (int64_t i = 0; i < width; i += 2) {
    frequencies.push_back(1.0f / std::pow(theta, static_cast<float>(i) / static_cast<float>(width)));
  }
  const std::string inverse = "rotary/inv_freq";
  if (!graph_.has_initializer(inverse)) {
    graph_.add_initializer(inverse, ElementType::kFloat, {1, 1, width / 2},
                           std::string(reinterpret_cast<const char*>(frequencies.data()), frequencies.size() * 4));
  }
  const Emitter::Under named(emitter_, "rotary");
  const std::string numbers = emit("Unsqueeze", {emitter_.cast(positions, ElementType::kFloat), graph_.integers({-1})});
  const std::string angles = emit("Mul", {numbers, inverse});
  const auto table = [&](const char* op) { return emit(op, {angles}); };
  const std::string cosine = table("Cos");
  tables = {cosine, table("Sin")};
  return tables;
}

Tensor OnnxOps::rotary(const Tensor& x, const Tensor& positions, int heads, float theta) {
  const int64_t width = x.size(-1) / heads;
  const auto [cosine, sine] = rotary_tables(value_of(positions).name, width, theta);
  const std::string& value = value_of(x).name;
  if (dialect_.fused_rotary_and_norm) {
    return make(emit("RotaryEmbedding", {value, cosine, sine}, {{"num_heads", static_cast<int64_t>(heads)}}),
                x.shape());
  }
  // (a, b) -> (a cos - b sin, b cos + a sin), the halves a and b of every head.
  const auto per_head = [&](const std::string& table) { return emit("Unsqueeze", {table, graph_.integers({2})}); };
  const std::string c = per_head(cosine);  // [B, T, 1, d / 2]
  const std::string s = per_head(sine);
  const std::string split = emitter_.reshape(value, {0, 0, heads, width});
  const std::vector<std::string> halves = graph_.add_node(emitter_.here() + "/Split", "Split", {split},
                                                          {{"axis", int64_t{-1}}, {"num_outputs", int64_t{2}}}, 2);
  const std::string left = emit("Sub", {emit("Mul", {halves[0], c}), emit("Mul", {halves[1], s})});
  const std::string right = emit("Add", {emit("Mul", {halves[1], c}), emit("Mul", {halves[0], s})});
  const std::string turned = emit("Concat", {left, right}, {{"axis", int64_t{-1}}});
  return make(emitter_.reshape(turned, {0, 0, heads * width}), x.shape());
}

}  // namespace ccx::onnx
