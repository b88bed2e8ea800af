#include "core/generate/caption_writer.h"

#include <algorithm>
#include <stdexcept>

#include "core/base/error.h"

namespace ccx::generate {

CaptionWriter::CaptionWriter(const GenerationConfig& config, std::int64_t vocabulary,
                             std::span<const std::uint64_t> keys, const ChangeRule& rule)
    : rule_(rule), vocabulary_(vocabulary), generator_(config, vocabulary, keys), opinions_(keys.size()) {}

const ChangeOpinion& CaptionWriter::judge(std::size_t caption, std::span<const float> prompt_logits,
                                          std::span<const float> log_probabilities, std::optional<double> flag) {
  const ChangeOpinion opinion = rule_.judge(prompt_logits, log_probabilities, vocabulary_, flag);
  if (opinion.unchanged) generator_.give(caption, rule_.no_change().sentences()[opinion.likeliest]);
  return opinions_[caption].emplace(opinion);
}

Step CaptionWriter::step(std::span<const float> logits) {
  if (generator_.done()) throw std::logic_error("these captions are finished");
  const bool judged = std::all_of(opinions_.begin(), opinions_.end(), [](const auto& o) { return o.has_value(); });
  if (rule_.decides() && !judged) throw std::logic_error("this model's captions begin with a judgement of each");
  Step next = generator_.step(logits);
  for (std::size_t i = 0; i < opinions_.size(); ++i) {
    if (sequence(i).finish != FinishReason::kInvalidLogits) continue;
    throw Error("the model gave no usable logits: " + sequence(i).error);
  }
  return next;
}

}  // namespace ccx::generate
