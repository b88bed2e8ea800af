// Whether a caption says that nothing changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::text {

// Lower-case, full stops removed, runs of spaces made one and those at the ends dropped: "The scene is the same as
// before ." and "the scene is the same as before" are one sentence.
std::string normalise_sentence(std::string_view sentence);

// True if the caption equals one of the sentences after normalisation.
bool is_no_change(std::string_view caption, const std::vector<std::string>& no_change_sentences);

}  // namespace ccx::text
