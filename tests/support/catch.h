// Catch2 2 (Debian 12) and 3 (Debian 13) differ in their headers and names; this is the one shim.
#pragma once

#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
namespace ccx::test {
inline auto contains(const std::string& text) {
  return Catch::Matchers::ContainsSubstring(text);
}
}  // namespace ccx::test
#else
#include <catch2/catch.hpp>
namespace ccx::test {
inline auto contains(const std::string& text) {
  return Catch::Contains(text);
}
}  // namespace ccx::test
#endif
