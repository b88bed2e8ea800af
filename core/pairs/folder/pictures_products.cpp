// Products of satellites in a tree: of their two parts the multispectral one is the picture (name_reader.h).
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/label_names.h"
#include "core/pairs/naming/panchromatic.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {

// A folder of one scene: its pictures, in it or in the folder of a bundle, are called like it.
bool Pictures::is_planet_scene(uint32_t folder) const {
  const std::string_view name = tree_.folder_name(folder);
  if (name.size() != 20 || name[8] != '_' || name[15] != '_') return false;
  for (const uint32_t at : {folder, folder + 1}) {
    if (at >= tree_.folder_count() || (at != folder && tree_.folder(at).parent != folder)) continue;
    const NameTree::Folder& place = tree_.folder(at);
    if (place.first_file == place.last_file) continue;
    const std::string_view file = tree_.file_name(place.first_file);
    const bool is_called_so = file.substr(0, name.size()) == name && file.size() > name.size() + 2;
    if (is_called_so && (file.substr(name.size(), 3) == "_3B" || file.substr(name.size(), 3) == "_1B")) return true;
  }
  return false;
}

// Bands of one picture beside a single .vrt, which no file is opened to read: they are what it shows.
bool Pictures::are_bands_of_mosaic(uint32_t folder, const std::vector<uint32_t>& files) const {
  if (files.size() < 2) return false;
  std::string mosaic;
  std::size_t mosaics = 0;
  const NameTree::Folder& place = tree_.folder(folder);
  for (uint32_t file = place.first_file; file < place.last_file; ++file) {
    if (extension_of(tree_.file_name(file)) != ".vrt") continue;
    mosaic = file_stem(file);
    ++mosaics;
  }
  if (mosaics != 1 || band_name(mosaic) || is_preview_name(mosaic)) return false;
  if (label_word(mosaic) != LabelWord::kNone) return false;
  const std::string base = band_name(file_stem(files[0]))->base;
  return std::all_of(files.begin(), files.end(),
                     [&](uint32_t file) { return band_name(file_stem(file))->base == base; });
}

// B1 to B4 of a map's sheets, beside A2 or C3; red, green and blue zones beside a yellow one; block_B2.
bool Pictures::are_sheets(const std::vector<uint32_t>& files, std::span<const uint32_t> others) const {
  static constexpr std::array<std::string_view, 22> kSheets = {
      "block", "sheet", "tile",   "cell",  "grid",     "zone",    "lot",  "plot", "parcel", "site",  "area",
      "row",   "map",   "sector", "patch", "quadrant", "section", "unit", "farm", "field",  "house", "building"};
  static constexpr std::array<std::string_view, 12> kOtherColours = {
      "yellow", "orange", "purple", "pink", "white", "black", "brown", "grey", "gray", "violet", "cyan", "magenta"};
  std::set<std::string> numbered;
  std::set<std::string> coloured;
  for (const uint32_t file : files) {
    const BandName name = *band_name(file_stem(file));
    const std::vector<std::string_view> words = words_of(name.base);
    if (!words.empty() && is_one_of(ascii::lower(words.back()), kSheets)) return true;
    const bool is_number = name.band.size() > 1 && ascii::is_digit(name.band[1]);
    (is_number ? numbered : coloured).insert(name.base);
  }
  return std::any_of(others.begin(), others.end(), [&](uint32_t file) {
    const std::string_view stem = file_stem(file);
    const std::vector<NamePart> parts = parts_of(stem);
    if (parts.empty()) return false;
    const std::string word = ascii::lower(stem.substr(parts.back().begin));
    const std::string base(without_separators_behind(stem.substr(0, parts.back().begin)));
    const bool is_sheet = word.size() >= 2 && word.size() <= 3 && ascii::is_letter(word[0]) &&
                          std::all_of(word.begin() + 1, word.end(), ascii::is_digit);
    return (is_sheet && numbered.count(base) != 0) || (is_one_of(word, kOtherColours) && coloured.count(base) != 0);
  });
}

std::unordered_set<uint32_t> Pictures::panchromatic_folders() const {
  std::set<std::pair<uint32_t, std::string>> multispectral;
  std::vector<std::pair<uint32_t, std::string>> candidates;
  for (uint32_t folder = 1; folder < tree_.folder_count(); ++folder) {
    std::optional<SpectralName> name = spectral_name(tree_.folder_name(folder));
    if (!name) continue;
    if (name->is_panchromatic) {
      candidates.emplace_back(folder, std::move(name->key));
    } else {
      multispectral.emplace(tree_.folder(folder).parent, std::move(name->key));
    }
  }
  std::unordered_set<uint32_t> out;
  for (const auto& [folder, key] : candidates) {
    if (multispectral.count({tree_.folder(folder).parent, key}) != 0) out.insert(folder);
  }
  return out;
}

void Pictures::drop_panchromatic() {
  using Key = std::pair<uint32_t, std::string>;
  std::set<Key> multispectral, visual;
  std::vector<std::pair<uint32_t, SpectralName>> named;
  for (const uint32_t picture : pictures_) {
    if (is_composed(picture)) continue;
    std::optional<SpectralName> name = spectral_name(file_stem(picture));
    if (!name) continue;
    if (!name->is_panchromatic) (name->is_visual ? visual : multispectral).emplace(tree_.folder_of(picture), name->key);
    named.emplace_back(picture, *std::move(name));
  }
  std::unordered_set<uint32_t> dropped;
  for (const auto& [picture, name] : named) {
    const Key key(tree_.folder_of(picture), name.key);
    const bool has_visual = visual.count(key) != 0;
    if (name.is_visual || !(has_visual || (name.is_panchromatic && multispectral.count(key) != 0))) continue;
    dropped.insert(picture);
    pass(name.is_panchromatic ? panchromatic_ : copies_, picture);
  }
  std::erase_if(pictures_, [&](uint32_t picture) { return dropped.count(picture) != 0; });
}

}  // namespace ccx::pairs
