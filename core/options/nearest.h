// The word that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::options {

// The candidate with the fewest letters inserted, left out, changed or swapped with their neighbour, if a third of the
// word's length (at least one) is enough, or that begins with the word, or, of an option, ends with its words
// (--image-format for --format); empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ccx::options
