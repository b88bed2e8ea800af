// Words, letters and wavelengths (band_names.h).
#include "core/image/band_names.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "core/base/ascii.h"
#include "core/image/sensor_bands.h"

namespace ccx::image {

namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

int colour_of_word(std::string_view word) {
  if (is_one_of(word, {"red", "rot", "rouge", "rojo", "rosso"})) return 0;
  if (is_one_of(word, {"green", "gruen", "grün", "vert", "verde"})) return 1;
  if (is_one_of(word, {"blue", "blau", "bleu", "azul", "blu"})) return 2;
  return -1;
}

// Bands that are no visible colour, or no plain one: "red edge" is not red, nor "coastal blue" blue.
bool is_other_word(std::string_view word) {
  return is_one_of(
      word,
      {"edge",  "rededge", "re",        "re1",        "re2",      "re3",         "vre",         "vre1",    "nir",
       "nir1",  "nir2",    "nnir",      "bnir",       "infrared", "ir",          "swir",        "swir1",   "swir2",
       "mir",   "tir",     "tir1",      "tir2",       "lwir",     "thermal",     "coastal",     "aerosol", "aerosols",
       "deep",  "yellow",  "cirrus",    "pan",        "vapor",    "vapour",      "qa",          "qa60",    "quality",
       "scl",   "cloud",   "mask",      "ndvi",       "ndwi",     "mndwi",       "ndbi",        "evi",     "savi",
       "index", "ratio",   "std",       "stddev",     "stdev",    "variance",    "count",       "dem",     "elevation",
       "slope", "aspect",  "vv",        "vh",         "hh",       "hv",          "lst",         "fmask",   "bqa",
       "class", "bright",  "greenness", "brightness", "wetness",  "temperature", "panchromatic"});
}

// A number with its decimals that begins at `at`, which moves behind it; negative where there is none.
double number_at(std::string_view text, std::size_t& at) {
  std::string digits;
  while (at < text.size() && (ascii::is_digit(text[at]) || (text[at] == '.' && !digits.empty()))) digits += text[at++];
  return digits.empty() ? -1 : std::strtod(digits.c_str(), nullptr);
}

// "B4 (664.6 nm)", "0.66 Micrometers"; a name that is nothing but a number is one where its size allows it.
double wavelength_of_name(std::string_view name) {
  double alone = 0;
  for (std::size_t at = 0; at < name.size();) {
    if (!ascii::is_digit(name[at])) {
      ++at;
      continue;
    }
    const std::size_t from = at;
    const double value = number_at(name, at);
    if (from == 0 && at == name.size()) alone = value;
    std::size_t unit = at;
    while (unit < name.size() && (name[unit] == ' ' || name[unit] == '_')) ++unit;
    std::string word;
    while (unit < name.size() && word.size() < 8) word += ascii::lower(name[unit++]);
    const auto begins = [&](std::string_view with) { return std::string_view(word).substr(0, with.size()) == with; };
    const bool ends = word.size() < 3 || !(word[2] >= 'a' && word[2] <= 'z');
    if (begins("nanomet") || (begins("nm") && ends)) return value;
    if (begins("micromet") || begins("micron") || (begins("um") && ends) || begins("µm") || begins("μm")) {
      return value * 1000;
    }
  }
  if (alone >= 350 && alone <= 2600) return alone;
  return alone >= 0.35 && alone <= 2.6 ? alone * 1000 : 0;
}

BandName parse(const BandLabel& label) {
  BandName out;
  out.words = words_of(label.name);
  for (const std::string& word : out.words) {
    const int colour = colour_of_word(word);
    if (colour >= 0) {
      out.is_other = out.is_other || (out.colour >= 0 && out.colour != colour);  // "red_green_ratio"
      out.colour = colour;
    }
    out.is_other = out.is_other || is_other_word(word);
  }
  if (!out.words.empty()) {
    const std::string& last = out.words.back();
    out.letter = last == "r" ? 0 : last == "g" ? 1 : last == "b" ? 2 : -1;
  }
  parse_number(out);
  if (out.is_other || label.is_alpha) out.colour = out.letter = -1;
  return out;
}

// The band of each colour that is named with the fewest further words; 0 where there is none. `twice`: two are equal.
std::array<int, 3> by_colour(const std::vector<BandName>& bands, int BandName::*colour, bool& twice) {
  std::array<int, 3> out{};
  std::array<std::size_t, 3> words{};
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (bands[i].*colour < 0) continue;
    const auto c = static_cast<std::size_t>(bands[i].*colour);
    const std::size_t count = bands[i].words.size();
    twice = twice || (out[c] != 0 && words[c] == count);
    if (out[c] != 0 && words[c] <= count) continue;
    out[c] = static_cast<int>(i) + 1;
    words[c] = count;
  }
  return out;
}

