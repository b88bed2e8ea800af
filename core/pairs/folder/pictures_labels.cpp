// Which folders and files of a tree are labels, by their names and by what stands beside them (name_reader.h).
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/label_names.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// A_L is a label beside A, and beside A_img; buildings beside images.
constexpr std::array<const char*, 5> kOfPictures = {"", "_img", "_image", "_images", "_i"};
constexpr std::array<const char*, 9> kPictureFolders = {"image", "images", "img",   "imgs",   "rgb",
                                                        "ortho", "tiles",  "photo", "optical"};

std::vector<std::string> picture_folders_of(const std::string& base) {
  std::vector<std::string> names;
  if (base.empty()) return {kPictureFolders.begin(), kPictureFolders.end()};
  for (const char* tail : kOfPictures) names.push_back(ascii::lower(base) + tail);
  return names;
}

// "images" of "images_masked", as SpaceNet 7 lays pictures with their clouds blackened beside the whole ones.
std::string without_mask(std::string_view folder) {
  constexpr std::string_view kMasked = "_masked";
  const std::string name = ascii::lower(folder);
  return name.ends_with(kMasked) ? name.substr(0, name.size() - kMasked.size()) : "";
}

// Whether pictures of two dates are among these names: words that say so, letters and numbers of both, two dates.
class SidesSeen {
 public:
  void add(std::string_view stem) {
    for (const RoleSpan& role : roles_in(stem)) {
      const bool counts_from_one = role.family == RoleFamily::kTime || role.family == RoleFamily::kPicture;
      const int side = role.value - (counts_from_one ? 1 : 0);
      if (role.family == RoleFamily::kWord) both_ = true;
      if (side == 0 || side == 1) sides_[static_cast<std::size_t>(side)] = true;
    }
    // "2018_2019" is a change between two.
    const std::vector<DateSpan> dates = dates_in(stem);
    if (dates.size() != 1 || dates[0].is_noise) return;
    if (!date_) date_ = dates[0].date;
    both_ = both_ || !(*date_ == dates[0].date);
  }
  bool both() const { return both_ || (sides_[0] && sides_[1]); }

 private:
  bool both_ = false;
  std::array<bool, 2> sides_{};
  std::optional<Date> date_;
};

}  // namespace

Pictures::Beside Pictures::look_beside() const {
  // A million folders may be pairs: only what is asked for is kept.
  Beside beside;
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    const uint32_t parent = tree_.folder(folder).parent;
    std::string base;
    const LabelWord label = label_folder(tree_.folder_name(folder), &base);
    const std::string picture = picture_of_preview(tree_.folder_name(folder));
    if (!picture.empty()) beside.names[{parent, ascii::lower(picture)}] = false;
    if (const std::string whole = without_mask(tree_.folder_name(folder)); !whole.empty())
      beside.names[{parent, whole}] = false;
    if (label == LabelWord::kWeak) beside.times[parent] = 0;
    if (label != LabelWord::kBeside && label != LabelWord::kWeak) continue;
    if (label == LabelWord::kWeak) base = "";
    for (std::string& name : picture_folders_of(base)) beside.names[{parent, std::move(name)}] = false;
  }
  if (beside.names.empty() && beside.times.empty()) return beside;
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    const uint32_t parent = tree_.folder(folder).parent;
    const auto name = beside.names.find({parent, ascii::lower(tree_.folder_name(folder))});
    if (name != beside.names.end()) name->second = true;
    const auto times = beside.times.find(parent);
    if (times == beside.times.end()) continue;
    const Marked marked = marked_folder(folder);
    if (marked.key.size() == 1 && marked.slots.size() == 1) ++times->second;
  }
  return beside;
}

