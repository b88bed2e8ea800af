// Pictures and folders whose names lack the word for the date that their partners have: x beside x_after, images beside
// images_after (name_reader.h).
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/base/joined.h"
#include "core/base/one_of.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/role_words.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// Words that also tell versions, parts and places: they need a partner that says as much.
constexpr std::array<std::string_view, 19> kNeedPartner = {
    "final", "initial", "start", "end",   "begin", "present", "current", "modern", "recent", "now",
    "then",  "past",    "late",  "early", "first", "1st",     "sau",     "vor",    "nach"};

// What lies between before and after, and is called by the side that is there: flood_pre and flood_peak, co_event and
// post_event.
constexpr std::array<std::string_view, 7> kBetween = {"during", "peak", "co", "mid", "syn", "coseismic", "interim"};

// A name with one word for a date, and what is left without it.
struct SidedName {
  int side = 0;
  std::string base;        // small letters
  std::string with_event;  // the same with the event that the word names, "flood" of "preflood"
};

// "flood" of "preflood", "pre-flood" and "post_flood".
std::string event_in(const std::string& role) {
  const std::vector<std::string_view> words = words_of(role);
  if (words.size() == 2 && is_event(words[1])) return std::string(words[1]);
  for (const std::string_view prefix : {"pre", "post"}) {
    if (words.size() == 1 && role.rfind(prefix, 0) == 0 && is_event(words[0].substr(prefix.size())))
      return std::string(words[0].substr(prefix.size()));
  }
  return {};
}

// `may_be_whole`: also where nothing is left.
std::optional<SidedName> sided_name(std::string_view raw, bool may_be_whole = false) {
  const std::string name = composed(raw);
  const std::vector<RoleSpan> roles = roles_in(name);
  const auto is_word = [](const RoleSpan& role) { return role.family == RoleFamily::kWord; };
  if (std::count_if(roles.begin(), roles.end(), is_word) != 1) return std::nullopt;
  const RoleSpan role = *std::find_if(roles.begin(), roles.end(), is_word);
  const std::string text = ascii::lower(std::string_view(name).substr(role.begin, role.end - role.begin));
  for (const std::string_view word : words_of(text)) {
    if (is_one_of(word, kNeedPartner) || weak_word_side(word) >= 0 || needs_partner(word, false)) return std::nullopt;
  }
  const bool is_surely = text.rfind("before", 0) == 0 || text.rfind("after", 0) == 0 || text.rfind("pre", 0) == 0 ||
                         text.rfind("post", 0) == 0;
  if (role.end != name.size() && !(role.begin == 0 && is_surely)) return std::nullopt;
  SidedName out{role.value, ascii::lower(without_role(name, role)), ""};
  if (const std::string event = event_in(text); !event.empty())
    out.with_event = ascii::lower(name.substr(0, role.begin)).append(event).append(ascii::lower(name.substr(role.end)));
  const bool says_nothing = out.base.empty() && out.with_event.empty();
  return says_nothing && !may_be_whole ? std::nullopt : std::optional(out);
}

// Of names with a word, by what is left without it ("" of a whole name), the one; nothing where both dates have one.
template <class Index>
class Sided {
 public:
  void add(const SidedName& name, Index index) {
    ++count_;
    sides_[static_cast<std::size_t>(name.side)] = true;
    for (const std::string& base : {name.base, name.with_event}) {
      if (base.empty() && !(name.base.empty() && name.with_event.empty())) continue;
      const auto [known, is_new] = by_base_.emplace(base, index);
      if (!is_new) twice_.push_back(base);
    }
  }
  bool both_sides() const { return sides_[0] && sides_[1]; }
  std::size_t count() const { return count_; }
  std::map<std::string, Index> once() const {
    std::map<std::string, Index> out = by_base_;
    for (const std::string& base : twice_) out.erase(base);
    return out;
  }

 private:
  std::size_t count_ = 0;
  std::array<bool, 2> sides_{};
  std::map<std::string, Index> by_base_;
  std::vector<std::string> twice_;
};

