// Which words of a name say "before" and which "after" (roles.h).
#include "core/pairs/naming/roles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/letters.h"
#include "core/pairs/naming/role_words.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 17> kTimes = {"t",      "time",     "date", "phase", "period",      "epoch",
                                                     "stage",  "temporal", "year", "acq",   "acquisition", "visit",
                                                     "survey", "campaign", "时相", "时期",  "期"};
// Those that have numbers of two digits: "Week 12".
constexpr std::array<std::string_view, 8> kSpans = {"week", "wk", "month", "day", "woche", "kw", "semaine", "semana"};

class RoleScanner {
 public:
  explicit RoleScanner(std::string_view name) : name_(name), text_(small_letters(name)), parts_(parts_of(name)) {}

  std::vector<RoleSpan> run() {
    for (i_ = 0; i_ < parts_.size(); ++i_) {
      const std::string_view part = text(i_);
      if (word(part) || counted_word(part)) continue;
      if (numbered(part)) continue;
      if (letter(part)) continue;
      tail(part);
    }
    return std::move(spans_);
  }

 private:
  std::string_view text(std::size_t i) const {
    return std::string_view(text_).substr(parts_[i].begin, parts_[i].end - parts_[i].begin);
  }

  void add(std::size_t begin, std::size_t end, RoleFamily family, int value) {
    spans_.push_back({begin, end, family, value});
  }

  bool is_part_one_of_pictures(std::size_t i) const { return i < parts_.size() && is_word_for_pictures(text(i)); }

  // before, pre_disaster, image_before, before_image: words beside the role that say no more than "picture" go with it.
  bool word(std::string_view part) {
    int side = word_side(part);
    if (side < 0) side = weak_side(part);
    if (side < 0) side = short_word_side(part, i_ == 0 || i_ + 1 == parts_.size());
    if (side < 0) return false;
    std::size_t last = i_;
    static constexpr std::array<std::string_view, 5> kWithEvent = {"pre", "post", "pos", "pré", "pós"};
    if (is_one_of(part, kWithEvent) && i_ + 1 < parts_.size() && is_event(text(i_ + 1))) ++last;
    if (is_part_one_of_pictures(last + 1) && last + 2 == parts_.size()) ++last;
    std::size_t first = i_;
    if (i_ == 1 && is_part_one_of_pictures(0) && last + 1 == parts_.size()) first = 0;
    add(parts_[first].begin, parts_[last].end, RoleFamily::kWord, side);
    i_ = last;
    return true;
  }

  int weak_side(std::string_view part) const {
    const bool is_before_number = i_ == 0 && i_ + 2 == parts_.size() && ascii::is_digit(text(1).front());
    if (i_ + 1 != parts_.size() && !is_before_number) return -1;
    return weak_word_side(part);
  }

  // t1, img2, t_1, imgs_1. Three digits count pictures.
  bool numbered(std::string_view part) {
    std::size_t letters = 0;
    while (letters < part.size() && !ascii::is_digit(part[letters])) ++letters;
    const std::string_view prefix = part.substr(0, letters);
    const bool is_span = is_one_of(prefix, kSpans);
    const bool is_time = is_span || is_one_of(prefix, kTimes);
    if (!is_time && !is_word_for_pictures(prefix)) return false;
    std::string_view number = part.substr(letters);
    std::size_t last = i_;
    if (number.empty() && i_ + 1 < parts_.size()) {
      // A part of its own must be a single digit: image_12 is the twelfth. "epoch_01" has a zero before it.
      const std::string_view next = text(i_ + 1);
      const bool has_zero = prefix.size() > 1 && is_time && next.size() == 2 && (is_span || next[0] == '0');
      if ((next.size() == 1 || has_zero) && ascii::is_digit(next.back())) {
        number = next;
        last = i_ + 1;
      }
    }
    if (number.empty() || number.size() > 2 || !std::all_of(number.begin(), number.end(), ascii::is_digit))
      return false;
    const int value = number.size() == 1 ? number[0] - '0' : (number[0] - '0') * 10 + number[1] - '0';
    if (!is_time && last + 2 == parts_.size() && text(last + 1) == "rect") ++last;  // OSCD: brought to one size
    if (is_part_one_of_pictures(last + 1) && last + 2 == parts_.size()) ++last;
    add(parts_[i_].begin, parts_[last].end, is_time ? RoleFamily::kTime : RoleFamily::kPicture, value);
    i_ = last;
    return true;
  }

  // a, image_A, A_image.
  bool letter(std::string_view part) {
    if (part.size() != 1 || !ascii::is_small(part[0])) return false;
    if (i_ > 0 && is_place_word(text(i_ - 1))) return false;
    std::size_t first = i_;
    std::size_t last = i_;
    if (i_ == 1 && parts_.size() == 2 && (is_part_one_of_pictures(0) || is_one_of(text(0), kTimes))) first = 0;
    if (i_ == 0 && parts_.size() == 2 && is_part_one_of_pictures(1)) last = 1;
    add(parts_[first].begin, parts_[last].end, RoleFamily::kLetter, part[0] - 'a');
    i_ = last;
    return true;
  }

