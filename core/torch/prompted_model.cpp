#include "core/torch/prompted_model.h"

#include <limits>
#include <numeric>

namespace ccx::torch_backend {

Tensor embed_prompt(const model::CCExpert& graph, TorchOps& ops, const text::Prompt& prompt,
                    const model::CCExpert::Vision& vision) {
  const int64_t pairs = vision.before.size(0);
  const auto embed = [&](const std::vector<int64_t>& ids) {
    const Tensor one = graph.language().embed(ops, ops.from_ints(ids, {1, static_cast<int64_t>(ids.size())}));
    return pairs == 1 ? one : wrap(unwrap(one).expand({pairs, -1, -1}));
  };
  return graph.join(ops, {embed(prompt.before_first), embed(prompt.between), embed(prompt.after)}, vision);
}

Tensor positions(TorchOps& ops, int64_t start, int64_t count) {
  std::vector<int64_t> values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), start);
  return ops.from_ints(values, {1, count});
}

TorchKvCache make_cache(const model::ModelConfig& config, const TorchOps& ops, int64_t rows, int64_t capacity) {
  const model::TextConfig& text = config.text;
  return {text.num_hidden_layers, rows, text.num_key_value_heads, capacity, text.head_dim(), ops};
}

PromptedModel::PromptedModel(const model::CCExpert& graph, TorchOps& ops, int64_t vocabulary, int64_t rows,
                             int64_t capacity)
    : graph_(graph), ops_(ops), vocabulary_(vocabulary), cache_(make_cache(graph.config(), ops, rows, capacity)) {}

std::vector<float> PromptedModel::prefill(const Tensor& embeddings, int64_t first) {
  return ops_.to_host(run(embeddings, first, /*last_only=*/true));
}

Tensor PromptedModel::prefill_all(const Tensor& embeddings) {
  return run(embeddings, 0, /*last_only=*/false);
}

Tensor PromptedModel::run(const Tensor& embeddings, int64_t first, bool last_only) {
  prompt_length_ = embeddings.size(1);
  cache_.set_length(0);
  cache_.select(first, embeddings.size(0));
  model::Qwen2::Step step;
  step.embeddings = embeddings;
  step.positions = positions(ops_, 0, prompt_length_);
  step.cache = &cache_;
  step.last_only = last_only;
  const model::Qwen2& language = graph_.language();
  const Tensor logits = language.logits(ops_, language.hidden(ops_, step), vocabulary_);
  cache_.advance(prompt_length_);
  return logits;
}

std::vector<float> PromptedModel::score(std::size_t caption, const generate::PackedSentences& sentences) {
  // The prompt's columns are seen by all. What is written behind the prompt is overwritten by the next run.
  const int64_t prompt = prompt_length_, count = static_cast<int64_t>(sentences.tokens());
  std::vector<float> mask(static_cast<size_t>(count * (prompt + count)), 0.0f);
  for (int64_t row = 0; row < count; ++row) {
    for (int64_t column = 0; column < count; ++column) {
      if (sentences.sees(static_cast<size_t>(row), static_cast<size_t>(column))) continue;
      mask[static_cast<size_t>(row * (prompt + count) + prompt + column)] = -std::numeric_limits<float>::infinity();
    }
  }
  const model::Qwen2& language = graph_.language();
  cache_.select(static_cast<int64_t>(caption), 1);
  model::Qwen2::Step step;
  step.embeddings = language.embed(ops_, ops_.from_ints(sentences.ids(), {1, count}));
  step.positions = ops_.from_ints(sentences.positions(prompt), {1, count});
  step.mask = Mask::kExplicit;
  step.explicit_mask = ops_.from_floats(mask.data(), {count, prompt + count});
  step.cache = &cache_;
  const at::Tensor logits = unwrap(language.logits(ops_, language.hidden(ops_, step), vocabulary_));
  return ops_.to_host(wrap(at::log_softmax(logits, -1, at::kFloat)));  // 16 bits would round small probabilities
}

std::vector<float> PromptedModel::step(const generate::Step& next) {
  const auto rows = static_cast<int64_t>(next.tokens.size());
  const model::Qwen2& language = graph_.language();
  cache_.reorder(next.parents);
  model::Qwen2::Step step;
  step.embeddings = language.embed(ops_, ops_.from_ints(next.tokens, {rows, 1}));
  step.positions = positions(ops_, cache_.length(), 1);
  step.cache = &cache_;
  std::vector<float> logits = ops_.to_host(language.logits(ops_, language.hidden(ops_, step), vocabulary_));
  cache_.advance(1);
  return logits;
}

}  // namespace ccx::torch_backend