bool has_slots(const std::vector<Marked>& names) {
  return std::any_of(names.begin(), names.end(), [](const Marked& name) { return !name.slots.empty(); });
}

// The name without its one word of what lies between before and after, "event" of "co_event" and "coevent"; nothing
// where it has none.
std::optional<std::string> without_between(std::string_view raw) {
  const std::string name = small_name(raw);
  std::vector<std::string> rest;
  bool has_word = false;
  for (const std::string_view word : words_of(name)) {
    const bool is_joined = word.starts_with("co") && is_event(word.substr(2));
    if (is_one_of(word, kBetween) || is_joined) {
      if (has_word) return std::nullopt;
      has_word = true;
      if (is_joined) rest.emplace_back(word.substr(2));
    } else {
      rest.emplace_back(word);
    }
  }
  return has_word ? std::optional(joined_text(rest, "_")) : std::nullopt;
}

// Whether a name says by itself of which date it is, as x_A and T1 do: it needs no partner to say it.
bool has_role(const Marked& name) {
  return std::any_of(name.slots.begin(), name.slots.end(), [](const Slot& slot) {
    const bool is_letter = slot.kind == SlotKind::kLetter && slot.is_whole;
    return slot.kind != SlotKind::kDate && slot.kind != SlotKind::kPicture && !is_letter;
  });
}

}  // namespace

// What a name is marked as that lacks the word: its partner's, of the other date.
Marked Pictures::of_other_date(Marked partner) {
  for (Slot& slot : partner.slots) {
    if (slot.kind != SlotKind::kWord) continue;
    slot.value = 1 - slot.value;
    slot.text.clear();
  }
  return partner;
}

// Of pairs of folders those that hold the same names, for the most part.
void Pictures::keep_same_names(std::vector<std::pair<uint32_t, uint32_t>>& pairs) const {
  std::unordered_map<uint32_t, std::vector<std::string>> subfolders;
  for (const auto& [first, second] : pairs) {
    subfolders[first];
    subfolders[second];
  }
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    const auto above = subfolders.find(tree_.folder(folder).parent);
    if (above != subfolders.end()) above->second.push_back(small_name(tree_.folder_name(folder)) + "/");
  }
  const auto names_in = [&](uint32_t folder) {
    std::vector<std::string> names = subfolders.at(folder);
    for (uint32_t file = tree_.folder(folder).first_file; file < tree_.folder(folder).last_file; ++file) {
      names.push_back(small_name(file_stem(file)));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  };
  std::erase_if(pairs, [&](const auto& pair) {
    const std::vector<std::string> left = names_in(pair.first);
    const std::vector<std::string> right = names_in(pair.second);
    std::vector<std::string> common;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
    return common.empty() || 2 * common.size() < std::min(left.size(), right.size());
  });
}

void Pictures::find_sided_folders() {
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  std::unordered_map<uint32_t, std::array<bool, 2>> sides;  // by the folder above
  for (uint32_t folder = 1; folder < count; ++folder) {
    if (const auto sided = sided_name(tree_.folder_name(folder), true)) {
      sides[tree_.folder(folder).parent][static_cast<std::size_t>(sided->side)] = true;
    }
  }
  sided_folders_.assign(count, false);
  for (uint32_t folder = 1; folder < count; ++folder) {
    const uint32_t parent = tree_.folder(folder).parent;
    const auto both = sides.find(parent);
    const bool has_both = both != sides.end() && both->second[0] && both->second[1];
    sided_folders_[folder] = sided_folders_[parent] || (has_both && sided_name(tree_.folder_name(folder), true));
  }
}

