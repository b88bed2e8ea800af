// Whether a caption says that nothing changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx {

// Lower-case, full stops removed, runs of spaces made one and those at the ends dropped: "The scene is the same as
// before ." and "the scene is the same as before" are one sentence.
std::string normalise_sentence(std::string_view sentence);

// What LEVIR-CC says of pairs in which nothing changed, as models trained on it write it: "there is no difference .",
// ...
const std::vector<std::string>& levir_cc_no_change_sentences();

// True where a caption reads as if nothing changed, whatever its words: "no changes are observed". For a remark to
// people, never for a decision.
bool sounds_like_no_change(std::string_view caption);

// True if the caption equals one of the sentences after normalisation.
bool is_no_change(std::string_view caption, const std::vector<std::string>& no_change_sentences);

}  // namespace ccx
