// A small language model, a run of new positions at a time. Its keys and values stay here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "core/lean/lean_cache.h"
#include "core/lean/lean_ops.h"
#include "core/model/qwen2.h"

namespace ccx::lean {

// What an exported decoder (docs/export.md) is fed, but for the cache. T new positions behind P that are in the cache.
struct DecoderInputs {
  Numbers embeddings;                   // [1, T, hidden_size]
  std::vector<std::int32_t> positions;  // [1, T]
  std::shared_ptr<const Numbers> bias;  // [T, P + T], added to the attention scores
  std::vector<std::int32_t> asked;      // of which of the T positions logits are wanted
};

// The bias of T new positions, which all see the P before them, and of each other those that `sees(row, column)` says:
// 0, or `masked` where one is not seen.
template <class Sees>
std::shared_ptr<const Numbers> attention_bias(std::size_t past, std::size_t tokens, float masked, Sees sees) {
  auto made = std::make_shared<Numbers>(tokens * (past + tokens), 0.0f);
  Numbers& bias = *made;
  for (std::size_t row = 0; row < tokens; ++row) {
    float* to = bias.data() + row * (past + tokens) + past;
    for (std::size_t column = 0; column < tokens; ++column) {
      if (!sees(row, column)) to[column] = masked;
    }
  }
  return made;
}

// A piece of text from position `first` on, each of whose positions sees those before it; logits of its last.
DecoderInputs text_inputs(Numbers embeddings, std::int64_t width, std::int64_t first, float masked);
// Several pieces of text at once behind a prompt of `past` positions, at `positions`, which see the prompt and of each
// other what `sees(row, column)` says; logits of all.
template <class Sees>
DecoderInputs packed_inputs(Numbers embeddings, const std::vector<std::int64_t>& positions, std::int64_t past,
                            float masked, Sees sees) {
  DecoderInputs inputs;
  inputs.embeddings = std::move(embeddings);
  inputs.positions.assign(positions.begin(), positions.end());
  inputs.bias = attention_bias(static_cast<std::size_t>(past), positions.size(), masked, sees);
  inputs.asked.resize(positions.size());
  std::iota(inputs.asked.begin(), inputs.asked.end(), 0);
  return inputs;
}
// One token more behind `past` positions.
DecoderInputs token_inputs(Numbers embedding, std::int64_t past);

class LeanDecoder {
 public:
  // Of a model that LeanOps::can_speak(). Weights are read when they are first needed.
  LeanDecoder(const model::TextConfig& config, std::shared_ptr<LeanWeights> weights)
      : config_(config), weights_(std::move(weights)), ops_(weights_), cache_(config.num_hidden_layers) {}

  // Logits [asked, rows of the table of tokens] of new positions behind the first `past` of those that it has read
  // before; what it knows of others is forgotten. Throws std::invalid_argument for inputs that do not fit.
  std::vector<float> run(const DecoderInputs& inputs, std::int64_t past);

  // What it has read, for those that keep several texts at a time.
  LeanCache take_cache() { return std::move(cache_); }
  void set_cache(LeanCache cache) { cache_ = std::move(cache); }

 private:
  model::TextConfig config_;
  std::shared_ptr<LeanWeights> weights_;
  LeanOps ops_;
  LeanCache cache_;
};

}  // namespace ccx::lean
