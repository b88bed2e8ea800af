#include "core/lean/lean_decoder.h"

#include <numeric>
#include <stdexcept>
#include <utility>

namespace ccx::lean {

DecoderInputs text_inputs(Numbers embeddings, std::int64_t width, std::int64_t first, float masked) {
  const std::size_t count = embeddings.size() / static_cast<std::size_t>(width);
  DecoderInputs inputs;
  inputs.embeddings = std::move(embeddings);
  inputs.positions.resize(count);
  std::iota(inputs.positions.begin(), inputs.positions.end(), static_cast<std::int32_t>(first));
  inputs.bias = attention_bias(static_cast<std::size_t>(first), count, masked,
                               [](std::size_t row, std::size_t column) { return column <= row; });
  inputs.asked = {static_cast<std::int32_t>(count) - 1};
  return inputs;
}

DecoderInputs token_inputs(Numbers embedding, std::int64_t past) {
  DecoderInputs inputs;
  inputs.embeddings = std::move(embedding);
  inputs.positions = {static_cast<std::int32_t>(past)};
  inputs.bias = std::make_shared<const Numbers>(static_cast<std::size_t>(past) + 1, 0.0f);
  inputs.asked = {0};
  return inputs;
}

std::vector<float> LeanDecoder::run(const DecoderInputs& inputs, std::int64_t past) {
  const auto count = static_cast<std::int64_t>(inputs.positions.size());
  const std::int64_t width = config_.hidden_size;
  if (count < 1 || static_cast<std::int64_t>(inputs.embeddings.size()) != count * width || inputs.bias == nullptr ||
      static_cast<std::int64_t>(inputs.bias->size()) != count * (past + count)) {
    throw std::invalid_argument("inputs of the language model that do not fit each other");
  }
  cache_.keep(past);
  const model::Qwen2 decoder(config_);
  model::Qwen2::Step step;
  step.embeddings = LeanOps::tokens({1, count, width}, inputs.embeddings);
  step.positions = LeanOps::tokens({1, count}, {inputs.positions.begin(), inputs.positions.end()});
  step.mask = Mask::kExplicit;
  step.explicit_mask = LeanOps::shared({count, past + count}, inputs.bias);
  step.cache = &cache_;
  step.pick = [&](const Tensor& x, int axis) { return LeanOps::picked(x, axis, inputs.asked); };
  const Tensor hidden = decoder.hidden(ops_, step);
  const std::int64_t vocabulary = weights_->tensors().shape(decoder.head().weight()).at(0);
  return LeanOps::output(decoder.logits(ops_, hidden, vocabulary));
}

}  // namespace ccx::lean
