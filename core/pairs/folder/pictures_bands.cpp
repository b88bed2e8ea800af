// Files of bands that are one picture together (name_reader.h).
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/file_kinds.h"

namespace ccx::pairs {
namespace {

// Files of bands: which three are red, green and blue. Landsat 4 to 7 count from blue; Landsat 8 and Sentinel-2 have
// another band before it.
std::optional<std::array<std::string, 3>> colours_among(const std::map<std::string, uint32_t>& bands,
                                                        bool old_landsat) {
  const auto has = [&](const std::array<std::string, 3>& three) {
    return std::all_of(three.begin(), three.end(), [&](const std::string& band) { return bands.count(band) != 0; });
  };
  const std::array<std::string, 3> late = {"b4", "b3", "b2"};
  const std::array<std::string, 3> early = {"b3", "b2", "b1"};
  const std::array<std::string, 3> words = {"red", "green", "blue"};
  const std::array<std::string, 3> letters = {"r", "g", "b"};
  for (const auto& three : {words, letters, old_landsat ? early : late, old_landsat ? late : early}) {
    if (has(three)) return three;
  }
  return std::nullopt;
}

// Bands that are numbered or one of Sentinel-2's maps: "red" and "b" may be names of something else.
bool are_bands_alone(const std::map<std::string, uint32_t>& bands) {
  return std::all_of(bands.begin(), bands.end(), [](const auto& entry) {
    const std::string& band = entry.first;
    return (band.size() > 1 && band[0] == 'b' && ascii::is_digit(band[1])) || band == "aot" || band == "wvp" ||
           band == "scl";
  });
}

}  // namespace

void Pictures::sort_out_bands(uint32_t folder, const std::vector<uint32_t>& files) {
  struct Set {
    std::map<std::string, uint32_t> bands;
    std::vector<std::pair<std::string, uint32_t>> files;
  };
  std::map<std::string, Set> by_base;
  for (const uint32_t file : files) {
    const BandName name = *band_name(file_stem(file));
    Set& set = by_base[name.base];
    set.files.emplace_back(name.band, file);
    // The same band in two formats: the better one.
    const auto [known, is_new] = set.bands.emplace(name.band, file);
    if (!is_new && extension_rank(tree_.file_name(file)) < extension_rank(tree_.file_name(known->second))) {
      known->second = file;
    }
  }
  bool has_composed = false;
  std::vector<uint32_t> alone;
  for (const auto& [base, set] : by_base) {
    const std::string above = ascii::lower(base.empty() ? tree_.folder_name(folder) : base);
    bool old_landsat = false;
    for (const char* sensor : {"lt04", "lt05", "le07", "lt4", "lt5", "le7"}) old_landsat |= above.rfind(sensor, 0) == 0;
    const auto visual = set.bands.find("tci");  // Sentinel-2's own picture of the three
    const auto colours = colours_among(set.bands, old_landsat);
    const bool is_plain = visual == set.bands.end() && !colours;
    has_composed = has_composed || !is_plain;
    if (is_plain && are_bands_alone(set.bands)) {
      for (const auto& [band, file] : set.files) alone.push_back(file);
      continue;
    }
    for (const auto& [band, file] : set.files) {
      if (is_plain || (visual != set.bands.end() && file == visual->second)) {
        pictures_.push_back(file);
      } else if (visual != set.bands.end() || std::find(colours->begin(), colours->end(), band) == colours->end()) {
        pass(bands_, file);
      }
    }
    if (is_plain || visual != set.bands.end()) continue;
    pictures_.push_back(static_cast<uint32_t>(tree_.file_count() + composed_.size()));
    composed_.push_back({set.bands.at((*colours)[0]), set.bands.at((*colours)[1]), set.bands.at((*colours)[2])});
    composed_stems_.push_back(base);
  }
  // "ST_B10" beside a scene of all colours is one more band of it.
  for (const uint32_t file : alone) {
    if (has_composed) {
      pass(bands_, file);
    } else {
      pictures_.push_back(file);
    }
  }
}

}  // namespace ccx::pairs
