#include "wasm/language.h"

#include <stdexcept>
#include <string>

namespace ccx::wasm {

Language::Language(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read)
    : config_(model::ModelConfig::from_json(config, "config.json")),
      tensors_(graph, as_texts(read)),
      can_speak_(lean::LeanOps::can_speak(config_, tensors_)),
      ops_(tensors_),
      cache_(config_.text.num_hidden_layers) {}

std::vector<float> Language::run(const DecoderInputs& inputs, std::int64_t past) {
  const auto count = static_cast<std::int64_t>(inputs.positions.size());
  const std::int64_t width = config_.text.hidden_size;
  if (count < 1 || static_cast<std::int64_t>(inputs.embeddings.size()) != count * width ||
      static_cast<std::int64_t>(inputs.bias.size()) != count * (past + count)) {
    throw std::invalid_argument("inputs of the language model that do not fit each other");
  }
  cache_.keep(past);
  const model::Qwen2 decoder(config_.text);
  model::Qwen2::Step step;
  step.embeddings = lean::LeanOps::tokens({1, count, width}, inputs.embeddings);
  step.positions = lean::LeanOps::tokens({1, count}, {inputs.positions.begin(), inputs.positions.end()});
  step.mask = Mask::kExplicit;
  step.explicit_mask = lean::LeanOps::tokens({count, past + count}, inputs.bias);
  step.cache = &cache_;
  step.pick = [&](const Tensor& x, int axis) { return lean::LeanOps::picked(x, axis, inputs.asked); };
  const Tensor hidden = decoder.hidden(ops_, step);
  const std::int64_t vocabulary = tensors_.shape(decoder.head().weight()).at(0);
  return lean::LeanOps::output(decoder.logits(ops_, hidden, vocabulary));
}

}  // namespace ccx::wasm