// The band nearest to each colour's middle, where one is near enough.
std::array<int, 3> by_wavelength(const std::vector<BandLabel>& labels) {
  static constexpr std::array<double, 3> middle = {660, 555, 480}, reach = {40, 35, 35};
  std::array<int, 3> out{};
  for (std::size_t c = 0; c < 3; ++c) {
    double nearest = reach[c];
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double at = labels[i].nanometres > 0 ? labels[i].nanometres : wavelength_of_name(labels[i].name);
      if (labels[i].is_alpha || at <= 0 || std::abs(at - middle[c]) >= nearest) continue;
      nearest = std::abs(at - middle[c]);
      out[c] = static_cast<int>(i) + 1;
    }
  }
  return out;
}

std::string listed(const std::vector<BandLabel>& labels) {
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 6); ++i) {
    out += (i == 0 ? "" : ", ") + labels[i].name.substr(0, 24);
  }
  return labels.size() > 6 ? out + ", ..." : out;
}

// "Band3N", "Band2", "Band1": three bands that were chosen among others, such as infrared, red and green.
bool are_out_of_order(const std::vector<BandLabel>& labels) {
  if (labels.size() < 3) return false;
  std::vector<int> numbers;
  for (const BandLabel& label : labels) {
    const std::size_t end = label.name.find_last_of("0123456789");
    if (end == std::string::npos) return false;
    std::size_t begin = end;
    while (begin > 0 && ascii::is_digit(label.name[begin - 1])) --begin;
    if (end - begin > 2) return false;
    numbers.push_back(std::atoi(label.name.substr(begin, end - begin + 1).c_str()));
  }
  return !std::is_sorted(numbers.begin(), numbers.end());
}

}  // namespace

BandChoice choose_bands(const std::vector<BandLabel>& labels, const std::string& source) {
  std::vector<BandName> bands;
  for (const BandLabel& label : labels) bands.push_back(parse(label));
  const auto whole = [](const std::array<int, 3>& found) { return std::count(found.begin(), found.end(), 0) == 0; };
  for (int BandName::*colour : {&BandName::colour, &BandName::letter}) {
    bool twice = false;
    const std::array<int, 3> found = by_colour(bands, colour, twice);
    if (!whole(found)) continue;
    return {{found.begin(), found.end()},
            BandsBy::kNames,
            twice ? "several of its bands are called the same colour (" + listed(labels) + ")" : ""};
  }
  if (const std::array<int, 3> found = by_wavelength(labels); whole(found)) {
    return {{found.begin(), found.end()}, BandsBy::kWavelengths, ""};
  }
  BandChoice out = choose_numbered(bands, source);
  const bool knows = std::any_of(bands.begin(), bands.end(), [](const BandName& band) {
    return band.colour >= 0 || band.is_other ||
           (band.numbering != Numbering::kNone && band.numbering != Numbering::kGeneric);
  });
  if (out.bands.empty() && knows)
    out.doubt = "no three of its bands are called red, green and blue (" + listed(labels) + ")";
  if (out.bands.empty() && out.doubt.empty() && are_out_of_order(labels))
    out.doubt = "its bands are numbered in another order than their own (" + listed(labels) + ")";
  return out;
}

bool names_values(const std::string& name) {
  const BandName parsed = parse({name, 0, false});
  const bool is_mask = std::any_of(parsed.words.begin(), parsed.words.end(), [](const std::string& word) {
    return is_one_of(word, {"alpha", "mask", "opacity", "transparency"});
  });
  return !is_mask && (parsed.is_other || parsed.colour >= 0 ||
                      (parsed.numbering != Numbering::kNone && parsed.numbering != Numbering::kGeneric));
}

}  // namespace ccx::image