  // before1, post002: pictures of one side, counted.
  bool counted_word(std::string_view part) {
    const std::size_t letters = part.find_first_of("0123456789");
    if (letters == std::string_view::npos || letters == 0) return false;
    const std::string_view rest = part.substr(letters);
    static constexpr std::array<std::string_view, 4> kCounted = {"before", "after", "pre", "post"};
    const std::string_view word = part.substr(0, letters);
    if (!is_one_of(word, kCounted) || !std::all_of(rest.begin(), rest.end(), ascii::is_digit)) return false;
    add(parts_[i_].begin, parts_[i_].begin + letters, RoleFamily::kWord, word_side(word));
    return true;
  }

  // 012before, 012a, fig3a.
  void tail(std::string_view part) {
    std::size_t digits = 0;
    while (digits < part.size() && ascii::is_small(part[digits])) ++digits;
    // "s2a" and "phr1a" are satellites, "l2a" is a level.
    static constexpr std::array<std::string_view, 6> kCounted = {"fig", "figure", "plate", "panel", "scene", "pair"};
    const bool has_word = is_one_of(part.substr(0, digits), kCounted) || is_word_for_pictures(part.substr(0, digits));
    if (!has_word) digits = 0;
    const std::size_t first = digits;
    while (digits < part.size() && ascii::is_digit(part[digits])) ++digits;
    const std::string_view rest = part.substr(digits);
    if (digits == first || rest.empty()) return;
    const std::size_t begin = parts_[i_].begin + digits;
    if (rest.size() == 1 && ascii::is_small(rest[0])) {
      add(begin, parts_[i_].end, RoleFamily::kLetterTail, rest[0] - 'a');
    } else if (has_word) {
      return;
    } else if (rest == "before" || rest == "pre") {
      add(begin, parts_[i_].end, RoleFamily::kWord, 0);
    } else if (rest == "after" || rest == "post") {
      add(begin, parts_[i_].end, RoleFamily::kWord, 1);
    }
  }

  std::string_view name_;
  std::string text_;
  std::vector<NamePart> parts_;
  std::size_t i_ = 0;
  std::vector<RoleSpan> spans_;
};

}  // namespace

std::vector<NamePart> parts_of(std::string_view name) {
  std::vector<NamePart> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const bool ends = i == name.size() || !is_part_of_word(name[i]);
    const bool turns = !ends && i > begin && ascii::is_capital(name[i]) && ascii::is_small(name[i - 1]);
    if (!ends && !turns) continue;
    // "T1影像" is of two words.
    const std::size_t cut = begin + end_of_first_word(name.substr(begin, i - begin));
    if (cut < i) parts.push_back({begin, cut});
    if (i > begin) parts.push_back({cut < i ? cut : begin, i});
    begin = turns ? i : i + 1;
  }
  return parts;
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  for (const NamePart& part : parts_of(name)) words.push_back(name.substr(part.begin, part.end - part.begin));
  return words;
}

std::vector<RoleSpan> roles_in(std::string_view name) {
  return RoleScanner(name).run();
}

bool is_span_of_time(std::string_view text) {
  const std::string small = ascii::lower(text);
  return is_one_of(std::string_view(small).substr(0, small.find_first_of("0123456789_-. ")), kSpans);
}

std::string without_role(std::string_view name, const RoleSpan& role) {
  std::string out;
  std::size_t at = 0;
  for (const NamePart& part : parts_of(name)) {
    if (part.end <= role.begin || part.begin >= role.end) continue;
    const std::size_t begin = std::max(part.begin, role.begin);
    const std::size_t end = std::min(part.end, role.end);
    if (is_word_for_pictures(ascii::lower(name.substr(begin, end - begin)))) continue;
    out += name.substr(at, begin - at);
    while (!out.empty() && !is_part_of_word(out.back())) out.pop_back();
    at = end;
    while (out.empty() && at < name.size() && !is_part_of_word(name[at])) ++at;
  }
  return out + std::string(name.substr(at));
}

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!ascii::is_digit(a[i]) || !ascii::is_digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
      continue;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    const std::size_t first_i = i;
    const std::size_t first_j = j;
    while (i < a.size() && ascii::is_digit(a[i])) ++i;
    while (j < b.size() && ascii::is_digit(b[j])) ++j;
    if (i - first_i != j - first_j) return i - first_i < j - first_j;
    const int order = a.substr(first_i, i - first_i).compare(b.substr(first_j, j - first_j));
    if (order != 0) return order < 0;
  }
  const bool a_ended = i == a.size();
  const bool b_ended = j == b.size();
  return a_ended != b_ended ? a_ended : a < b;
}

}  // namespace ccx::pairs
