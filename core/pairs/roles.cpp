// Which words of a name say "before" and which "after" (roles.h).
#include "core/pairs/roles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"

namespace ccx::pairs {
namespace {

// Of other languages the words that mean nothing else, also without their accents.
constexpr std::array<std::pair<std::string_view, std::string_view>, 43> kWords = {{
    {"before", "after"},    {"pre", "post"},        {"old", "new"},          {"earlier", "later"},
    {"early", "late"},      {"first", "second"},    {"previous", "current"}, {"past", "present"},
    {"initial", "final"},   {"start", "end"},       {"prior", "subsequent"}, {"1st", "2nd"},
    {"bef", "aft"},         {"historic", "modern"}, {"begin", "end"},        {"historical", "recent"},
    {"then", "now"},        {"avant", "apres"},     {"avant", "après"},      {"vorher", "nachher"},
    {"vor", "nach"},        {"antes", "despues"},   {"antes", "después"},    {"antes", "depois"},
    {"prima", "dopo"},      {"före", "efter"},      {"før", "etter"},        {"ennen", "jälkeen"},
    {"önce", "sonra"},      {"oncesi", "sonrasi"},  {"до", "после"},         {"До", "После"},
    {"sebelum", "sesudah"}, {"sebelum", "setelah"}, {"trước", "sau"},        {"전", "후"},
    {"前", "后"},           {"前", "後"},           {"之前", "之后"},        {"前时相", "后时相"},
    {"前期", "后期"},       {"以前", "以后"},       {"事前", "事後"},
}};

// What stands before 前, 后 and 後 in one word with them: "before the change", "after the disaster".
constexpr std::array<std::string_view, 16> kEventsBefore = {"变化", "灾",   "灾害", "震",   "地震", "火灾",
                                                            "洪水", "施工", "改造", "建设", "拆迁", "被災",
                                                            "災害", "変化", "災",   "變化"};

// What follows pre and post in names, in one word or two.
constexpr std::array<std::string_view, 19> kEvents = {
    "disaster", "event", "flood",    "fire",   "wildfire", "quake",  "earthquake", "storm",     "hurricane", "tsunami",
    "crisis",   "war",   "conflict", "damage", "change",   "strike", "explosion",  "landslide", "eruption"};

// Of registration and radar; parts of other names too ("primary_school"), so that they must stand at the end or before
// a number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWeakWords = {{{"ref", "sec"},
                                                                                      {"reference", "secondary"},
                                                                                      {"reference", "query"},
                                                                                      {"primary", "secondary"},
                                                                                      {"master", "slave"},
                                                                                      {"baseline", "followup"}}};

// What makes a place of the letter behind it.
constexpr std::array<std::string_view, 17> kPlaces = {"site",  "area",   "region",   "zone",    "city",    "aoi",
                                                      "roi",   "place",  "location", "plot",    "village", "district",
                                                      "block", "sector", "station",  "quarter", "town"};

constexpr std::array<std::string_view, 17> kTimes = {"t",      "time",     "date", "phase", "period",      "epoch",
                                                     "stage",  "temporal", "year", "acq",   "acquisition", "visit",
                                                     "survey", "campaign", "时相", "时期",  "期"};

constexpr std::array<std::string_view, 12> kPictures = {"im",  "ims",  "img",     "imgs",     "image", "images",
                                                        "pic", "pics", "picture", "pictures", "photo", "photos"};

