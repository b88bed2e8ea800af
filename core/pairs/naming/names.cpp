// Names of files and pairs as text (names.h).
#include "core/pairs/naming/names.h"
#include "core/base/ascii.h"

#include <cctype>
#include <cstddef>

#include "core/base/hash.h"
#include "core/base/utf8.h"

namespace ccx::pairs {
namespace {

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

void append_escaped(std::string& out, char byte) {
  out += '%' + ascii::hex(byte);
}

bool ends_with_file_extension(std::string_view name) {
  return name.size() >= 4 && (name.substr(name.size() - 4) == ".png" || name.substr(name.size() - 4) == ".npy");
}

std::string safe_component(std::string_view name, bool is_folder) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const auto value = static_cast<unsigned char>(c);
    const bool reads_as_escape = c == '%' && i + 2 < name.size() && is_hex(name[i + 1]) && is_hex(name[i + 2]);
    const bool leading_dot = c == '.' && i == 0;
    // A folder "x.png" would collide with the file of the id "x".
    const bool file_dot = c == '.' && is_folder && i + 4 == name.size() && ends_with_file_extension(name);
    if (value < 0x20 || value == 0x7F || c == '\\' || reads_as_escape || leading_dot || file_dot) {
      append_escaped(out, c);
    } else {
      out += c;
    }
  }
  if (out.empty()) return "%2F";
  if (out.size() <= 200) return out;
  const uint64_t value = stable_hash(name);
  std::string hash;
  for (int shift = 56; shift >= 0; shift -= 8) hash += ascii::hex(static_cast<char>(value >> shift));
  return out.substr(0, 100) + "%~" + hash;
}

}  // namespace

std::string utf8_name(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const CodePoint point = code_point_at(bytes, i);
    const bool reads_as_escape =
        bytes[i] == '%' && i + 2 < bytes.size() && is_hex(bytes[i + 1]) && is_hex(bytes[i + 2]);
    if (!point.valid || reads_as_escape) {
      append_escaped(out, bytes[i]);
      ++i;
    } else {
      out.append(bytes, i, point.length);
      i += point.length;
    }
  }
  return out;
}

std::string bytes_of(std::string_view name) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  out.reserve(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%' && i + 2 < name.size() && is_hex(name[i + 1]) && is_hex(name[i + 2])) {
      out += static_cast<char>(digit(name[i + 1]) * 16 + digit(name[i + 2]));
      i += 2;
    } else {
      out += name[i];
    }
  }
  return out;
}

uint64_t stable_hash(std::string_view id) {
  return scramble(fnv1a(id));
}

std::filesystem::path safe_relative_path(std::string_view id) {
  std::filesystem::path path;
  while (true) {
    const std::size_t slash = id.find('/');
    const bool is_folder = slash != std::string_view::npos;
    path /= safe_component(id.substr(0, slash), is_folder);
    if (!is_folder) return path;
    id.remove_prefix(slash + 1);
  }
}

std::string in_quotes(std::string_view name) {
  return "'" + printable(name) + "'";
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto value = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (value < 0x20 || value == 0x7F) {
      out += "\\x" + ascii::hex(c);
    } else {
      out += c;
    }
  }
  return out;
}

bool is_hidden(std::string_view name) {
  return name.substr(0, 1) == "." || name.substr(0, 2) == "~$" || name == "$RECYCLE.BIN";
}

}  // namespace ccx::pairs
