// Pairs as they are found in a folder (pair_builder.h).
#include "core/pairs/folder/pair_builder.h"
#include "core/base/counted.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/one_of.h"
#include "core/pairs/folder/hints.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

constexpr const char* kExpected =
    "Expected folders A/ and B/ (or before/after, pre/post, T1/T2, im1/im2, 2018/2021), names with _before and _after "
    "(or _pre_disaster/_post_disaster, _A/_B, dates), or one folder a pair with two images; --before GLOB --after GLOB "
    "or --pair-pattern REGEX tell of other names, and a list is read as well";

constexpr const char* kOfLabels = " of labels, masks, quality layers or maps, which are not captioned";

// "jan20", which may also be the 20th of January.
bool is_short_month(const Slot& time) {
  const std::string& text = time.text;
  const std::size_t size = text.size();
  return size >= 5 && time.date.month != 0 && time.date.day == 0 && ascii::is_digit(text[size - 1]) &&
         ascii::is_digit(text[size - 2]) && ascii::is_letter(text[size - 3]);
}

// Whether two such names would come in the other order as days of one year.
bool turns_as_days(const Slot& before, const Slot& after) {
  if (!is_short_month(before) || !is_short_month(after)) return false;
  const auto day = [](const Slot& time) { return time.date.month * 100 + time.date.year % 100; };
  const auto is_day = [](const Slot& time) { return time.date.year % 100 >= 1 && time.date.year % 100 <= 31; };
  return is_day(before) && is_day(after) && day(before) > day(after);
}

// " (.zip 2, .txt 1), which are archives: unpack them first": what the files are that are no pictures.
std::string kinds_of(const NameTree& tree) {
  static constexpr std::array<std::string_view, 10> kArchives = {".zip", ".tar", ".gz", ".tgz", ".7z",
                                                                 ".rar", ".bz2", ".xz", ".zst", ".tbz2"};
  std::string kinds;
  std::size_t archives = 0;
  for (const auto& [extension, count] : tree.other_kinds) {
    kinds += (kinds.empty() ? "" : ", ") + (extension.empty() ? "no extension" : printable(utf8_name(extension))) +
             " " + std::to_string(count);
    if (is_one_of(extension, kArchives)) archives += count;
  }
  return " (" + kinds + ")" + (archives > 0 ? "; pictures in archives are not read: unpack them first" : "");
}

std::string time_text(const Slot& time, bool with_clock) {
  return time.kind == SlotKind::kDate ? text_of(time.date, with_clock) : ascii::lower(time.text);
}

}  // namespace

// --- one pair -------------------------------------------------------------------------------------------------------

void PairBuilder::mark(uint32_t picture) {
  if (used_.empty()) {
    used_.assign(pictures_.tree().file_count() + pictures_.composites().size(), false);
    has_pairs_.assign(pictures_.tree().folder_count(), false);
    is_pair_.assign(pictures_.tree().folder_count(), false);
  }
  used_[picture] = true;
  has_pairs_[pictures_.folder_of(picture)] = true;
}

bool PairBuilder::is_used(uint32_t picture) const {
  return picture < used_.size() && used_[picture];
}

void PairBuilder::add(const std::string& id, uint32_t before, uint32_t after, Layout layout) {
  mark(before);
  mark(after);
  NamedPair pair;
  pair.id = utf8_name(id);
  pair.before = before;
  pair.after = after;
  if (layout == Layout::kPairFolders) is_pair_[pictures_.folder_of(before)] = true;
  ++complete_;
  ++counts_[layout == Layout::kFolders ? 0 : layout == Layout::kPairFolders ? 1 : 2];
  out_.pairs.push_back(std::move(pair));
}

void PairBuilder::add_half(const std::string& id, uint32_t before, uint32_t after, const std::string& missing,
                           bool is_recognised) {
  NamedPair pair;
  pair.id = utf8_name(id);
  pair.before = before;
  pair.after = after;
  pair.missing = utf8_name(missing);
  recognised_ += is_recognised ? 1 : 0;
  out_.pairs.push_back(std::move(pair));
}

