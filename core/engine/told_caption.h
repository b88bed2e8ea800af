// From what was generated and thought of a pair to the caption that an engine tells.
#pragma once

#include <string>
#include <vector>

#include "core/base/no_change.h"
#include "core/engine/engine.h"
#include "core/generate/change_rule.h"
#include "core/generate/search.h"
#include "core/text/tokenizer.h"

namespace ccx::engine {

// Text, tokens and whether it tells of a change: `opinion`: null where the pair was not judged; no_change_sentences:
// what says that nothing changed. Of a caption so far, too.
inline void set_words(Caption& caption, const generate::Sequence& sequence, const generate::ChangeOpinion* opinion,
                      const text::Tokenizer& tokenizer, const std::vector<std::string>& no_change_sentences) {
  caption.ids = sequence.ids;
  caption.logprobs.assign(sequence.log_probabilities.begin(), sequence.log_probabilities.end());
  caption.text = tokenizer.decode(sequence.ids, /*skip_special_tokens=*/true);
  caption.changed = !(opinion && opinion->unchanged) && !is_no_change(caption.text, no_change_sentences);
}

inline void set_probabilities(Caption& caption, const generate::ChangeOpinion& opinion) {
  caption.p_change = static_cast<float>(opinion.p_change);
  if (!opinion.flag) return;
  caption.language_p_change = static_cast<float>(opinion.language);
  caption.change_logit = static_cast<float>(*opinion.flag);
}

}  // namespace ccx::engine
