// Which names say that a file or folder holds no picture of the ground (label_names.h).
#include "core/pairs/naming/label_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_products.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/label_words.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

using Sense = LabelSense;

constexpr std::array<std::string_view, 14> kFolderNames = {
    "cm",       "heatmap",       "heatmaps", "prediction", "predictions", "edge",        "edges",
    "__macosx", "reference_map", "qi_data",  "cmap",       "truth",       "differences", "qa"};
constexpr std::array<std::string_view, 8> kWeakFolders = {"out",  "change", "changes",    "changed",
                                                          "diff", "diffs",  "difference", "damage"};

constexpr std::array<std::string_view, 4> kPrepositions = {"with", "without", "no", "and"};

struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  Sense sense = Sense::kOther;
  bool is_time = false;  // a role or a date
  bool is_date = false;
  bool is_number = false;
};

bool is_resolution(std::string_view word) {
  return word == "10m" || word == "20m" || word == "60m";
}

// The words of a name with what they say; empty where none of them says anything, as of nearly every picture.
class LabelName {
 public:
  explicit LabelName(std::string_view name) : name_(name), text_(ascii::lower(name)) {
    bool says_something = false;
    for (const NamePart& part : parts_of(name)) {
      const std::string_view word = text({part.begin, part.end});
      words_.push_back({part.begin, part.end, label_sense(word)});
      const std::size_t at = words_.size() - 1;
      if (at > 0) {
        const Word& first = words_[at - 1];
        const Sense both = label_sense(text({first.begin, first.end}), word);
        // "data_with_labels", "A_without_mask"
        if (is_one_of(text({first.begin, first.end}), kPrepositions)) words_[at].sense = Sense::kOther;
        if (both > words_[at].sense) {
          words_[at] = {first.begin, part.end, both};
          words_.erase(words_.end() - 2);
        }
      }
      says_something = says_something || words_.back().sense != Sense::kOther;
    }
    // Sentinel-2's layers and bands end in their resolution.
    if (words_.size() > 1 && is_resolution(text({words_.back().begin, words_.back().end}))) words_.pop_back();
    if (!says_something) words_.clear();
    if (!words_.empty()) find_times();
  }

  const std::vector<Word>& words() const { return words_; }
  std::string_view text(const NamePart& part) const {
    return std::string_view(text_).substr(part.begin, part.end - part.begin);
  }
  std::string_view text(std::size_t word) const { return text({words_[word].begin, words_[word].end}); }
  const std::string& text() const { return text_; }

  bool has(Sense sense) const {
    return std::any_of(words_.begin(), words_.end(), [&](const Word& word) { return word.sense == sense; });
  }

  // The last word behind which nothing but times stands.
  std::size_t last_said() const {
    std::size_t at = words_.size() - 1;
    while (at > 0 && words_[at].is_time && words_[at].sense == Sense::kOther) --at;
    return at;
  }

