#include "core/io/json.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace ccx::io {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string megabytes(std::size_t bytes) {
  return bytes >> 20 == 0 ? std::to_string(bytes) + " bytes" : std::to_string(bytes >> 20) + " MiB";
}

// The position of the string's closing quote, or the end of the text.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at;
}

// Exact up to the first place where the text is not JSON, and there the parser stops.
void check_depth(std::string_view text, const std::string& source, int limit) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at = end_of_string(text, at);
        break;
      case '[':
      case '{':
        if (++depth > limit) {
          throw InputError(source + ": JSON nested more than " + std::to_string(limit) + " deep, at byte " +
                           std::to_string(at) + "; no file that ccx reads is");
        }
        break;
      case ']':
      case '}':
        --depth;
        break;
      default:
        break;
    }
  }
}

// The text with null in the place of Python's numbers that are none; empty where it has none of them.
std::string without_non_finite(std::string_view text) {
  std::string replaced;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') at = end_of_string(text, at);
    if (at >= text.size() || (text[at] != 'N' && text[at] != 'I' && text[at] != '-')) continue;
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
      if (!text.substr(at).starts_with(word)) continue;
      replaced.append(text.substr(copied, at - copied)).append("null");
      copied = at + word.size();
      at = copied - 1;
      break;
    }
  }
  if (copied > 0) replaced.append(text.substr(copied));
  return replaced;
}

}  // namespace

std::string json_reason(const std::string& error) {
  const std::size_t bracket = error.find("] ");
  return bracket == std::string::npos ? error : error.substr(bracket + 2);
}

std::string git_lfs_pointer(std::string_view bytes, const std::string& source) {
  if (bytes.starts_with("# xet version") || bytes.starts_with("xet version")) {
    return source +
           " is a pointer of git-xet, not the file itself: the clone was made without it. Install git-xet and clone "
           "again, or download the file";
  }
  if (!bytes.starts_with("version https://git-lfs.github.com/spec/")) return "";
  return source +
         " is a Git LFS pointer, not the file itself: the clone was made without Git LFS. Run \"git lfs pull\" " +
         "in its folder, or download the file";
}

void check_json(std::string_view text, const std::string& source, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    throw InputError(source + " is larger than " + megabytes(limits.bytes) +
                     ", the most that ccx reads of such a file");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) throw InputError(source + ": not valid JSON, it is empty");
  if (const std::string pointer = git_lfs_pointer(text, source); !pointer.empty()) throw InputError(pointer);
  if (text[first] == '<') {
    throw InputError(source + ": not valid JSON but a web page or XML; was the page saved in place of the file?");
  }
  check_depth(text, source, limits.depth);
}

template <class Json>
Json parse_json(std::string_view text, const std::string& source, const JsonLimits& limits) {
  check_json(text, source, limits);
  std::string replaced;
  if (limits.non_finite_is_null) replaced = without_non_finite(text);
  if (!replaced.empty()) text = replaced;
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const typename Json::exception& error) {
    throw InputError(source + ": not valid JSON (" + json_reason(error.what()) + ")");
  }
}

template nlohmann::json parse_json(std::string_view, const std::string&, const JsonLimits&);
template nlohmann::ordered_json parse_json(std::string_view, const std::string&, const JsonLimits&);

}  // namespace ccx::io