void PairBuilder::remember_twins(uint32_t before, uint32_t after) {
  const std::vector<uint32_t> left = pictures_.way_to(pictures_.folder_of(before));
  const std::vector<uint32_t> right = pictures_.way_to(pictures_.folder_of(after));
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (left[i] == right[i]) continue;
    twins_.emplace(pictures_.tree().folder(left[i]).parent, std::array<uint32_t, 2>{left[i], right[i]});
    return;
  }
}

uint32_t PairBuilder::twin_of(uint32_t parent, bool of_after) const {
  const auto found = twins_.find(parent);
  return found == twins_.end() ? NamedPair::kNone : found->second[of_after ? 1 : 0];
}

// --- a place
// ----------------------------------------------------------------------------------------------------------

void PairBuilder::pair_up(const Place& place, const Dated& before, const Dated& after, bool with_times) {
  std::string id = place.id;
  if (with_times) {
    std::string first = time_text(before.time, false);
    std::string second = time_text(after.time, false);
    if (first == second) {
      first = time_text(before.time, true);
      second = time_text(after.time, true);
    }
    id += (id.empty() ? "" : "/") + first + "-" + second;
  }
  if (id.empty()) id = options_.root_name;
  // Of several formats the one that both have.
  std::string common;
  if (before.files.size() > 1 || after.files.size() > 1) {
    int best = 1000;
    for (const uint32_t a : before.files) {
      for (const uint32_t b : after.files) {
        const std::string extension = extension_of(pictures_.file_name(a));
        const int rank = extension_rank(pictures_.file_name(a));
        if (extension != extension_of(pictures_.file_name(b)) || rank >= best) continue;
        best = rank;
        common = extension;
      }
    }
  }
  const uint32_t left = best_of(before.files, common);
  const uint32_t right = best_of(after.files, common);
  add(id, left, right,
      place.time_is_folder   ? Layout::kFolders
      : place.is_pair_folder ? Layout::kPairFolders
                             : Layout::kSuffixes);
  if (place.time_is_folder) remember_twins(left, right);
  if (before.time.kind == SlotKind::kDate && turns_as_days(before.time, after.time)) {
    note_guess("'" + before.time.text + "' and '" + after.time.text +
               "' were taken for months of years, not for days: " + pictures_.shown(left) + " is before");
  }
  if (before.time.kind == SlotKind::kDate && before.time.date.season != after.time.date.season &&
      compare(before.time.date, after.time.date) < 0 && before.time.date.year == after.time.date.year &&
      seasons_.empty()) {
    seasons_ = pictures_.shown(left);
  }
  if (before.time.kind == SlotKind::kDate && compare(before.time.date, after.time.date) >= 0) {
    note_guess("the dates of " + pictures_.shown(left) + " and " + pictures_.shown(right) +
               " do not say which is first: taken in this order");
  }
}

void PairBuilder::add_place(const Place& place, std::vector<Dated> pictures) {
  const SlotKind kind = pictures[0].time.kind;
  has_letter_pairs_ =
      has_letter_pairs_ || (!place.time_is_folder && (kind == SlotKind::kLetter || kind == SlotKind::kLetterTail));
  const bool is_date = pictures[0].time.kind == SlotKind::kDate || pictures[0].time.kind == SlotKind::kTime;
  if (place.contradicts_dates && ++contradictions_ == 1) contradiction_ = pictures_.shown(pictures[0].files[0]);
  if (pictures.size() > 2 && options_.series == Series::kRefuse) {
    std::string dates;
    for (std::size_t i = 0; i < pictures.size() && i < 6; ++i) {
      dates += (i == 0 ? "" : ", ") + time_text(pictures[i].time, false);
    }
    if (pictures.size() > 6) dates += ", ...";
    throw InputError(printable(utf8_name(place.id.empty() ? options_.root_name : place.id)) + " has " +
                     std::to_string(pictures.size()) + " dates (" + dates + "), the first is " +
                     pictures_.shown(pictures[0].files[0]) + "; " + kAboutSeries);
  }
  const bool with_times = is_date && options_.series != Series::kRefuse;
  const std::size_t last = pictures.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    for (std::size_t j = i + 1; j <= last; ++j) {
      if (are_pair_of(options_.series, i, j, pictures.size())) {
        pair_up(place, pictures[i], pictures[j], with_times);
      } else {
        for (const std::size_t at : {i, j}) mark(best_of(pictures[at].files));
      }
    }
  }
}

