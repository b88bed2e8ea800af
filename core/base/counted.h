// A number and what is counted, for messages: "1 pair", "2 pairs".
#pragma once

#include <cstddef>
#include <string>

namespace ccx {

// `one` is a word whose plural ends in s.
inline std::string counted(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace ccx
