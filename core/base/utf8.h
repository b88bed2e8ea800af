// UTF-8: decoding that never fails, and what to do with bytes that are not UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccx {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct CodePoint {
  char32_t value;      // kReplacementCharacter where the bytes are not UTF-8
  std::size_t length;  // bytes taken, at least 1
  bool valid;
};

// The code point that starts at text[at]; `at` must be inside the text. Of a malformed sequence the longest part that
// could have begun a character is taken as one replacement character (Unicode 14, section 3.9, "maximal subpart"),
// which is what Python's errors="replace" and Rust's from_utf8_lossy do.
CodePoint code_point_at(std::string_view text, std::size_t at);

void append_utf8(std::string& out, char32_t code_point);  // a raw byte (below) as that byte

// Text as code points and back, where bytes that are not UTF-8 survive the trip: byte b of no character is the code
// point kRawByte + b, beyond Unicode's last one.
inline constexpr char32_t kRawByte = 0x110000;
constexpr bool is_raw_byte(char32_t c) {
  return c >= kRawByte;
}
// The code point or raw byte that starts at text[at], which must lie inside the text; `at` moves behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view code_points);

// The text itself if it is UTF-8, else with U+FFFD in place of what is not.
std::string replace_invalid_utf8(std::string_view text);

bool is_ascii(std::string_view text);

// The number of bytes at the end of the text, 0 to 3, that begin a character which more bytes could complete.
std::size_t incomplete_utf8_suffix(std::string_view text);

}  // namespace ccx
