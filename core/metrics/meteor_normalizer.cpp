#include "core/metrics/meteor_normalizer.h"

#include "core/base/utf8.h"
#include "core/metrics/split.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

bool in(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}
bool is_digit(char32_t c) {
  return in(c, U'0', U'9');
}
bool is_lower_ascii(char32_t c) {
  return in(c, U'a', U'z');
}

// The letters the normaliser knows: Latin up to Extended-A, Cyrillic, phonetic extensions. All others, Greek among
// them, it separates like punctuation.
bool is_letter(char32_t c) {
  return is_lower_ascii(c) || in(c, U'A', U'Z') || in(c, 0xC0, 0xD6) || in(c, 0xD8, 0xF6) || in(c, 0xF8, 0x17E) ||
         in(c, 0x400, 0x527) || in(c, 0x1D00, 0x1D7F) || in(c, 0xA640, 0xA66E) || in(c, 0xA67E, 0xA697);
}
bool is_alphanumeric(char32_t c) {
  return is_letter(c) || is_digit(c);
}

// White space that separates words. Vertical tab is not in it.
bool is_separator(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\f' || c == U'\r';
}

// Other spaces of Unicode are symbols to the rules and leave the text only at the end. The Ogham space mark stays.
bool is_late_separator(char32_t c) {
  return c == 0xA0 || in(c, 0x2000, 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Rewrites every "left, sign, right" whose neighbours satisfy the predicates, from left to right. A matched neighbour
// is consumed: in "a'b'c" only the first quote has both neighbours left.
template <typename Left, typename Right>
std::u32string rewrite_between(const std::u32string& text, Left left, char32_t sign, Right right,
                               std::u32string_view replacement) {
  std::u32string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (i + 2 < text.size() && text[i + 1] == sign && left(text[i]) && right(text[i + 2])) {
      out += text[i];
      out += replacement;
      out += text[i + 2];
      i += 3;
    } else {
      out += text[i];
      ++i;
    }
  }
  return out;
}

// Quotation marks and dashes become their ASCII forms, other punctuation a word of its own.
std::u32string separate_symbols(const std::u32string& text) {
  std::u32string out = U" ";
  for (char32_t c : text) {
    if (is_separator(c)) {
      out += U' ';
    } else if (c == U'`' || c == 0x2018 || c == 0x2019) {
      out += U'\'';
    } else if (c == 0x2013) {
      out += U" - ";
    } else if (c == 0x201C || c == 0x201D) {
      out += U" \" ";
    } else if (is_alphanumeric(c) || c == U'.' || c == U'\'' || c == U',' || c == U'-' || c == U'\v') {
      out += c;
    } else {
      out += U' ';
      out += c;
      out += U' ';
    }
  }
  return out + U" ";
}

// Two or more full stops in a row are a word of their own.
std::u32string separate_ellipses(const std::u32string& text) {
  std::u32string out;
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t end = i;
    while (end < text.size() && text[end] == U'.') ++end;
    if (end - i >= 2) {
      out += U' ';
      out.append(text, i, end - i);
      out += U' ';
      i = end;
    } else {
      out += text[i];
      ++i;
    }
  }
  return out;
}

std::u32string separate_contractions(std::u32string text) {
  const auto not_letter = [](char32_t c) { return !is_letter(c); };
  const auto not_alphanumeric = [](char32_t c) { return !is_alphanumeric(c); };
  const auto is_s = [](char32_t c) { return c == U's'; };
  text = rewrite_between(text, not_letter, U'\'', not_letter, U" ' ");
  text = rewrite_between(text, not_alphanumeric, U'\'', is_letter, U" ' ");
  text = rewrite_between(text, is_letter, U'\'', not_letter, U" ' ");
  text = rewrite_between(text, is_letter, U'\'', is_letter, U" '");
  return rewrite_between(text, is_digit, U'\'', is_s, U" '");
}

std::vector<std::u32string> split(const std::u32string& text) {
  std::vector<std::u32string> words;
  std::u32string word;
  for (char32_t c : text + U" ") {
    if (c != U' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

// Java's String.trim(): every character up to the space goes from both ends.
std::u32string trim_controls(const std::u32string& text) {
  std::size_t first = 0;
  std::size_t last = text.size();
  while (first < last && text[first] <= U' ') ++first;
  while (last > first && text[last - 1] <= U' ') --last;
  return text.substr(first, last - first);
}

bool has_letter(const std::u32string& word) {
  for (char32_t c : word) {
    if (is_letter(c)) return true;
  }
  return false;
}

// Decides about the full stop that ends a word: a sentence's end becomes a word, an abbreviation keeps its stop, and an
// acronym loses all of its stops.
std::u32string resolve_final_stop(const std::u32string& word, const std::u32string& next,
                                  const NonbreakingPrefixes& prefixes) {
  if (word.size() < 2 || word.back() != U'.' || word[word.size() - 2] == U'.') return word;
  const std::u32string stem = word.substr(0, word.size() - 1);
  if (stem.find(U'.') != std::u32string::npos && has_letter(stem)) return replaced<char32_t>(stem, U".", U"");
  const std::string key = encode_utf8(stem);
  if (prefixes.always.count(key) != 0) return word;
  if (!next.empty() && is_lower_ascii(next[0])) return word;
  if (!next.empty() && is_digit(next[0]) && prefixes.before_numbers.count(key) != 0) return word;
  return stem + U" .";
}

}  // namespace

NonbreakingPrefixes NonbreakingPrefixes::parse(std::string_view file) {
  NonbreakingPrefixes prefixes;
  std::size_t start = 0;
  while (start < file.size()) {
    const std::size_t end = std::min(file.find('\n', start), file.size());
    const std::string_view line = file.substr(start, end - start);
    start = end + 1;
    if (line.empty() || line.front() == '#') continue;
    const Words fields = split_whitespace(line);
    if (fields.empty()) continue;
    const bool numeric = fields.size() > 1 && fields[1] == "#NUMERIC_ONLY#";
    (numeric ? prefixes.before_numbers : prefixes.always).insert(fields[0]);
  }
  return prefixes;
}

std::string meteor_normalize(std::string_view line, const NonbreakingPrefixes& prefixes) {
  const auto not_digit = [](char32_t c) { return !is_digit(c); };
  const auto is_alphanumeric_or_stop = [](char32_t c) { return is_alphanumeric(c) || c == U'.'; };
  std::u32string text = separate_symbols(decode_utf8(line));
  text = separate_ellipses(text);
  text = rewrite_between(text, not_digit, U',', not_digit, U" , ");
  text = rewrite_between(text, is_digit, U',', not_digit, U" , ");
  text = rewrite_between(text, not_digit, U',', is_digit, U" , ");
  text = replaced<char32_t>(text, U"''", U" \" ");
  text = replaced<char32_t>(text, U"--", U"-");
  text = separate_contractions(text);
  text = rewrite_between(text, is_alphanumeric_or_stop, U'-', is_alphanumeric, U" ");

  const std::vector<std::u32string> words = split(text);
  std::u32string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_late_separator(words[i][0])) continue;
    if (!out.empty()) out += U' ';
    out += resolve_final_stop(words[i], i + 1 < words.size() ? words[i + 1] : std::u32string(), prefixes);
  }
  return encode_utf8(trim_controls(out));
}

std::vector<std::string> meteor_words(std::string_view line, const NonbreakingPrefixes& prefixes) {
  Words words;
  for (std::string& word : split_spaces(lower(meteor_normalize(line, prefixes)))) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace ccx::metrics
