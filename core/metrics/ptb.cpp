#include "core/metrics/ptb.h"

#include <unordered_set>
#include <vector>

#include "core/base/utf8.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

using Chars = std::u32string;
using Set = std::unordered_set<std::string>;

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= 0xAA && c != 0xD7 && c != 0xF7 && c < 0x2000) || c >= 0x2C00;
}
bool is_word(char32_t c) {
  return is_digit(c) || is_letter(c);
}

// Abbreviations that keep their full stop; letters with stops between them ("u.s.") keep theirs by rule.
const Set& abbreviations() {
  static const Set words = {"mr",  "mrs", "ms",  "dr",   "prof", "st",  "ave", "blvd", "rd",  "vs",  "etc",
                            "inc", "ltd", "co",  "corp", "jr",   "sr",  "gen", "col",  "lt",  "sgt", "capt",
                            "rev", "gov", "sen", "rep",  "dept", "est", "jan", "feb",  "mar", "apr", "jun",
                            "jul", "aug", "sep", "sept", "oct",  "nov", "dec", "mt",   "ft",  "fig", "messrs"};
  return words;
}

// Tokens that the COCO evaluation drops. Its list has the brackets in capitals, which never occur after lower-casing,
// so that "-lrb-" stays a word.
bool is_dropped(const std::string& token) {
  static const Set dropped = {"''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";"};
  return dropped.count(token) != 0;
}

// Words that are two tokens without an apostrophe.
std::string divided(const std::string& word) {
  static const std::pair<const char*, const char*> pairs[] = {{"cannot", "can not"}, {"gonna", "gon na"},
                                                              {"gotta", "got ta"},   {"wanna", "wan na"},
                                                              {"gimme", "gim me"},   {"lemme", "lem me"}};
  for (const auto& [whole, parts] : pairs) {
    if (word == whole) return parts;
  }
  return word;
}

class Tokenizer {
 public:
  explicit Tokenizer(const std::string& text) {
    for (char32_t c : decode_utf8(lower(text))) {
      if (c == 0x2018 || c == 0x2019 || c == 0x201B) c = U'\'';
      if (c >= 0x10000) continue;  // Stanford's tokenizer leaves out what lies beyond the first plane
      text_ += c;
    }
  }

  std::string run() {
    while (at_ < text_.size()) {
      const std::size_t before = at_;
      if (is_space(peek())) {
        ++at_;
      } else if (is_word(peek()) || ((peek() == U'#' || peek() == U'@') && is_word(peek(1))) || starts_number()) {
        take_word();
      } else {
        take_symbol();
      }
      if (at_ == before) ++at_;
    }
    return out_;
  }

 private:
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : U' '; }
  static bool is_space(char32_t c) { return c <= U' ' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A); }
  bool after_space() const { return at_ == 0 || is_space(text_[at_ - 1]); }
  bool starts_number() const { return peek() == U'-' && is_digit(peek(1)) && after_space(); }

  void emit(const std::string& tokens) {
    for (const std::string& token : split_whitespace(tokens)) {
      if (is_dropped(token)) continue;
      out_ += (out_.empty() ? "" : " ") + token;
    }
  }

  // A sign inside a word: hyphens, slashes and underscores between word characters, stops between them too, commas and
  // colons between digits, apostrophes between letters.
  bool joins(char32_t before) const {
    const char32_t c = peek();
    const char32_t next = peek(1);
    if (c == U'-' || c == U'/' || c == U'_' || c == U'.' || c == U'&') return is_word(next);
    if (c == U',' || c == U':') return is_digit(before) && is_digit(next);
    return c == U'\'' && is_letter(next);
  }

  // After "no.": the line's end or a number, where it abbreviates "number".
  bool ends_or_counts() const { return at_ + 1 >= text_.size() || (peek(1) == U' ' && is_digit(peek(2))); }

  void take_word() {
    Chars word(1, text_[at_++]);
    while (at_ < text_.size() && (is_word(peek()) || joins(word.back()))) word += text_[at_++];
    if (peek() == U'.' && peek(1) != U'.' && keeps_stop(word, ends_or_counts())) word += text_[at_++];
    emit_word(encode_utf8(word));
  }

  static bool keeps_stop(const Chars& word, bool abbreviates_number) {
    if (abbreviations().count(encode_utf8(word)) != 0 || (word == U"no" && abbreviates_number)) return true;
    bool letters = is_letter(word[0]);
    for (std::size_t i = 1; i < word.size(); ++i)
      letters = letters && (i % 2 == 1 ? word[i] == U'.' : is_letter(word[i]));
    return letters && word.size() % 2 == 1 && word.size() > 1;
  }

  void emit_word(const std::string& word) {
    for (const char* ending : {"n't", "'s", "'re", "'ve", "'ll", "'d", "'m"}) {
      if (word.size() > std::string(ending).size() && word.ends_with(ending)) {
        const std::string stem = word.substr(0, word.size() - std::string(ending).size());
        if (stem.find('\'') == std::string::npos) return emit(divided(stem) + " " + ending);
        emit_word(stem);
        return emit(ending);
      }
    }
    emit(divided(word));
  }

  void take_symbol() {
    const char32_t c = peek();
    if (c == U'\'' && is_digit(peek(1)) && is_digit(peek(2)) && peek(3) == U's' && !is_word(peek(4))) {  // '90s
      emit(encode_utf8(text_.substr(at_, 4)));
      at_ += 4;
      return;
    }
    if (c == U'.') return take_run(U'.', [](std::size_t n) { return n >= 3 ? "..." : "."; });
    if (c == U'-') return take_run(U'-', [](std::size_t n) { return n >= 2 ? "--" : "-"; });
    if (c == U'?' || c == U'!') {
      std::string marks;
      while (peek() == U'?' || peek() == U'!') marks += static_cast<char>(text_[at_++]);
      return emit(marks);
    }
    ++at_;
    switch (c) {
      case U'(':
        return emit("-lrb-");
      case U')':
        return emit("-rrb-");
      case U'[':
        return emit("-lsb-");
      case U']':
        return emit("-rsb-");
      case U'{':
        return emit("-lcb-");
      case U'}':
        return emit("-rcb-");
      case U'"':
      case 0x201C:
      case 0x201D:
        return emit("''");
      case 0x2013:
      case 0x2014:
        return emit("--");
      case 0x2026:
        return emit("...");
      default:
        return emit(encode_utf8(Chars(1, c)));
    }
  }

  template <typename Name>
  void take_run(char32_t sign, Name name) {
    const std::size_t start = at_;
    while (peek() == sign) ++at_;
    emit(name(at_ - start));
  }

  Chars text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string ptb_tokenize(const std::string& text) {
  return Tokenizer(text).run();
}

}  // namespace ccx::metrics
