#include "core/generate/language_model.h"

#include <optional>
#include <utility>

#include "core/generate/caption_writer.h"

namespace ccx::generate {

Captions write_captions(LanguageModel& model, std::vector<float> prompt_logits, std::span<const float> flags,
                        const GenerationConfig& config, std::int64_t vocabulary, std::span<const std::uint64_t> keys,
                        const ChangeRule& rule, bool opinions_wanted) {
  Captions result;
  CaptionWriter writer(config, vocabulary, keys, rule);
  const auto columns = static_cast<std::size_t>(model.columns());
  if (opinions_wanted || rule.decides()) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::vector<float> said =
          rule.no_change().empty() ? std::vector<float>() : model.score(i, rule.no_change());
      const std::optional<double> flag = flags.empty() ? std::nullopt : std::optional<double>(flags[i]);
      result.opinions.push_back(writer.judge(i, std::span(prompt_logits).subspan(i * columns, columns), said, flag));
    }
  }
  std::vector<float> logits = std::move(prompt_logits);
  for (Step next = writer.step(logits); !writer.done(); next = writer.step(logits)) logits = model.step(next);
  for (std::size_t i = 0; i < keys.size(); ++i) result.sequences.push_back(writer.sequence(i));
  return result;
}

}  // namespace ccx::generate