std::string PairBuilder::id_of(const std::vector<Marked>& names, const std::vector<bool>& restore) const {
  std::string id;
  std::size_t slot = 0;
  for (const Marked& name : names) {
    std::vector<bool> own(name.slots.size(), true);
    if (!restore.empty()) {
      for (std::size_t i = 0; i < own.size(); ++i) own[i] = restore[slot + i];
    }
    slot += name.slots.size();
    const std::string text = filled(name, own);
    if (text.empty()) continue;
    id += (id.empty() ? "" : "/") + text;
  }
  return id;
}

uint32_t PairBuilder::best_of(const std::vector<uint32_t>& files, const std::string& extension) {
  if (files.size() == 1) return files[0];
  uint32_t best = files[0];
  const auto rank = [&](uint32_t file) {
    const std::string name = pictures_.file_name(file);
    return !extension.empty() && extension_of(name) == extension ? -1 : extension_rank(name);
  };
  for (const uint32_t file : files) {
    if (rank(file) < rank(best)) best = file;
  }
  for (const uint32_t file : files) {
    if (file == best || is_used(file)) continue;
    mark(file);
    if (++previews_ == 1) preview_ = pictures_.shown(file) + " beside " + pictures_.shown(best);
  }
  return best;
}

NamedPairs PairBuilder::finish(Leftovers&& left) {
  left.run();
  if (complete_ == 0 && recognised_ == 0) {
    const std::size_t count = pictures_.all().size();
    std::string found = "no images (.png, .jpg, .webp, .tif, .bmp)";
    if (count > 0) found = counted(count, "image") + " and no pairs";
    if (count == 0 && pictures_.labels() > 0)
      found = "no images but " + counted(pictures_.labels(), "file") + kOfLabels + ", as " +
              pictures_.shown(pictures_.first_label());
    if (count > 0 && pictures_.labels() > 0)
      found += " beside " + counted(pictures_.labels(), "file") + kOfLabels + ", as " +
               pictures_.shown(pictures_.first_label());
    if (pictures_.panchromatic() > 0)
      found += " beside " + counted(pictures_.panchromatic(), "panchromatic one") + " of the same date";
    const std::size_t others = pictures_.tree().other_files;
    if (count == 0 && pictures_.labels() == 0 && others > 0)
      found += ", only " + counted(others, "other file") + kinds_of(pictures_.tree());
    std::string unread;
    for (const auto& [extension, kind] : pictures_.tree().unread) unread += (unread.empty() ? "" : ", ") + extension;
    if (!unread.empty()) found += " and pictures that ccx does not read (" + unread + ")";
    const std::string hint = count > 0 ? hint_of(pictures_) : "";
    throw InputError(pictures_.shown_folder(NameTree::kRoot) + " holds " + found + "." + hint +
                     (hint.empty() ? " " : ". ") + kExpected);
  }
  if (complete_ == 0) note_halves_alone();
  note_same_names();
  add_notes();
  std::sort(out_.pairs.begin(), out_.pairs.end(), [](const NamedPair& a, const NamedPair& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < out_.pairs.size(); ++i) {
    const NamedPair& a = out_.pairs[i - 1];
    const NamedPair& b = out_.pairs[i];
    if (a.id != b.id) continue;
    const auto one = [](const NamedPair& pair) { return pair.before == NamedPair::kNone ? pair.after : pair.before; };
    throw InputError("the id '" + printable(a.id) + "' occurs twice, for " + pictures_.shown(one(a)) + " and " +
                     pictures_.shown(one(b)) + "; rename one or list the pairs in a manifest with ids of their own");
  }
  const std::size_t most = static_cast<std::size_t>(std::max_element(counts_.begin(), counts_.end()) - counts_.begin());
  out_.layout = counts_[most] == 0 ? (options_.layout == Layout::kAuto ? Layout::kSuffixes : options_.layout)
                : most == 0        ? Layout::kFolders
                : most == 1        ? Layout::kPairFolders
                                   : Layout::kSuffixes;
  out_.composed = pictures_.composites();
  std::vector<std::string> notes = pictures_.tree().notes;
  notes.insert(notes.end(), pictures_.notes().begin(), pictures_.notes().end());
  out_.notes = std::move(notes);
  return std::move(out_);
}

}  // namespace ccx::pairs