  // Whether all words but `own` are times, or numbers where these may be; and at least one is.
  bool all_else_times(std::size_t own, bool or_numbers) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (i != own && !words_[i].is_time && !(or_numbers && words_[i].is_number)) return false;
    }
    return words_.size() > 1;
  }

  // "landcover_paris" is a map; sets about "landcover_change" have pictures.
  bool is_land_of_a_place() const {
    return text(0).substr(0, 4) == "land" && words_.size() > 1 && words_[1].sense != Sense::kChange;
  }

  // "dsm_ortho" of Pix4D holds both, and each says what it is.
  bool is_of_heights_and_pictures() const {
    static constexpr std::array<std::string_view, 7> kHeights = {"dem", "dems", "dsm", "dsms", "dtm", "height", "chm"};
    static constexpr std::array<std::string_view, 7> kOrtho = {
        "ortho", "orthos", "orthomosaic", "orthophoto", "orthophotos", "orthomosaics", "mosaic"};
    bool has_ortho = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      has_ortho = has_ortho || is_one_of(text(i), kOrtho);
      if (words_[i].sense != Sense::kOther && !is_one_of(text(i), kHeights)) return false;
    }
    return has_ortho;
  }

  // The name without that word and the separator before it.
  std::string without(std::size_t word) const {
    std::string out(name_.substr(0, words_[word].begin));
    while (!out.empty() && is_separator(out.back())) out.pop_back();
    std::string_view rest = name_.substr(words_[word].end);
    while (out.empty() && !rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
    return out + std::string(rest);
  }

 private:
  void find_times() {
    const auto mark = [&](std::size_t begin, std::size_t end, bool is_date) {
      for (Word& word : words_) {
        if (word.begin >= end || word.end <= begin) continue;
        word.is_time = true;
        word.is_date = word.is_date || is_date;
      }
    };
    for (const DateSpan& span : dates_in(name_)) mark(span.begin, span.end, true);
    for (const RoleSpan& role : roles_in(name_)) {
      const bool is_letter = role.family == RoleFamily::kLetter || role.family == RoleFamily::kLetterTail;
      if (!is_letter || role.value <= 1) mark(role.begin, role.end, false);
    }
    for (Word& word : words_) {
      const std::string_view digits = text({word.begin, word.end});
      word.is_number = std::all_of(digits.begin(), digits.end(), ascii::is_digit);
    }
  }

  std::string_view name_;
  std::string text_;
  std::vector<Word> words_;
};

LabelWord answer(LabelWord word, const LabelName& name, std::size_t at, std::string* base) {
  if (base != nullptr) *base = name.without(at);
  return word;
}

// Landsat's pictures for a quick look have a partner of temperatures and one of quality.
bool is_landsat_side(std::string_view text, std::string_view last) {
  return (last == "tir" || last == "qb") && text.size() > 20 && text[0] == 'l' && text[4] == '_' && text[5] == 'l';
}

}  // namespace

LabelWord label_folder(std::string_view whole, std::string* base) {
  const LabelName name(whole);
  if (is_one_of(name.text(), kFolderNames)) return LabelWord::kStrong;
  if (is_one_of(name.text(), kWeakFolders)) return LabelWord::kWeak;
  if (name.words().empty() || is_planet_bundle(whole) || name.is_of_heights_and_pictures()) return LabelWord::kNone;
  if (name.has(Sense::kAnywhere) || name.has(Sense::kOuter)) return LabelWord::kStrong;
  const std::size_t last = name.last_said();
  for (const std::size_t at : {last, std::size_t{0}}) {
    const Sense sense = name.words()[at].sense;
    if (sense == Sense::kLast && (at == last || name.all_else_times(at, true) || name.is_land_of_a_place())) {
      return LabelWord::kStrong;
    }
    if (sense == Sense::kAfterTime && name.all_else_times(at, false)) return LabelWord::kWeak;
    if (sense != Sense::kOther) return answer(LabelWord::kBeside, name, at, base);
  }
  return LabelWord::kNone;
}

bool says_more_than_label(std::string_view whole) {
  const LabelName name(whole);
  if (is_one_of(name.text(), kFolderNames)) return false;
  return std::any_of(name.words().begin(), name.words().end(),
                     [](const Word& word) { return word.sense == Sense::kOther && !word.is_time && !word.is_number; });
}

