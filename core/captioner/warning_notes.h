// The warnings of a run in words.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ccx::captioner {

// What a person should know of the pairs read, a line for each code: "2 pairs show the same, moved (shifted)".
std::vector<std::string> warning_notes(const std::map<std::string, std::size_t>& warnings, std::size_t aligned);

}  // namespace ccx::captioner
