// The byte-level alphabet of GPT-2: every byte has a printable character, so that a vocabulary is readable text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccx::text {

// The character that stands for a byte: the byte itself where Latin-1 prints it, else U+0100 and up in byte order.
char32_t byte_to_character(unsigned char byte);

// The bytes that a vocabulary entry stands for; nothing if one of its characters is outside the alphabet.
std::optional<std::string> bytes_of_token(std::string_view token);

}  // namespace ccx::text
