// The pictures of a tree: what is none is sorted out, what lies in several files is put together (name_reader.h).
#include <algorithm>
#include <array>
#include <map>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/base/hash.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/label_names.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

enum FolderState : uint8_t { kPlain, kLabels, kPreviews, kCopies, kPanchromatic };

}  // namespace

std::string small_name(std::string_view name) {
  return ascii::lower(composed(name));
}

uint64_t mixed(uint64_t seed, std::string_view text) {
  return stable_hash(text) + kGoldenGamma * (seed ^ (seed >> 29)) + 1;
}

Pictures::Pictures(const NameTree& tree, const NamingOptions& options) : tree_(tree), options_(options) {
  learn_upload_hashes();
  learn_numbers();
  find_sided_folders();
  find_plain_folders();
  sort_out_folders();
  for (uint32_t folder = 0; folder < tree_.folder_count(); ++folder) sort_out_files(folder);
  take_codes();
  if (pictures_.empty()) {
    pictures_.swap(preview_files_);  // then they are the pictures
    if (!pictures_.empty()) {
      notes_.push_back("nothing but previews and thumbnails here: they are taken for the pictures, the first is " +
                       shown(pictures_[0]));
    }
    previews_ = {};
  }
  // OSCD lays a picture of the pair beside its bands.
  if (!composed_.empty()) {
    std::unordered_set<uint32_t> parents;
    for (const auto& bands : composed_) parents.insert(tree_.folder(tree_.folder_of(bands[0])).parent);
    std::erase_if(pictures_, [&](uint32_t picture) {
      const uint32_t folder = folder_of(picture);
      const bool is_copy = !is_composed(picture) && ascii::lower(tree_.folder_name(folder)) == "pair" &&
                           parents.count(tree_.folder(folder).parent) != 0;
      if (is_copy) pass(copies_, picture);
      return is_copy;
    });
  }
  drop_panchromatic();
  find_plain_files();
  if (!composed_.empty()) {
    notes_.push_back(counted(composed_.size(), "picture") +
                     " put together from files of red, green and blue, the first from " + shown(composed_[0][0]));
  }
  note(labels_, " of labels, masks, quality layers or maps",
       " (--before GLOB --after GLOB takes such names all the same)");
  note(previews_, " with previews of others");
  note(copies_, " of pictures that are among the pairs in another form",
       " (--before GLOB --after GLOB takes them all the same)");
  note(stacked_, " that a .vrt shows as one picture");
  note(bands_, " of bands other than red, green and blue");
  note(panchromatic_, " of panchromatic pictures beside multispectral ones of the same date");
  std::string unread;
  std::size_t count = 0;
  for (const auto& [extension, kind] : tree_.unread) {
    unread += (unread.empty() ? "" : ", ") + extension + " " + std::to_string(kind.count);
    count += kind.count;
  }
  if (count > 0) {
    notes_.push_back(
        counted(count, "picture") + " in formats that ccx does not read passed over (" + unread + "), the first is " +
        printable(utf8_name((options_.root.empty() ? "" : options_.root + "/") + tree_.unread.begin()->second.first)) +
        "; convert them to PNG, JPEG, WebP or TIFF");
  }
}

uint64_t Pictures::key_hash(uint32_t picture) const {
  return mixed(folder_keys_[folder_of(picture)] ^ 0x5CULL, marked_stem(picture).key);
}

void Pictures::pass(Passed& passed, uint32_t file) {
  if (++passed.count == 1) passed.first = file;
}

void Pictures::note(const Passed& passed, const std::string& what, const std::string& advice) {
  if (passed.count == 0) return;
  notes_.push_back(counted(passed.count, "file") + what + " passed over, the first is " + shown(passed.first) + advice);
}

// --- folders --------------------------------------------------------------------------------------------------------

void Pictures::learn_numbers() {
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  months_below_.assign(count, true);
  std::unordered_map<uint32_t, NumberSense> senses;
  for (uint32_t folder = 1; folder < count; ++folder) {
    const std::string_view name = tree_.folder_name(folder);
    const uint32_t parent = tree_.folder(folder).parent;
    senses[parent].first(name);
    folder_months_.add(name);
    folder_days_.add(name);
    const bool is_small = is_two_digits(name) && number_of(name) >= 1 && number_of(name) <= 31;
    if (!is_small) months_below_[parent] = false;
    month_first_ = month_first_ || is_month_first(name);
  }
  for (uint32_t folder = 1; folder < count; ++folder) {
    senses[tree_.folder(folder).parent].second(tree_.folder_name(folder));
  }
  for (auto& [parent, sense] : senses) {
    if (sense.counts()) folder_numbers_.emplace(parent, std::move(sense));
  }
  for (uint32_t folder = 0; folder < count; ++folder) {
    const NameTree::Folder& place = tree_.folder(folder);
    NumberSense sense;
    for (uint32_t file = place.first_file; file < place.last_file; ++file) {
      const std::string_view stem = file_stem(file);
      sense.first(stem);
      file_months_.add(stem);
      file_days_.add(stem);
      month_first_ = month_first_ || is_month_first(stem);
    }
    if (sense.empty()) continue;
    for (uint32_t file = place.first_file; file < place.last_file; ++file) sense.second(file_stem(file));
    if (sense.counts()) file_numbers_.emplace(folder, std::move(sense));
  }
}

