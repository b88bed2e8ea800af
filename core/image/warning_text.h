// What the messages of a pair's warnings are made of.
#pragma once

#include <cstdio>
#include <string>

namespace ccx::image {

// By printf's rules; short.
template <typename... Values>
std::string text(const char* format, Values... values) {
  char buffer[192];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

// "the before image", "the after image" or "both images" of the dates that are concerned.
inline std::string which(bool before, bool after) {
  return before && after ? "both images" : before ? "the before image" : "the after image";
}

}  // namespace ccx::image
