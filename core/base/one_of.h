// Whether a word is one of a table's.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ccx {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace ccx
