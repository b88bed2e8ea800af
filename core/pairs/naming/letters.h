// Latin letters beyond ASCII as names have them: in small ones, and without their accents. No file system.
#pragma once

#include <string>
#include <string_view>

#include "core/base/ascii.h"

namespace ccx::pairs {

// Whether a byte of UTF-8 begins a letter of Latin-1 or one of the two blocks behind it.
inline bool is_latin_lead(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0xC3 && value <= 0xC9;
}

// Whether a byte is of a letter or a digit, of any language.
constexpr bool is_part_of_word(char c) {
  return ascii::is_digit(c) || ascii::is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// In small letters, of the same length: those of ASCII, Latin-1 and Latin Extended-A.
std::string small_letters(std::string_view text);

// Small letters of western and central Europe without their accents: "fevrier" of "février". Others stay.
std::string without_accents(std::string_view small);

}  // namespace ccx::pairs
