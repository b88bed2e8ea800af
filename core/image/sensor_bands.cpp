// The numbering of Sentinel-2, Landsat, MODIS and others (sensor_bands.h).
#include "core/image/sensor_bands.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <set>

#include "core/base/ascii.h"

namespace ccx::image {

namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_digits(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), ascii::is_digit);
}

enum class Sensor { kUnknown, kMsiOrOli, kTm, kModis };

// The sensor that words name: "LC08", "S2A", "LANDSAT_5"; unknown where they name none or several.
Sensor sensor_of(const Words& words) {
  std::set<Sensor> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string pair = i + 1 < words.size() ? word + words[i + 1] : word;
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return is_one_of(word, names) || is_one_of(pair, names);
    };
    if (is({"lc08",       "lc09",       "lc8", "lc9",    "lo08",   "lo09", "l8",     "l9",
            "landsat8",   "landsat9",   "oli", "s2",     "s2a",    "s2b",  "s2c",    "sentinel2",
            "sentinel2a", "sentinel2b", "msi", "msil1c", "msil2a", "hls",  "hlss30", "hlsl30"})) {
      found.insert(Sensor::kMsiOrOli);
    }
    if (is({"lt04", "lt05", "le07", "lt4", "lt5", "le7", "l4", "l5", "l7", "landsat4", "landsat5", "landsat7", "tm",
            "etm"})) {
      found.insert(Sensor::kTm);
    }
    const std::string_view head = std::string_view(word).substr(0, 5);
    if (word == "modis" || is_one_of(head, {"mod09", "myd09", "mcd43"})) found.insert(Sensor::kModis);
  }
  return found.size() == 1 ? *found.begin() : Sensor::kUnknown;
}

// Names of a sensor's bands, and what tells which sensor that is.
class NumberedBands {
 public:
  NumberedBands(const std::vector<BandName>& bands, const std::string& source) : bands_(bands) {
    Words words;
    bool in_order = true;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      words.insert(words.end(), bands[i].words.begin(), bands[i].words.end());
      if (bands[i].numbering == Numbering::kNone) continue;
      if (bands[i].numbering != Numbering::kGeneric && !bands[i].is_other) numbers_.insert(bands[i].number);
      in_order = in_order && bands[i].number == static_cast<int>(i) + 1;
      kinds_.insert(bands[i].numbering);
      padded_ = padded_ || bands[i].is_padded;
      has_8a_ = has_8a_ || bands[i].is_8a;
      is_tm_ = is_tm_ || (bands[i].is_thermal && bands[i].number == 6);
      is_oli_ = is_oli_ || (bands[i].is_thermal && bands[i].number == 10);
    }
    in_order_ = in_order;
    sensor_ = sensor_of(words);
    if (sensor_ == Sensor::kUnknown) sensor_ = sensor_of(words_of(source));
    // "Band 4" of a file that names its sensor is that sensor's.
    if (sensor_ != Sensor::kUnknown && is_generic()) {
      for (const BandName& band : bands) {
        if (band.number >= 0) numbers_.insert(band.number);
      }
    }
    const auto says = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    is_tm_ = is_tm_ || says("vcid") || says("opacity");
    is_oli_ = is_oli_ || (says("qa") && says("aerosol"));
  }

  BandChoice choose() const {
    if (kinds_.count(Numbering::kOther) != 0) {
      // Sentinel-3's OLCI and VIIRS.
      for (const std::array<int, 3>& numbers : {std::array{1008, 1006, 1004}, std::array{5, 4, 3}}) {
        if (has(numbers)) return clear(numbers);
      }
      return {};
    }
    if (kinds_.count(Numbering::kModis) != 0 || sensor_ == Sensor::kModis) return clear({1, 4, 3});
    if (numbers_.empty()) return {};
    // A stack of some bands may be counted anew: four of Sentinel-2's are B2, B3, B4 and B8 more often than B1 to B4.
    const bool is_count = in_order_ && !is_surface() && (is_generic() || !has(5));
    const char* const why = "its name tells the sensor, but 1, 2, 3, ... may be only the order of its bands";
    if (sensor_ == Sensor::kTm || is_tm_) return is_generic() && is_count ? unclear({3, 2, 1}, why) : clear({3, 2, 1});
    if (sensor_ == Sensor::kMsiOrOli || is_oli_ || has_8a_) {
      return is_count ? unclear({4, 3, 2}, why) : clear({4, 3, 2});
    }
    return is_surface() ? of_surface() : of_plain();
  }

 private:
  bool is_generic() const { return kinds_ == std::set{Numbering::kGeneric}; }
  bool is_surface() const { return kinds_.count(Numbering::kSurface) != 0; }
  bool has(int number) const { return numbers_.count(number) != 0; }
  bool has(const std::array<int, 3>& numbers) const { return has(numbers[0]) && has(numbers[1]) && has(numbers[2]); }

  // Landsat 4 to 7 have no SR_B6, Landsat 8 and 9 have.
  BandChoice of_surface() const {
    if (has(6)) return clear({4, 3, 2});
    if (!has(4) || (has(1) && has(7))) return clear({3, 2, 1});
    const bool are_three = *numbers_.rbegin() == 4;
    if (!has(1) && !are_three) return clear({4, 3, 2});
    if (!has(1)) {
      return unclear({4, 3, 2},
                     "SR_B4, SR_B3, SR_B2 are red, green and blue of Landsat 8 and 9, but infrared, red and green of "
                     "Landsat 4 to 7");
    }
    return unclear({3, 2, 1},
                   "SR_B1 to SR_B4 are blue, green, red and infrared of Landsat 4 to 7, but of Landsat 8 and 9 "
                   "SR_B4, SR_B3, SR_B2 are red, green and blue");
  }

  BandChoice of_plain() const {
    if (in_order_) {
      const char* const why = "B1, B2, B3, ... may be a sensor's bands or only their order";
      const bool many = has(9) && has({4, 3, 2}) && *numbers_.rbegin() <= 13;
      return many ? unclear({4, 3, 2}, why) : unclear({1, 2, 3}, why);
    }
    if (padded_ || has(9) || has(11) || has(12) || !has(1)) return clear({4, 3, 2});
    if (!has(4) || (has(7) && !has(6))) return clear({3, 2, 1});
    return unclear({4, 3, 2},
                   "B4, B3, B2 are red, green and blue of Sentinel-2 and Landsat 8 and 9, B3, B2, B1 of "
                   "Landsat 4 to 7");
  }

  BandChoice clear(const std::array<int, 3>& numbers) const {
    BandChoice out;
    for (const int number : numbers) {
      const auto found = std::find_if(bands_.begin(), bands_.end(), [&](const BandName& band) {
        return band.number == number && !band.is_other && band.numbering != Numbering::kNone;
      });
      if (found == bands_.end()) return {};
      out.bands.push_back(static_cast<int>(found - bands_.begin()) + 1);
    }
    out.by = BandsBy::kNames;
    return out;
  }

  BandChoice unclear(const std::array<int, 3>& numbers, const std::string& why) const {
    BandChoice out = clear(numbers);
    if (!out.bands.empty()) out.doubt = why;
    return out;
  }

  const std::vector<BandName>& bands_;
  std::set<int> numbers_;  // of bands that may be colours
  std::set<Numbering> kinds_;
  Sensor sensor_ = Sensor::kUnknown;
  bool in_order_ = false;  // each number is the band's place
  bool padded_ = false;
  bool has_8a_ = false;
  bool is_tm_ = false;
  bool is_oli_ = false;
};

}  // namespace

