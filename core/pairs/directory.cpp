// Pairs in a directory: twin folders, names with suffixes, one folder a pair; and the images that have no partner.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/graph/error.h"
#include "core/pairs/names.h"
#include "core/pairs/pairs.h"
#include "core/pairs/roles.h"
#include "core/pairs/tree.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExpected =
    "expected folders A/ and B/ (or before/after, pre/post, T1/T2, im1/im2), names ending in _before and _after "
    "(or _pre_disaster/_post_disaster, _A/_B), or one folder a pair with two images";

std::string joined_id(const std::string& folder, const std::string& rest) {
  return folder.empty() ? rest : folder + "/" + rest;
}

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool has_digit(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// Images that passed for the same half of the same pair, for both halves.
struct Slot {
  std::vector<const ImageFile*> before;
  std::vector<const ImageFile*> after;
  std::vector<const ImageFile*>& of(Side side) { return side == Side::kBefore ? before : after; }
  bool complete() const { return !before.empty() && !after.empty(); }
};

class DirectoryPairs {
 public:
  explicit DirectoryPairs(const PairSource& source) : source_(source), tree_(find_images(source.in)) {}

  PairList run() {
    list_.notes = tree_.notes;
    const Layout wanted = source_.layout;
    if (tree_.images.empty()) fail_without_pairs();
    if (wanted == Layout::kAuto || wanted == Layout::kFolders) pair_twin_folders();
    if (list_.layout == Layout::kAuto) {
      if (wanted == Layout::kAuto || wanted == Layout::kSuffixes) pair_suffixes();
      if (wanted == Layout::kAuto || wanted == Layout::kPairFolders) pair_within_folders();
      if (list_.layout == Layout::kAuto) list_.layout = wanted == Layout::kAuto ? Layout::kSuffixes : wanted;
      for (const ImageFile& image : tree_.images) add_single(image);
    }
    if (complete_ == 0 && recognised_ == 0) fail_without_pairs();
    note_passed_over();
    std::sort(list_.pairs.begin(), list_.pairs.end(), [](const Pair& a, const Pair& b) { return a.id < b.id; });
    return std::move(list_);
  }

 private:
  using TwinKey = std::pair<std::string, int>;  // the folder that holds both, and the family of their names

  [[noreturn]] void fail_without_pairs() const {
    std::string found = "no images (.png, .jpg, .webp, .tif, .bmp)";
    if (!tree_.images.empty()) found = plural(tree_.images.size(), "image") + " and no pairs";
    if (tree_.images.empty() && tree_.other_files > 0) found += ", only " + plural(tree_.other_files, "other file");
    throw InputError(source_.in.string() + " holds " + found + "; " + kExpected);
  }

  fs::path path_of(const ImageFile& image) const {
    fs::path path = source_.in;
    for (const std::string& folder : image.folders) path /= folder;
    return tidied(path / image.name);
  }

  std::string shown(const ImageFile& image) const { return printable(utf8_name(path_of(image).string())); }

  // --- twin folders ---------------------------------------------------------------------------------------------

  // Folders called A and B are no twins when each holds a before and an after of its own: then they are pairs.
  bool holds_named_pair(const std::string& folder) const {
    std::set<std::pair<int, Side>> words;
    for (const ImageFile& image : tree_.images) {
      if (joined_path(image.folders, image.folders.size()) != folder) continue;
      if (const auto role = role_of_name(image.stem()); role && is_plain_word(*role)) {
        words.emplace(role->family, role->side);
      }
    }
    return words.size() == 2 && words.begin()->first == words.rbegin()->first;
  }

  std::map<TwinKey, std::pair<std::string, std::string>> twin_folders() const {
    std::map<TwinKey, std::pair<std::string, std::string>> halves;
    for (const std::string& folder : tree_.folders) {
      const std::size_t slash = folder.rfind('/');
      const std::string parent = slash == std::string::npos ? "" : folder.substr(0, slash);
      const std::string name = slash == std::string::npos ? folder : folder.substr(slash + 1);
      const auto role = role_of_name(name);
      if (!role || holds_named_pair(folder)) continue;
      auto& [before, after] = halves[{parent, role->family}];
      (role->side == Side::kBefore ? before : after) = name;
    }
    std::erase_if(halves, [](const auto& entry) { return entry.second.first.empty() || entry.second.second.empty(); });
    return halves;
  }

  // The position of the first folder on an image's way that has a role `accepts` agrees to, or npos.
  template <typename Accepts>
  static std::size_t role_folder(const ImageFile& image, const Accepts& accepts) {
    for (std::size_t i = 0; i < image.folders.size(); ++i) {
      const auto role = role_of_name(image.folders[i]);
      if (role && accepts(joined_path(image.folders, i), *role)) return i;
    }
    return std::string::npos;
  }

  // What follows the folder at `position`, without extension.
  static std::string rest_after(const ImageFile& image, std::size_t position) {
    std::string rest;
    for (std::size_t i = position + 1; i < image.folders.size(); ++i) rest += image.folders[i] + "/";
    return rest + image.stem();
  }

  void pair_twin_folders() {
    const auto twins = twin_folders();
    if (twins.empty()) return;
    list_.layout = Layout::kFolders;
    std::map<std::tuple<std::string, int, std::string>, Slot> slots;
    for (const ImageFile& image : tree_.images) {
      std::size_t at = role_folder(image, [&](const std::string& parent, const Role& role) {
        return twins.count({parent, role.family}) != 0;
      });
      if (at == std::string::npos) {
        // A folder A without B where other folders have both: its images lack a partner.
        at = role_folder(image, [&](const std::string&, const Role& role) {
          return std::any_of(twins.begin(), twins.end(), [&](const auto& t) { return t.first.second == role.family; });
        });
      }
      if (at == std::string::npos) {
        passed_over_.push_back(&image);
        continue;
      }
      const Role role = *role_of_name(image.folders[at]);
      slots[{joined_path(image.folders, at), role.family, rest_after(image, at)}].of(role.side).push_back(&image);
    }
    for (const auto& [key, slot] : slots) {
      const auto& [parent, family, rest] = key;
      const auto twin = twins.find({parent, family});
      std::string place = "beside " + (parent.empty() ? source_.in.string() : (source_.in / parent).string());
      if (twin != twins.end()) {
        const auto& [before, after] = twin->second;
        place = "in " + (source_.in / parent / (slot.before.empty() ? before : after)).string();
      }
      add(joined_id(parent, rest), slot, "there is no image '" + rest + "' " + place);
    }
  }

  // --- suffixes and pair folders ----------------------------------------------------------------------------------

  void pair_suffixes() {
    std::map<std::tuple<std::string, std::string, int>, Slot> slots;
    for (const ImageFile& image : tree_.images) {
      if (const auto name = split_suffix(image.stem())) {
        const std::string folder = joined_path(image.folders, image.folders.size());
        slots[{folder, name->base, name->role.family}].of(name->role.side).push_back(&image);
      }
    }
    for (const auto& [key, slot] : slots) {
      if (!slot.complete()) continue;
      list_.layout = Layout::kSuffixes;
      add(joined_id(std::get<0>(key), std::get<1>(key)), slot, "");
      folders_with_named_pairs_.insert(std::get<0>(key));
    }
  }

  void pair_within_folders() {
    std::map<std::string, std::vector<const ImageFile*>> folders;
    for (const ImageFile& image : tree_.images) {
      folders[joined_path(image.folders, image.folders.size())].push_back(&image);
    }
    images_in_ = {};
    for (const auto& [folder, images] : folders) {
      images_in_[folder] = images.size();
      const Slot slot = halves_of_folder(images);
      if (!slot.complete()) continue;
      if (list_.layout == Layout::kAuto) list_.layout = Layout::kPairFolders;
      add(folder_id(folder), slot, "");
      folders_with_named_pairs_.insert(folder);
    }
    if (guessed_orders_ > 0) {
      list_.notes.push_back(plural(guessed_orders_, "folder") +
                            " with two images whose names do not say which is first: taken in byte order, as in " +
                            guessed_example_);
    }
  }

  Slot halves_of_folder(const std::vector<const ImageFile*>& images) {
    std::map<int, Slot> by_family;
    bool any_role = false;
    for (const ImageFile* image : images) {
      if (const auto role = role_of_name(image->stem())) by_family[role->family].of(role->side).push_back(image);
      any_role = any_role || role_of_name(image->stem()) || split_suffix(image->stem()) || used_.count(image) != 0;
    }
    for (const auto& [family, slot] : by_family) {
      if (slot.complete()) return slot;
    }
    // A folder called A that has no B holds halves of pairs, not a pair.
    const bool in_role_folder =
        role_folder(*images[0], [](const std::string&, const Role&) { return true; }) != std::string::npos;
    if (any_role || in_role_folder || images.size() != 2) return {};
    const ImageFile* first = images[0];
    const ImageFile* second = images[1];
    if (natural_less(second->stem(), first->stem())) std::swap(first, second);
    if (!has_digit(first->stem()) || !has_digit(second->stem())) {
      if (++guessed_orders_ == 1) guessed_example_ = shown(*first);
    }
    Slot slot;
    slot.before = {first};
    slot.after = {second};
    return slot;
  }

  // An image that no rule gave a partner: half a pair where its name or place says so, passed over beside named pairs.
  void add_single(const ImageFile& image) {
    if (used_.count(&image) != 0) return;
    const std::string folder = joined_path(image.folders, image.folders.size());
    const std::string missing = shown(image) + " has no partner";
    Slot slot;
    std::string id;
    const std::size_t at = role_folder(image, [](const std::string&, const Role&) { return true; });
    if (const auto role = role_of_name(image.stem())) {
      slot.of(role->side).push_back(&image);
      id = folder_id(folder);
    } else if (const auto suffixed = split_suffix(image.stem())) {
      slot.of(suffixed->role.side).push_back(&image);
      id = joined_id(folder, suffixed->base);
    } else if (at != std::string::npos) {
      slot.of(role_of_name(image.folders[at])->side).push_back(&image);
      id = joined_id(joined_path(image.folders, at), rest_after(image, at));
    } else if (folders_with_named_pairs_.count(folder) != 0) {
      passed_over_.push_back(&image);
      return;
    } else {
      slot.before.push_back(&image);
      const auto count = images_in_.find(folder);
      const bool is_alone = !folder.empty() && count != images_in_.end() && count->second == 1;
      add(is_alone ? folder : joined_id(folder, image.stem()), slot, missing);
      return;
    }
    ++recognised_;
    add(id, slot, missing);
  }

  // --- what comes out -----------------------------------------------------------------------------------------------

  // A folder that is a pair gives its name; the input itself may be one.
  std::string folder_id(const std::string& folder) const {
    if (!folder.empty()) return folder;
    const fs::path whole = fs::absolute(source_.in).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  }

  void add(const std::string& id, const Slot& slot, const std::string& missing) {
    for (const auto* side : {&slot.before, &slot.after}) {
      if (side->size() > 1) {
        throw InputError("the id '" + printable(utf8_name(id)) + "' occurs twice, for " + shown(*(*side)[0]) + " and " +
                         shown(*(*side)[1]) + "; remove or rename one");
      }
    }
    Pair pair;
    pair.id = utf8_name(id);
    if (!slot.before.empty()) pair.before = path_of(*slot.before[0]).string();
    if (!slot.after.empty()) pair.after = path_of(*slot.after[0]).string();
    if (slot.complete()) {
      ++complete_;
    } else {
      pair.missing = utf8_name(missing);
      if (list_.layout == Layout::kFolders) ++recognised_;
    }
    for (const auto* side : {&slot.before, &slot.after}) used_.insert(side->begin(), side->end());
    list_.pairs.push_back(std::move(pair));
  }

  void note_passed_over() {
    if (passed_over_.empty()) return;
    list_.notes.push_back(plural(passed_over_.size(), "image") + " beside the pairs passed over, the first is " +
                          shown(*passed_over_[0]));
  }

  const PairSource& source_;
  const ImageTree tree_;
  PairList list_;
  std::set<const ImageFile*> used_;
  std::set<std::string> folders_with_named_pairs_;
  std::map<std::string, std::size_t> images_in_;
  std::vector<const ImageFile*> passed_over_;
  std::size_t complete_ = 0;
  std::size_t recognised_ = 0;  // halves whose name or place says that they are one
  std::size_t guessed_orders_ = 0;
  std::string guessed_example_;
};

}  // namespace

PairList pairs_in_directory(const PairSource& source) {
  if (!source.split.empty()) {
    throw UsageError("--split is for LEVIR-CC's captions file, and " + source.in.string() + " is a directory");
  }
  return DirectoryPairs(source).run();
}

}  // namespace ccx::pairs
