// UTF-8 decoding with replacement.
#include "core/base/utf8.h"

#include <algorithm>

namespace ccx {

namespace {

struct Lead {
  std::size_t length;       // of the whole sequence; 0 for a byte that cannot begin one
  unsigned char low, high;  // the range of the second byte: excludes overlong forms, surrogates, above U+10FFFF
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0) {
    const unsigned char low = byte == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = byte == 0xED ? 0x9F : 0xBF;
    return {3, low, high};
  }
  if (byte < 0xF5) {
    const unsigned char low = byte == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = byte == 0xF4 ? 0x8F : 0xBF;
    return {4, low, high};
  }
  return {0, 0, 0};
}

// How many bytes from text[at] follow the form of one sequence, including its lead.
std::size_t well_formed_prefix(std::string_view text, std::size_t at, const Lead& lead) {
  std::size_t count = 1;
  while (count < lead.length && at + count < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at + count]);
    const bool fits = count == 1 ? byte >= lead.low && byte <= lead.high : byte >= 0x80 && byte <= 0xBF;
    if (!fits) break;
    ++count;
  }
  return count;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.length == 0) return {kReplacementCharacter, 1, false};
  const std::size_t count = well_formed_prefix(text, at, lead);
  if (count < lead.length) return {kReplacementCharacter, count, false};
  char32_t value = first & (0x7F >> lead.length);
  for (std::size_t i = 1; i < count; ++i) value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
  return {value, count, true};
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (is_raw_byte(code_point)) {
    out += static_cast<char>(code_point - kRawByte);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const CodePoint point = code_point_at(text, at);
  if (!point.valid) return kRawByte + static_cast<unsigned char>(text[at++]);
  at += point.length;
  return point.value;
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
  return out;
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string out;
  out.reserve(code_points.size());
  for (const char32_t c : code_points) append_utf8(out, c);
  return out;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.valid) {
      out.append(text.substr(at, point.length));
    } else {
      append_utf8(out, kReplacementCharacter);
    }
    at += point.length;
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t incomplete_utf8_suffix(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const std::size_t at = text.size() - back;
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80 && byte <= 0xBF) continue;
    const Lead lead = lead_of(byte);
    const bool open = lead.length > back && well_formed_prefix(text, at, lead) == back;
    return open ? back : 0;
  }
  return 0;
}

}  // namespace ccx