Words words_of(std::string_view name) {
  Words out;
  char before = ' ';
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_part = is_upper || (c >= 'a' && c <= 'z') || ascii::is_digit(c) || static_cast<signed char>(c) < 0;
    const bool continues = is_part && before != ' ' && !(is_upper && before >= 'a' && before <= 'z');
    if (is_part && !continues) out.emplace_back();
    if (is_part) out.back() += ascii::lower(c);
    before = is_part ? c : ' ';
  }
  return out;
}

// "b4", "b04", "b8a", "band4" and, of two words, "band 4".
void parse_number(BandName& out) {
  for (std::size_t i = 0; i < out.words.size(); ++i) {
    std::string_view word = out.words[i];
    const bool is_band = word.substr(0, 4) == "band";
    const bool is_layer = word.substr(0, 5) == "layer" || word.substr(0, 7) == "channel";
    const std::size_t letters = is_band ? 4 : is_layer ? (word[0] == 'l' ? 5 : 7) : word.substr(0, 2) == "oa" ? 2 : 1;
    if (!is_band && !is_layer && !is_one_of(word.substr(0, letters), {"b", "oa", "m"})) continue;
    std::string_view digits = word.substr(letters);
    if (digits.empty() && i + 1 < out.words.size()) digits = out.words[i + 1];
    out.is_8a = digits == "8a";
    if (!out.is_8a && (!is_digits(digits) || digits.size() > 3)) continue;
    out.number = std::atoi(std::string(digits).c_str());
    out.is_padded = digits.size() == 2 && digits[0] == '0';
    out.numbering = is_band || is_layer ? Numbering::kGeneric : word[0] == 'b' ? Numbering::kPlain : Numbering::kOther;
    if (word[0] == 'o') out.number += 1000;
    break;
  }
  const auto has = [&](std::string_view word) {
    return std::find(out.words.begin(), out.words.end(), word) != out.words.end();
  };
  if (out.numbering == Numbering::kPlain && has("sr")) out.numbering = Numbering::kSurface;
  out.is_thermal = out.numbering == Numbering::kPlain && has("st");
  if (has("refl") || has("nadir")) out.numbering = out.number >= 0 ? Numbering::kModis : out.numbering;
  out.is_other = out.is_other || out.is_8a || out.is_thermal;
}

BandChoice choose_numbered(const std::vector<BandName>& bands, const std::string& source) {
  return NumberedBands(bands, source).choose();
}

}  // namespace ccx::image
