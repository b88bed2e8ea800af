#include "core/generate/language_model.h"

#include <optional>
#include <utility>

#include "core/base/error.h"

namespace ccx::generate {

Captions write_captions(LanguageModel& model, std::vector<float> prompt_logits, std::span<const float> flags,
                        const GenerationConfig& config, std::int64_t vocabulary, std::span<const std::uint64_t> keys,
                        const ChangeRule& rule, bool opinions_wanted) {
  Captions result;
  Generator generator(config, vocabulary, keys);
  const auto columns = static_cast<std::size_t>(model.columns());
  if (opinions_wanted || rule.decides()) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::vector<float> said =
          rule.no_change().empty() ? std::vector<float>() : model.score(i, rule.no_change());
      const std::optional<double> flag = flags.empty() ? std::nullopt : std::optional<double>(flags[i]);
      const ChangeOpinion opinion =
          rule.judge(std::span(prompt_logits).subspan(i * columns, columns), said, vocabulary, flag);
      if (opinion.unchanged) generator.give(i, rule.no_change().sentences()[opinion.likeliest]);
      result.opinions.push_back(opinion);
    }
  }
  std::vector<float> logits = std::move(prompt_logits);
  for (Step next = generator.step(logits); !generator.done(); next = generator.step(logits)) logits = model.step(next);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Sequence& sequence = generator.sequence(i);
    if (sequence.finish == FinishReason::kInvalidLogits) {
      throw Error("the model gave no usable logits: " + sequence.error);
    }
    result.sequences.push_back(sequence);
  }
  return result;
}

}  // namespace ccx::generate