void Pictures::find_plain_folders() {
  if (options_.layout == Layout::kSuffixes || options_.layout == Layout::kPairFolders) return;
  std::map<uint32_t, Sided<uint32_t>> parents;
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    const auto sided = sided_name(tree_.folder_name(folder), true);
    if (sided) parents[tree_.folder(folder).parent].add(*sided, folder);
  }
  std::erase_if(parents, [](const auto& entry) { return entry.second.both_sides() || entry.second.count() > 1; });
  if (parents.empty()) return;
  std::vector<std::pair<uint32_t, uint32_t>> found;
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    const auto siblings = parents.find(tree_.folder(folder).parent);
    if (siblings == parents.end()) continue;
    const std::map<std::string, uint32_t> sided = siblings->second.once();
    const std::optional<std::string> between = without_between(tree_.folder_name(folder));
    const auto partner = sided.find(between.value_or(small_name(tree_.folder_name(folder))));
    if (partner == sided.end() || has_slots(marked_folders(tree_.folder(folder).parent))) continue;
    const std::vector<Marked> own = {marked_folder(folder)};
    const bool has_others = tree_.folder(tree_.folder(folder).parent).subfolders > 2;
    if (has_slots(own) && (has_others || own[0].slots[0].kind != SlotKind::kDate)) continue;
    found.emplace_back(folder, partner->second);
  }
  keep_same_names(found);
  for (const auto& [folder, partner] : found) {
    notes_.push_back("the folder " + shown_folder(folder) + " was taken for the other date of " +
                     shown_folder(partner) + ", which holds the same names");
  }
  // Only now: they change what folders are marked as.
  for (const auto& [folder, partner] : found) plain_folders_.emplace(folder, partner);
}

void Pictures::find_plain_files() {
  if (options_.layout == Layout::kFolders) return;
  std::unordered_map<uint64_t, std::size_t> alike;  // how many folders differ in times alone
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    const bool is_first = i == 0 || folder_of(pictures_[i - 1]) != folder_of(pictures_[i]);
    if (is_first) ++alike[folder_keys_[folder_of(pictures_[i])]];
  }
  for (std::size_t begin = 0; begin < pictures_.size();) {
    const uint32_t folder = folder_of(pictures_[begin]);
    std::size_t end = begin;
    while (end < pictures_.size() && folder_of(pictures_[end]) == folder) ++end;
    const bool has_twin = alike.at(folder_keys_[folder]) > 1 && has_slots(marked_folders(folder));
    if (!has_twin) find_plain_files(std::span<const uint32_t>(pictures_.data() + begin, end - begin));
    begin = end;
  }
  if (plain_files_.empty()) return;
  const auto first = *std::min_element(plain_files_.begin(), plain_files_.end());
  notes_.push_back(counted(plain_files_.size(), "image") +
                   " without a word for the date taken for the other date of the same name with one, as " +
                   shown(first.first) + " beside " + shown(first.second));
}

// Among the pictures of one folder.
void Pictures::find_plain_files(std::span<const uint32_t> pictures) {
  Sided<uint32_t> sided;
  for (const uint32_t picture : pictures) {
    if (is_composed(picture)) continue;
    if (const auto found = sided_name(stem(picture), true)) sided.add(*found, picture);
    if (sided.both_sides()) return;
  }
  if (sided.count() == 0) return;
  std::map<std::string, uint32_t> names;
  for (const uint32_t picture : pictures) {
    if (!is_composed(picture)) names.emplace(small_name(stem(picture)), picture);
  }
  for (const uint32_t picture : pictures) {
    const std::optional<std::string> name = is_composed(picture) ? std::nullopt : without_between(stem(picture));
    if (name) names.emplace(*name, picture);
  }
  std::vector<std::pair<uint32_t, uint32_t>> found;
  bool may_tell_more = false;  // dates, numbers
  for (const auto& [base, partner] : sided.once()) {
    const auto plain = names.find(base);
    if (plain == names.end()) continue;
    const Marked name = marked_stem(plain->second);
    if (has_role(name)) continue;
    found.emplace_back(plain->second, partner);
    may_tell_more = may_tell_more || !name.slots.empty();
  }
  // Most of those with a word have a partner, and most pictures are among these pairs; all where names may tell more.
  const std::size_t most = may_tell_more ? pictures.size() - 1 : pictures.size() / 2;
  if (2 * found.size() <= sided.count() || 2 * found.size() <= most) return;
  plain_files_.insert(found.begin(), found.end());
}

}  // namespace ccx::pairs
