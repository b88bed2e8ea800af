// What the tokenizer asks of the Unicode character database. The native build answers from utf8proc
// (unicode_utf8proc.cpp); another platform supplies the same two functions.
#pragma once

#include <string>
#include <string_view>

namespace ccx::text {

// \p{L}, \p{N}, White_Space, and everything else.
enum class CharacterClass : unsigned char { kLetter, kNumber, kSpace, kOther };

CharacterClass character_class(char32_t code_point);

// Normalization form C. The text must be valid UTF-8.
std::string nfc(std::string_view text);

inline bool is_letter(char32_t code_point) {
  return character_class(code_point) == CharacterClass::kLetter;
}
inline bool is_number(char32_t code_point) {
  return character_class(code_point) == CharacterClass::kNumber;
}
inline bool is_space(char32_t code_point) {
  return character_class(code_point) == CharacterClass::kSpace;
}

// White_Space, the same in every Unicode version since 6.3: for the platforms' implementations of character_class.
constexpr bool has_white_space_property(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace ccx::text
