// What the parts of pairs_by_names() share: the pictures of a tree, taken apart into times and places.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/pairs/folder/by_names.h"
#include "core/pairs/folder/name_tree.h"
#include "core/pairs/naming/days.h"
#include "core/pairs/naming/markers.h"
#include "core/pairs/naming/months.h"

namespace ccx::pairs {

// The pictures of a tree: files that are neither labels nor previews, and pictures composed of files of bands.
class Pictures {
 public:
  Pictures(const NameTree& tree, const NamingOptions& options);

  const NameTree& tree() const { return tree_; }
  const std::vector<uint32_t>& all() const { return pictures_; }
  const std::vector<std::array<uint32_t, 3>>& composites() const { return composed_; }
  std::vector<std::string>& notes() { return notes_; }
  std::size_t labels() const { return labels_.count; }
  uint32_t first_label() const { return labels_.first; }
  std::size_t panchromatic() const { return panchromatic_.count; }

  bool is_composed(uint32_t picture) const { return picture >= tree_.file_count(); }
  uint32_t folder_of(uint32_t picture) const;
  std::string stem(uint32_t picture) const;
  std::string file_name(uint32_t picture) const;  // of a composed picture its red band's
  std::string shown(uint32_t picture) const;      // its path on one line, the root in front
  std::string shown_folder(uint32_t folder) const;

  // A hash of the picture's key: equal for pictures whose names differ in slots alone.
  uint64_t key_hash(uint32_t picture) const;
  uint64_t folder_key_hash(uint32_t folder) const { return folder_keys_[folder]; }

  // The names from the root down to the picture's folder, then its stem.
  std::vector<Marked> marked_names(uint32_t picture) const;
  std::vector<Marked> marked_folders(uint32_t folder) const;
  // Whether a folder on the way says "before" or "after" and one beside it the other: what lies in it is of one date.
  bool is_of_one_side(uint32_t folder) const { return sided_folders_[folder]; }
  // Folders below the root, from the top down; of B/B, as an archive unpacks, the first.
  std::vector<uint32_t> way_to(uint32_t folder) const;

 private:
  struct Passed {
    std::size_t count = 0;
    uint32_t first = 0;
  };

  // What stands beside folders that may be labels, by the folder above: whether one of a name in small letters, and how
  // many whose names are but a time.
  struct Beside {
    std::map<std::pair<uint32_t, std::string>, bool> names;
    std::unordered_map<uint32_t, std::size_t> times;
  };
  Beside look_beside() const;

  void sort_out_folders();
  std::unordered_set<uint32_t> folders_of_all() const;  // that hold all pictures
  void take_codes();
  bool is_label_folder(uint32_t folder, const Beside& beside) const;
  bool is_preview_folder(uint32_t folder, const Beside& beside) const;
  bool is_masked_copy(uint32_t folder, const Beside& beside) const;
  std::unordered_set<uint32_t> panchromatic_folders() const;  // beside multispectral ones
  std::unordered_set<uint32_t> other_forms() const;           // folders beside pictures that hold the same names
  std::unordered_map<uint32_t, uint32_t> possible_originals() const;
  void drop_panchromatic();
  void learn_numbers();
  void learn_upload_hashes();
  std::string_view file_stem(uint32_t file) const;  // without the hash of an upload
  void sort_out_files(uint32_t folder);
  void sort_out_bands(uint32_t folder, const std::vector<uint32_t>& files);
  bool are_sheets(const std::vector<uint32_t>& files, std::span<const uint32_t> others) const;
  bool are_bands_of_mosaic(uint32_t folder, const std::vector<uint32_t>& files) const;
  bool is_label_file(uint32_t folder, uint32_t file, const std::vector<std::string_view>& stems) const;
  void pass(Passed& passed, uint32_t file);
  void note(const Passed& passed, const std::string& what, const std::string& advice = "");
  Marked marked_folder(uint32_t folder) const;
  bool is_planet_scene(uint32_t folder) const;
  bool repeats_folder_above(uint32_t folder) const;
  void find_sided_folders();
  void find_plain_folders();
  void find_plain_files();
  void find_plain_files(std::span<const uint32_t> pictures);
  void keep_same_names(std::vector<std::pair<uint32_t, uint32_t>>& pairs) const;
  static Marked of_other_date(Marked partner);
  Marked marked_stem(uint32_t picture) const;
  static Marked unmarked(std::string_view name);

  const NameTree& tree_;
  const NamingOptions& options_;
  bool month_first_ = false;
  std::vector<uint8_t> folder_state_;
  std::vector<bool> months_below_;                            // all folders in it are called 01 to 12
  std::unordered_map<uint32_t, NumberSense> folder_numbers_;  // by the folder above
  std::unordered_map<uint32_t, NumberSense> file_numbers_;    // by the folder
  MonthSense folder_months_, file_months_;                    // of all folders, of all files
  DaySense folder_days_, file_days_;
  // Of what lacks a word for its date the partner that has one.
  std::unordered_map<uint32_t, uint32_t> plain_folders_, plain_files_;
  std::unordered_set<uint32_t> hashed_folders_;    // whose names carry hashes of an upload
  std::unordered_set<uint32_t> repeated_folders_;  // B in B/B
  std::vector<bool> sided_folders_;
  std::vector<uint64_t> folder_keys_;
  std::vector<uint32_t> pictures_;
  std::vector<std::array<uint32_t, 3>> composed_;
  std::vector<std::string> composed_stems_;
  Passed labels_, previews_, bands_, copies_, panchromatic_, stacked_;
  std::vector<uint32_t> preview_files_, coded_files_;
  std::vector<std::string> notes_;
};

// A name in small letters and one spelling of umlauts.
std::string small_name(std::string_view name);
// A hash of a name below what `seed` is a hash of.
uint64_t mixed(uint64_t seed, std::string_view text);

}  // namespace ccx::pairs
