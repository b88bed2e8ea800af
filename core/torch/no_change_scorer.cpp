#include "core/torch/no_change_scorer.h"

#include <limits>
#include <set>

namespace ccx::torch_backend {

NoChangeScorer::NoChangeScorer(const std::vector<std::vector<int64_t>>& sentences, std::vector<int64_t> eos_ids)
    : eos_ids_(std::move(eos_ids)) {
  const std::set<std::vector<int64_t>> distinct(sentences.begin(), sentences.end());
  for (const std::vector<int64_t>& sentence : distinct) {
    if (sentence.empty()) continue;
    for (size_t i = 0; i < sentence.size(); ++i) {
      ids_.push_back(sentence[i]);
      offsets_.push_back(static_cast<int64_t>(i));
      owner_.push_back(static_cast<int64_t>(sentences_.size()));
    }
    sentences_.push_back(sentence);
  }
}

generate::SentenceScore NoChangeScorer::score(TorchModel& model, TorchKvCache& cache,
                                              const std::vector<float>& first_logits, int64_t vocabulary) const {
  if (sentences_.empty()) return {};
  const int64_t prompt = cache.length();
  const int64_t count = tokens();
  std::vector<int64_t> positions;
  for (int64_t offset : offsets_) positions.push_back(prompt + offset);
  std::vector<float> mask(static_cast<size_t>(count * (prompt + count)), 0.0f);
  for (int64_t row = 0; row < count; ++row) {
    for (int64_t column = 0; column < count; ++column) {
      const bool seen = column <= row && owner_[static_cast<size_t>(column)] == owner_[static_cast<size_t>(row)];
      if (!seen) {
        mask[static_cast<size_t>(row * (prompt + count) + prompt + column)] = -std::numeric_limits<float>::infinity();
      }
    }
  }
  TorchOps& ops = model.ops();
  const model::Qwen2& language = model.graph().language();
  model::Qwen2::Step step;
  step.embeddings = language.embed(ops, ops.from_ints(ids_, {1, count}));
  step.positions = ops.from_ints(positions, {1, count});
  step.mask = Mask::kExplicit;
  step.explicit_mask = ops.from_floats(mask.data(), {count, prompt + count});
  step.cache = &cache;
  const at::Tensor logits = unwrap(language.logits(ops, language.hidden(ops, step), vocabulary))[0];  // [count, V]
  const at::Tensor log_probabilities = at::log_softmax(logits, -1).to(at::kCPU);
  const auto at_position = log_probabilities.accessor<float, 2>();

  return generate::score_sentences(sentences_, eos_ids_, vocabulary, first_logits, [&](size_t row, int64_t token) {
    return static_cast<double>(at_position[static_cast<int64_t>(row)][token]);
  });
}

}  // namespace ccx::torch_backend
