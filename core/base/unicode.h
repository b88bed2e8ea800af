// What the tokenizer asks of the Unicode character database, as Hugging Face's tokenizers 0.23 answers it: classes of
// Unicode 16, normalisation of an older version (docs/tokenizer.md). Tables of our own, so that no system library
// decides.
#pragma once

#include <string>
#include <string_view>

namespace ccx {

// \p{L}, \p{N}, White_Space, and everything else.
enum class CharacterClass : unsigned char { kLetter, kNumber, kSpace, kOther };

CharacterClass character_class(char32_t code_point);

// Normalization form C. Bytes that are not UTF-8 become U+FFFD where the text holds anything that changes.
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

}  // namespace ccx