void Pictures::sort_out_folders() {
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  folder_state_.assign(count, kPlain);
  folder_keys_.assign(count, 0);
  // A folder X beside X_rect holds the same bands before they were brought to one size; R20m beside R10m coarser ones.
  std::unordered_set<uint64_t> coarser;
  const auto place = [&](uint32_t parent, std::string_view name) { return mixed(parent, name); };
  for (uint32_t folder = 1; folder < count; ++folder) {
    const std::string_view name = tree_.folder_name(folder);
    const uint32_t parent = tree_.folder(folder).parent;
    if (name.size() > 5 && name.substr(name.size() - 5) == "_rect") {
      coarser.insert(place(parent, name.substr(0, name.size() - 5)));
    }
    if (name == "R10m") {
      coarser.insert(place(parent, "R20m"));
      coarser.insert(place(parent, "R60m"));
    }
  }
  const Beside beside = look_beside();
  const std::unordered_set<uint32_t> panchromatic = panchromatic_folders();
  const std::unordered_set<uint32_t> other_forms = this->other_forms();
  const std::unordered_set<uint32_t> of_all = folders_of_all();
  for (uint32_t folder = 1; folder < count; ++folder) {
    const NameTree::Folder& self = tree_.folder(folder);
    const std::string_view name = tree_.folder_name(folder);
    uint8_t state = folder_state_[self.parent];
    if (state == kPlain) {
      const bool is_called_label = is_label_folder(folder, beside);
      const bool is_of_all = is_called_label && of_all.count(folder) != 0 && says_more_than_label(name);
      if (is_of_all) {
        notes_.push_back(
            "the folder " + shown_folder(folder) +
            " is called by a word for labels, but holds all that is here: it was taken for one of pictures");
      }
      state = is_called_label && !is_of_all                  ? kLabels
              : is_preview_folder(folder, beside)            ? kPreviews
              : is_masked_copy(folder, beside)               ? kCopies
              : coarser.count(place(self.parent, name)) != 0 ? kCopies
              : panchromatic.count(folder) != 0              ? kPanchromatic
              : other_forms.count(folder) != 0               ? kCopies
                                                             : kPlain;
    }
    folder_state_[folder] = state;
    const bool is_repeated = repeats_folder_above(folder);
    if (is_repeated) repeated_folders_.insert(folder);
    const uint64_t above = folder_keys_[self.parent];
    folder_keys_[folder] = is_repeated ? above : mixed(above, marked_folder(folder).key);
  }
}

// --- files
// ------------------------------------------------------------------------------------------------------------

void Pictures::sort_out_files(uint32_t folder) {
  const NameTree::Folder& place = tree_.folder(folder);
  std::vector<std::string_view> stems;
  for (uint32_t file = place.first_file; file < place.last_file; ++file) stems.push_back(file_stem(file));
  std::sort(stems.begin(), stems.end());
  const auto is_beside_picture = [&](std::string_view stem) {
    const std::string picture = picture_of_preview(stem);
    return !picture.empty() && std::binary_search(stems.begin(), stems.end(), std::string_view(picture));
  };
  std::vector<uint32_t> banded;
  const std::size_t before = pictures_.size();
  for (uint32_t file = place.first_file; file < place.last_file; ++file) {
    const std::string_view stem = file_stem(file);
    if (tree_.parts.count(file) != 0) {
      pass(stacked_, file);
    } else if (folder_state_[folder] == kLabels || is_label_file(folder, file, stems)) {
      if (folder_state_[folder] == kPlain && may_be_code(stem)) {
        coded_files_.push_back(file);
      } else {
        pass(labels_, file);
      }
    } else if (folder_state_[folder] == kCopies) {
      pass(copies_, file);
    } else if (folder_state_[folder] == kPanchromatic) {
      pass(panchromatic_, file);
    } else if (folder_state_[folder] == kPreviews || is_preview_name(stem) || is_beside_picture(stem)) {
      pass(previews_, file);
      preview_files_.push_back(file);
    } else if (band_name(stem)) {
      banded.push_back(file);
    } else {
      pictures_.push_back(file);
    }
  }
  const std::span<const uint32_t> others(pictures_.data() + before, pictures_.size() - before);
  if (!banded.empty() && are_sheets(banded, others)) {
    pictures_.insert(pictures_.end(), banded.begin(), banded.end());
    return;
  }
  if (!are_bands_of_mosaic(folder, banded)) return sort_out_bands(folder, banded);
  for (const uint32_t file : banded) pass(stacked_, file);
}

}  // namespace ccx::pairs
