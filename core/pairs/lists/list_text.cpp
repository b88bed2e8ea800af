// Decoding what a list was saved as (list_text.h).
#include "core/pairs/lists/list_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/io/file.h"
#include "core/io/json.h"

namespace ccx::pairs {
namespace {

enum class Order { kLittle, kBig };

std::string from_utf16(std::string_view bytes, Order order, const std::string& name) {
  std::string out;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(order == Order::kLittle ? first | second << 8 : first << 8 | second);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t value = unit(at);
    const bool is_surrogate = value >= 0xD800 && value < 0xE000;
    if (is_surrogate) {
      const bool has_partner =
          value < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000;
      if (!has_partner) throw InputError(name + ": broken UTF-16 at byte " + std::to_string(at) + "; save it as UTF-8");
      value = 0x10000 + ((value - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
      at += 2;
    }
    append_utf8(out, value);
  }
  return out;
}

// ASCII in UTF-16 has a zero in every second byte, and none in the others.
bool looks_like_utf16(std::string_view bytes, Order order) {
  const std::size_t count = std::min<std::size_t>(bytes.size(), 400) / 2 * 2;
  if (count < 4) return false;
  std::size_t zeros = 0;
  for (std::size_t at = 0; at < count; at += 2) {
    const std::size_t high = at + (order == Order::kLittle ? 1 : 0);
    if (bytes[at + 1 - (high - at)] == '\0') return false;
    zeros += bytes[high] == '\0' ? 1 : 0;
  }
  return 4 * zeros >= count;
}

struct Signature {
  std::string_view start;
  const char* what;
};

// What is taken for a list and is none.
constexpr std::array<Signature, 13> kSignatures = {{
    {std::string_view("PK\x03\x04", 4),
     "a ZIP archive or an .xlsx spreadsheet: unpack it, or save the sheet as CSV (UTF-8)"},
    {std::string_view("\xD0\xCF\x11\xE0", 4), "an .xls spreadsheet: save it as CSV (UTF-8)"},
    {"PAR1",
     "a Parquet table: write it as CSV or JSON lines, with pandas: to_json(..., orient=\"records\", lines=True)"},
    {std::string_view("\x89HDF", 4), "an HDF5 file: write its captions as JSON or CSV"},
    {std::string_view("\x93NUMPY", 6), "a NumPy array: write its rows as JSON or CSV"},
    {std::string_view("\x1F\x8B", 2), "compressed with gzip: unpack it with gunzip"},
    {"BZh", "compressed with bzip2: unpack it with bunzip2"},
    {std::string_view("\xFD"
                      "7zXZ",
                      5),
     "compressed with xz: unpack it with unxz"},
    {std::string_view("\x89PNG", 4), "a picture, not a list of pictures: name a folder, or a list of pairs"},
    {std::string_view("\xFF\xD8\xFF", 3), "a picture, not a list of pictures: name a folder, or a list of pairs"},
    {std::string_view("II*\0", 4), "a picture, not a list of pictures: name a folder, or a list of pairs"},
    {std::string_view("MM\0*", 4), "a picture, not a list of pictures: name a folder, or a list of pairs"},
    {"%PDF", "a PDF document: write its table as CSV"},
}};

void refuse_what_is_no_text(std::string_view bytes, const std::string& name) {
  for (const Signature& signature : kSignatures) {
    if (bytes.starts_with(signature.start)) throw InputError(name + " is no list but " + signature.what);
  }
  if (io::is_pickle(bytes)) throw InputError(name + " is no list but a Python pickle: write what is in it as JSON");
  if (const std::string pointer = io::git_lfs_pointer(bytes, name); !pointer.empty()) throw InputError(pointer);
  const std::size_t zero = bytes.find('\0');
  if (zero != std::string_view::npos) {
    throw InputError(name + " is no text: a zero byte at " + std::to_string(zero) +
                     "; lists are JSON, JSON lines or CSV");
  }
}

}  // namespace

std::string list_text(std::string bytes, const std::string& name) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) {
    throw InputError(name + " is in UTF-32; save it as UTF-8");
  }
  std::string text;
  if (bytes.starts_with("\xFF\xFE"sv)) {
    text = from_utf16(std::string_view(bytes).substr(2), Order::kLittle, name);
  } else if (bytes.starts_with("\xFE\xFF"sv)) {
    text = from_utf16(std::string_view(bytes).substr(2), Order::kBig, name);
  } else if (looks_like_utf16(bytes, Order::kLittle)) {
    text = from_utf16(bytes, Order::kLittle, name);
  } else if (looks_like_utf16(bytes, Order::kBig)) {
    text = from_utf16(bytes, Order::kBig, name);
  } else {
    text = std::move(bytes);
    while (text.starts_with("\xEF\xBB\xBF"sv)) text.erase(0, 3);
  }
  refuse_what_is_no_text(text, name);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) throw InputError(name + " is empty");
  if (text[first] == '<') {
    throw InputError(name + " is no list but a web page or XML; was the page saved in place of the file?");
  }
  return text;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (!point.valid) return false;
    at += point.length;
  }
  return true;
}

std::string from_windows_1252(std::string text) {
  if (is_utf8(text)) return text;
  // 0x80 to 0x9F; 0 where nothing is assigned.
  constexpr std::array<char32_t, 32> kUpper = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char32_t upper = byte >= 0x80 && byte < 0xA0 ? kUpper[byte - 0x80U] : 0;
    append_utf8(out, upper != 0 ? upper : byte);
  }
  return out;
}

}  // namespace ccx::pairs
