// The names of pictures and folders, taken apart into times and places (name_reader.h).
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/dates_products.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {

uint32_t Pictures::folder_of(uint32_t picture) const {
  return tree_.folder_of(is_composed(picture) ? composed_[picture - tree_.file_count()][0] : picture);
}

std::string Pictures::stem(uint32_t picture) const {
  if (is_composed(picture)) return composed_stems_[picture - tree_.file_count()];
  return std::string(file_stem(picture));
}

std::string Pictures::file_name(uint32_t picture) const {
  return std::string(tree_.file_name(is_composed(picture) ? composed_[picture - tree_.file_count()][0] : picture));
}

std::string Pictures::shown(uint32_t picture) const {
  const uint32_t file = is_composed(picture) ? composed_[picture - tree_.file_count()][0] : picture;
  return printable(utf8_name((options_.root.empty() ? "" : options_.root + "/") + tree_.file_path(file)));
}

std::string Pictures::shown_folder(uint32_t folder) const {
  const std::string path = tree_.folder_path(folder);
  if (path.empty()) return printable(utf8_name(options_.root.empty() ? "." : options_.root));
  return printable(utf8_name((options_.root.empty() ? "" : options_.root + "/") + path));
}

// B/B holds what B would, where B says the date.
bool Pictures::repeats_folder_above(uint32_t folder) const {
  const uint32_t parent = tree_.folder(folder).parent;
  const NameTree::Folder& above = tree_.folder(parent);
  if (parent == NameTree::kRoot || above.subfolders != 1 || above.first_file != above.last_file) return false;
  if (ascii::lower(tree_.folder_name(folder)) != ascii::lower(tree_.folder_name(parent))) return false;
  return !marked_folder(parent).slots.empty();
}

std::vector<uint32_t> Pictures::way_to(uint32_t folder) const {
  std::vector<uint32_t> way;
  for (uint32_t at = folder; at != NameTree::kRoot; at = tree_.folder(at).parent) {
    if (repeated_folders_.count(at) == 0) way.push_back(at);
  }
  std::reverse(way.begin(), way.end());
  return way;
}

Marked Pictures::unmarked(std::string_view name) {
  Marked out;
  for (const char c : ccx::pairs::composed(name)) {
    const bool is_escaped = (c >= 1 && c <= 7) || c == '\x1B';
    if (is_escaped) out.key += '\x1B';
    out.key += is_escaped ? static_cast<char>(c + 'A') : c;
  }
  return out;
}

Marked Pictures::marked_folder(uint32_t folder) const {
  const std::string_view name = tree_.folder_name(folder);
  if (options_.layout == Layout::kSuffixes || options_.layout == Layout::kPairFolders) return unmarked(name);
  const uint32_t parent = tree_.folder(folder).parent;
  if (const auto plain = plain_folders_.find(folder); plain != plain_folders_.end()) {
    return of_other_date(marked_folder(plain->second));
  }
  const bool has_next = folder + 1 < tree_.folder_count() && tree_.folder(folder + 1).parent == folder;
  if (has_next && is_part_of_order(tree_.folder_name(folder + 1)) && is_order(name)) return {};
  // 2019/05/01
  if (is_two_digits(name) && parent != NameTree::kRoot && months_below_[parent]) {
    const Marked above = marked_folder(parent);
    if (above.slots.size() == 1 && above.key.size() == 1 && above.slots[0].kind == SlotKind::kDate) {
      Marked out = above;
      Slot& slot = out.slots[0];
      slot.text = name;
      const int number = number_of(name);
      int& part = slot.date.month == 0 ? slot.date.month : slot.date.day;
      if (slot.date.year != 0 && part == 0 && number >= 1 && number <= (slot.date.month == 0 ? 12 : 31)) {
        part = number;
        slot.value = packed_value(slot.date);
        return out;
      }
    }
  }
  const auto numbers = folder_numbers_.find(parent);
  DateRules rules;
  if (numbers != folder_numbers_.end()) rules = numbers->second.rules(name, month_first_);
  rules.month_first = month_first_;
  rules.counting |= folder_months_.counting(name) | folder_days_.counting(name);
  rules.has_satellite = is_planet_scene(folder);
  return marked(name, true, rules);
}

Marked Pictures::marked_stem(uint32_t picture) const {
  const std::string name = stem(picture);
  if (options_.layout == Layout::kFolders) return unmarked(name);
  if (const auto plain = plain_files_.find(picture); plain != plain_files_.end()) {
    return of_other_date(marked_stem(plain->second));
  }
  DateRules rules;
  if (const auto numbers = file_numbers_.find(folder_of(picture));
      numbers != file_numbers_.end() && !is_composed(picture)) {
    rules = numbers->second.rules(name, month_first_);
  }
  rules.month_first = month_first_;
  rules.counting |= file_months_.counting(name) | file_days_.counting(name);
  return marked(name, false, rules);
}

std::vector<Marked> Pictures::marked_folders(uint32_t folder) const {
  std::vector<Marked> names;
  for (const uint32_t at : way_to(folder)) names.push_back(marked_folder(at));
  return names;
}

std::vector<Marked> Pictures::marked_names(uint32_t picture) const {
  std::vector<Marked> names = marked_folders(folder_of(picture));
  names.push_back(marked_stem(picture));
  return names;
}

}  // namespace ccx::pairs