bool Pictures::is_label_folder(uint32_t folder, const Beside& beside) const {
  const NameTree::Folder& self = tree_.folder(folder);
  std::string base;
  const LabelWord label = label_folder(tree_.folder_name(folder), &base);
  const auto is_beside = [&](const std::string& name) { return beside.names.at({self.parent, name}); };
  const auto is_beside_pictures = [&](const std::string& of) {
    const std::vector<std::string> names = picture_folders_of(of);
    return std::any_of(names.begin(), names.end(), is_beside);
  };
  if (label == LabelWord::kBeside) return is_beside_pictures(base);
  if (label != LabelWord::kWeak) return label == LabelWord::kStrong;
  if (self.subfolders > 0) return false;
  // Beside the folders of two dates it is the third of them.
  if (beside.times.at(self.parent) > 1 || is_beside_pictures("")) return true;
  // A folder of scenes with a change has pairs in it.
  SidesSeen sides;
  for (uint32_t file = self.first_file; file < self.last_file && !sides.both(); ++file) {
    sides.add(file_stem(file));
  }
  return !sides.both();
}

std::unordered_set<uint32_t> Pictures::folders_of_all() const {
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  std::vector<std::size_t> files(count, 0);
  for (uint32_t folder = 0; folder < count; ++folder) {
    files[folder] = tree_.folder(folder).last_file - tree_.folder(folder).first_file;
  }
  std::unordered_set<uint32_t> out;
  for (uint32_t folder = count - 1; folder > 0; --folder) {  // a folder comes behind the one it is in
    if (files[folder] > 0 && files[folder] == tree_.file_count()) out.insert(folder);
    files[tree_.folder(folder).parent] += files[folder];
  }
  return out;
}

// What begins with a word for a label in capitals and a number are pictures called by codes, where there are no others.
void Pictures::take_codes() {
  if (coded_files_.empty()) return;
  if (pictures_.empty()) {
    notes_.push_back(
        counted(coded_files_.size(), "file") + " whose names begin like those of labels taken for pictures, " +
        "since there are no others and a number and a time follow, the first is " + shown(coded_files_[0]));
    pictures_.swap(coded_files_);
    return;
  }
  for (const uint32_t file : coded_files_) pass(labels_, file);
}

bool Pictures::is_masked_copy(uint32_t folder, const Beside& beside) const {
  const std::string whole = without_mask(tree_.folder_name(folder));
  return !whole.empty() && beside.names.at({tree_.folder(folder).parent, whole});
}

bool Pictures::is_preview_folder(uint32_t folder, const Beside& beside) const {
  const std::string_view name = tree_.folder_name(folder);
  const std::string picture = picture_of_preview(name);
  return is_preview_name(name) ||
         (!picture.empty() && beside.names.at({tree_.folder(folder).parent, ascii::lower(picture)}));
}

bool Pictures::is_label_file(uint32_t folder, uint32_t file, const std::vector<std::string_view>& stems) const {
  std::string base;
  const LabelWord word = label_word(file_stem(file), &base);
  const auto is_there = [&](const std::string& name) {
    return std::binary_search(stems.begin(), stems.end(), std::string_view(name));
  };
  // Of AICD's two pictures the one is called so: "x_target" beside "x_moving".
  constexpr std::string_view kTarget = "target";
  const std::string_view stem = file_stem(file);
  if (word == LabelWord::kStrong && stem.ends_with(kTarget) &&
      is_there(std::string(stem.substr(0, stem.size() - kTarget.size())) + "moving")) {
    return false;
  }
  if (word == LabelWord::kBeside) {
    if (is_there(base)) return true;
    const std::vector<std::string> names = names_of_picture(file_stem(file));
    return std::any_of(names.begin(), names.end(), is_there);
  }
  if (word != LabelWord::kWeak) return word == LabelWord::kStrong;
  // Beside a picture whose name begins like its own.
  const uint32_t own = file - tree_.folder(folder).first_file;
  for (auto it = std::lower_bound(stems.begin(), stems.end(), base); it != stems.end(); ++it) {
    if (it->substr(0, base.size()) != base) break;
    if (static_cast<uint32_t>(it - stems.begin()) == own || *it == stems[own]) continue;
    const bool ends = it->size() == base.size() || base.empty() || !ascii::is_digit((*it)[base.size()]);
    if (ends && label_word(*it) == LabelWord::kNone) return true;
  }
  return false;
}

}  // namespace ccx::pairs