bool is_part(char c) {
  return ascii::is_digit(c) || ascii::is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// -1 for a word that is none; `whole_event` where the event is in the word ("predisaster").
int word_side(std::string_view word) {
  for (const auto& [before, after] : kWords) {
    if (word == before) return 0;
    if (word == after) return 1;
  }
  static constexpr std::array<std::pair<std::string_view, int>, 3> kTails = {{{"前", 0}, {"后", 1}, {"後", 1}}};
  for (const auto& [tail, side] : kTails) {
    if (word.size() > tail.size() && word.substr(word.size() - tail.size()) == tail &&
        is_one_of(word.substr(0, word.size() - tail.size()), kEventsBefore)) {
      return side;
    }
  }
  for (const auto& [prefix, side] : {std::pair<std::string_view, int>{"pre", 0}, {"post", 1}}) {
    if (word.size() > prefix.size() && word.substr(0, prefix.size()) == prefix &&
        (is_one_of(word.substr(prefix.size()), kEvents) || is_one_of(word.substr(prefix.size()), kPictures))) {
      return side;
    }
  }
  return -1;
}

constexpr int kChineseFamily = 1000;  // of words that end in 前, 后, 後

class RoleScanner {
 public:
  explicit RoleScanner(std::string_view name) : name_(name), text_(ascii::lower(name)), parts_(parts_of(name)) {}

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

  bool is_part_one_of_pictures(std::size_t i) const { return i < parts_.size() && is_one_of(text(i), kPictures); }

  // before, pre_disaster, image_before, before_image: words beside the role that say no more than "picture" go with it.
  bool word(std::string_view part) {
    int side = word_side(part);
    if (side < 0) side = weak_side(part);
    if (side < 0) return false;
    std::size_t last = i_;
    if ((part == "pre" || part == "post") && i_ + 1 < parts_.size() && is_one_of(text(i_ + 1), kEvents)) ++last;
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
    for (const auto& [before, after] : kWeakWords) {
      if (part == before || part == after) return part == after ? 1 : 0;
    }
    return -1;
  }

  // t1, img2, t_1, imgs_1. Three digits count pictures.
  bool numbered(std::string_view part) {
    std::size_t letters = 0;
    while (letters < part.size() && !ascii::is_digit(part[letters])) ++letters;
    const std::string_view prefix = part.substr(0, letters);
    const bool is_time = is_one_of(prefix, kTimes);
    if (!is_time && !is_one_of(prefix, kPictures)) return false;
    std::string_view number = part.substr(letters);
    std::size_t last = i_;
    if (number.empty() && i_ + 1 < parts_.size()) {
      // A part of its own must be a single digit: image_12 is the twelfth. "epoch_01" has a zero before it.
      const std::string_view next = text(i_ + 1);
      const bool has_zero = prefix.size() > 1 && is_time && next.size() == 2 && next[0] == '0';
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
    if (i_ > 0 && is_one_of(text(i_ - 1), kPlaces)) return false;
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

  // 012before, 012a.
  void tail(std::string_view part) {
    std::size_t digits = 0;
    while (digits < part.size() && ascii::is_digit(part[digits])) ++digits;
    const std::string_view rest = part.substr(digits);
    if (digits == 0 || rest.empty()) return;
    const std::size_t begin = parts_[i_].begin + digits;
    if (rest.size() == 1 && ascii::is_small(rest[0])) {
      add(begin, parts_[i_].end, RoleFamily::kLetterTail, rest[0] - 'a');
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
    const bool ends = i == name.size() || !is_part(name[i]);
    const bool turns = !ends && i > begin && ascii::is_capital(name[i]) && ascii::is_small(name[i - 1]);
    if (!ends && !turns) continue;
    if (i > begin) parts.push_back({begin, i});
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

RoleMeaning role_meaning(std::string_view word) {
  // "avant" has two spellings of its partner: rows of one word are one family.
  const auto family_of = [](std::string_view before) {
    const auto row =
        std::find_if(kWords.begin(), kWords.end(), [&](const auto& words) { return words.first == before; });
    return static_cast<int>(row - kWords.begin());
  };
  for (const auto& [before, after] : kWords) {
    if (word == before || word == after) return {family_of(before), word == after ? 1 : 0};
  }
  const int side = word_side(word);
  return side < 0 ? RoleMeaning{} : RoleMeaning{kChineseFamily, side};
}

}  // namespace ccx::pairs
