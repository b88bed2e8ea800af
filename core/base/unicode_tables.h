// The tables of unicode.cpp, written by scripts/make_unicode_tables.py. Private to core/text.
#pragma once

#include <array>
#include <cstdint>

namespace ccx {

// Runs of code points of one CharacterClass, ascending: the first code point << 2 | the class.
extern const std::array<std::uint32_t, 1610> kClassRuns;

// Runs of code points of one canonical combining class, ascending: the first code point << 8 | the class.
extern const std::array<std::uint32_t, 499> kCombiningRuns;

// Canonical decompositions, one step each, ascending; Hangul syllables follow a rule and are not here. Three numbers a
// row: the code point, the first part, and the second or 0. Bit 31 of the first part: the parts are not composed again.
extern const std::array<std::uint32_t, 6180> kDecompositions;

}  // namespace ccx
