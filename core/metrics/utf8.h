// UTF-8 to code points and back. A byte that is not UTF-8 survives the trip as a code point of its own.
#pragma once

#include <string>
#include <string_view>

namespace ccx::metrics {

// Bytes 0x80..0xFF that belong to no UTF-8 sequence become kRawByte + byte, beyond Unicode's last code point.
constexpr char32_t kRawByte = 0x110000;
constexpr bool is_raw_byte(char32_t c) {
  return c >= kRawByte;
}

// The code point that starts at text[at], which must lie inside the text; `at` moves behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);

std::u32string decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);
std::string encode_utf8(std::u32string_view code_points);

}  // namespace ccx::metrics