bool may_be_code(std::string_view stem) {
  static constexpr std::array<std::string_view, 9> kIndices = {"ndvi", "ndwi", "ndbi", "nbr", "dnbr",
                                                               "savi", "evi",  "pred", "lai"};
  static constexpr std::array<std::string_view, 7> kCodes = {"clm", "clp", "gt", "qa", "seg", "sem", "clc"};
  const LabelName name(stem);
  const std::vector<Word>& words = name.words();
  if (words.empty() || (words[0].sense != Sense::kOuter && words[0].sense != Sense::kLast)) return false;
  const std::string_view first = name.text(0);
  const std::size_t letters = std::min(first.find_first_of("0123456789"), first.size());
  const bool is_short = words[0].begin == 0 && letters >= 2 && letters <= 4;
  const std::string_view code = stem.substr(0, letters);
  if (!is_short || !std::all_of(code.begin(), code.end(), ascii::is_capital)) return false;
  std::size_t digits = first.size() - letters;
  bool has_role = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].sense != Sense::kOther || !(words[i].is_time || words[i].is_number)) return false;
    has_role = has_role || (words[i].is_time && !words[i].is_date);
    if (words[i].is_number && !words[i].is_date) digits += words[i].end - words[i].begin;
  }
  const std::string_view word = first.substr(0, letters);
  if (digits == 0 || is_one_of(word, kIndices)) return false;
  // Maps are told by dates, seldom by "pre" and "post".
  constexpr std::size_t kLeastDigits = 3;
  const bool has_date = std::any_of(words.begin(), words.end(), [](const Word& of) { return of.is_date; });
  return has_role || (has_date && digits >= kLeastDigits && is_one_of(word, kCodes));
}

std::vector<std::string> names_of_picture(std::string_view stem) {
  static constexpr std::array<std::string_view, 14> kPictures = {"rgb",  "image", "img",       "ortho",  "orthophoto",
                                                                 "naip", "photo", "picture",   "pic",    "sat",
                                                                 "s2",   "tci",   "truecolor", "optical"};
  const LabelName name(stem);
  std::vector<std::string> out;
  for (const Word& word : name.words()) {
    if (word.sense == Sense::kOther) continue;
    for (const std::string_view picture : kPictures) {
      out.push_back(std::string(stem.substr(0, word.begin)).append(picture).append(stem.substr(word.end)));
    }
  }
  return out;
}

LabelWord label_word(std::string_view stem, std::string* base) {
  const LabelName name(stem);
  const std::vector<Word>& words = name.words();
  if (words.empty()) return LabelWord::kNone;
  const std::size_t end = words.size() - 1;
  const std::size_t last = name.last_said();
  const Word& said = words[last];
  if (name.has(Sense::kAnywhere)) return LabelWord::kStrong;
  if (words[0].sense == Sense::kOuter && (end > 0 || said.sense == Sense::kOuter)) return LabelWord::kStrong;
  // "mustang_gt500" is none.
  const bool is_model = last > 0 && ascii::is_digit(name.text(last).back()) && name.text(last).substr(0, 2) == "gt";
  if ((said.sense == Sense::kOuter && !is_model) || said.sense == Sense::kLast) return LabelWord::kStrong;
  if (words[0].sense == Sense::kLast && (name.all_else_times(0, true) || name.is_land_of_a_place())) {
    return LabelWord::kStrong;
  }
  if (is_landsat_side(name.text(), name.text(end))) return LabelWord::kStrong;
  const bool is_behind_time = last > 0 && words[last - 1].is_time;
  // "2018_slope" may be a picture of one, "x_2018_slope" is a map.
  const bool has_name = std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(last),
                                    [](const Word& word) { return !word.is_time; });
  if (last == end && is_behind_time &&
      (said.sense == Sense::kAfterTime || (said.sense == Sense::kSubject && has_name))) {
    return LabelWord::kStrong;
  }
  if (words[0].sense == Sense::kAfterTime && end > 0 && words[1].is_date && name.all_else_times(0, false)) {
    return LabelWord::kStrong;
  }
  switch (said.sense) {
    case Sense::kChange:
      return answer(last == end ? LabelWord::kWeak : LabelWord::kBeside, name, last, base);
    case Sense::kCover:
      return is_behind_time || last < end ? answer(LabelWord::kBeside, name, last, base) : LabelWord::kNone;
    case Sense::kBeside:
    case Sense::kSubject:
    case Sense::kAfterTime:
      return answer(LabelWord::kBeside, name, last, base);
    default:
      break;
  }
  const bool begins = words[0].sense >= Sense::kBeside && words[0].sense <= Sense::kAfterTime && end > 0;
  return begins ? answer(LabelWord::kBeside, name, 0, base) : LabelWord::kNone;
}

}  // namespace ccx::pairs
