// Qwen2's Split pattern as code: one function an alternative, tried in the pattern's order.
#include "core/text/pre_tokenizer.h"

#include <array>
#include <string>

#include "core/base/unicode.h"
#include "core/base/utf8.h"

namespace ccx::text {

namespace {

constexpr std::string_view kBeforeNumber = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|)";
constexpr std::string_view kAfterNumber = R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr std::array<CharacterClass, 128> make_ascii_classes() {
  std::array<CharacterClass, 128> classes{};
  for (char32_t c = 0; c < 128; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= 0x09 && c <= 0x0D);
    classes[c] = letter                 ? CharacterClass::kLetter
                 : c >= '0' && c <= '9' ? CharacterClass::kNumber
                 : space                ? CharacterClass::kSpace
                                        : CharacterClass::kOther;
  }
  return classes;
}

constexpr std::array<CharacterClass, 128> kAsciiClasses = make_ascii_classes();

struct Character {
  char32_t value;
  CharacterClass kind;
  std::size_t end;  // the byte after it
};

constexpr bool is_newline(char32_t c) {
  return c == '\r' || c == '\n';
}

class Matcher {
 public:
  Matcher(std::string_view text, std::size_t max_digits) : text_(text), max_digits_(max_digits) {}

  // The end of the piece that starts at `start`, which must be inside the text. Some alternative always matches.
  std::size_t piece_end(std::size_t start) const {
    const Character first = at(start);
    if (first.value == '\'') {
      if (const std::size_t end = contraction_end(first.end)) return end;
    }
    switch (first.kind) {
      case CharacterClass::kLetter:
        return run_end(start, CharacterClass::kLetter);
      case CharacterClass::kNumber:
        return numbers_end(first.end);
      case CharacterClass::kOther:
        if (next_is(first.end, CharacterClass::kLetter)) return run_end(first.end, CharacterClass::kLetter);
        return symbols_end(start);
      case CharacterClass::kSpace:
        break;
    }
    if (!is_newline(first.value) && next_is(first.end, CharacterClass::kLetter)) {
      return run_end(first.end, CharacterClass::kLetter);
    }
    if (first.value == ' ' && next_is(first.end, CharacterClass::kOther)) return symbols_end(first.end);
    return spaces_end(start);
  }

 private:
  Character at(std::size_t position) const {
    const auto byte = static_cast<unsigned char>(text_[position]);
    if (byte < 0x80) return {byte, kAsciiClasses[byte], position + 1};
    const CodePoint point = code_point_at(text_, position);
    return {point.value, character_class(point.value), position + point.length};
  }

  bool next_is(std::size_t position, CharacterClass kind) const {
    return position < text_.size() && at(position).kind == kind;
  }

  std::size_t run_end(std::size_t position, CharacterClass kind) const {
    while (position < text_.size()) {
      const Character next = at(position);
      if (next.kind != kind) break;
      position = next.end;
    }
    return position;
  }

  std::size_t newlines_end(std::size_t position) const {
    while (position < text_.size() && is_newline(static_cast<unsigned char>(text_[position]))) ++position;
    return position;
  }

  // (?i:'s|'t|'re|'ve|'m|'ll|'d) after the apostrophe; 0 if none is there. Case folding makes U+017F an s.
  std::size_t contraction_end(std::size_t position) const {
    if (position >= text_.size()) return 0;
    const Character first = at(position);
    if (first.value == 0x17F) return first.end;
    const char letter = lower(position);
    if (letter == 's' || letter == 't' || letter == 'm' || letter == 'd') return position + 1;
    const char second = lower(position + 1);
    const bool pair =
        (letter == 'r' && second == 'e') || (letter == 'v' && second == 'e') || (letter == 'l' && second == 'l');
    return pair ? position + 2 : 0;
  }

  char lower(std::size_t position) const {
    if (position >= text_.size()) return '\0';
    const char c = text_[position];
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }

  // \p{N} or \p{N}{1,3}, from the end of the first number.
  std::size_t numbers_end(std::size_t position) const {
    for (std::size_t count = 1; count < max_digits_ && next_is(position, CharacterClass::kNumber); ++count) {
      position = at(position).end;
    }
    return position;
  }

  // [^\s\p{L}\p{N}]+[\r\n]*
  std::size_t symbols_end(std::size_t position) const {
    return newlines_end(run_end(position, CharacterClass::kOther));
  }

  // \s*[\r\n]+ takes a run of spaces up to its last newline; without one, \s+(?!\S) leaves the last space to the word
  // that follows, and \s+ takes a space that stands alone before something it could not join.
  std::size_t spaces_end(std::size_t start) const {
    std::size_t after_newline = start;
    std::size_t last = start;
    std::size_t position = start;
    while (position < text_.size()) {
      const Character next = at(position);
      if (next.kind != CharacterClass::kSpace) break;
      last = position;
      position = next.end;
      if (is_newline(next.value)) after_newline = position;
    }
    if (after_newline > start) return after_newline;
    if (position == text_.size() || last == start) return position;
    return last;
  }

  std::string_view text_;
  std::size_t max_digits_;
};

}  // namespace

std::optional<PreTokenizer> PreTokenizer::for_pattern(std::string_view pattern) {
  const std::string before(kBeforeNumber);
  const std::string after(kAfterNumber);
  if (pattern == before + R"(\p{N})" + after) return PreTokenizer(1);
  if (pattern == before + R"(\p{N}{1,3})" + after) return PreTokenizer(3);
  return std::nullopt;
}

std::vector<std::string_view> PreTokenizer::split(std::string_view text) const {
  const Matcher matcher(text, max_digits_);
  std::vector<std::string_view> pieces;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = matcher.piece_end(start);
    pieces.push_back(text.substr(start, end - start));
    start = end;
  }
  return pieces;
}

}  // namespace ccx::text
