// Words one after the other, as messages name them.
#pragma once

#include <string>

namespace ccx {

// The texts of a range with `separator` between them.
template <typename Texts>
std::string joined_text(const Texts& texts, const char* separator) {
  std::string out;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) out += separator;
    out += text;
    first = false;
  }
  return out;
}

}  // namespace ccx
