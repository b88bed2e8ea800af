#include "core/lean/lean_decoder.h"

#include <stdexcept>

namespace ccx::lean {

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
