// Names of satellites (sensors.h).
#include "core/pairs/naming/sensors.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/letters.h"

namespace ccx::pairs {
namespace {

// They may have a number behind them, and a letter behind that: landsat8, sentinel2a, wv02.
constexpr std::array<std::string_view, 43> kNames = {
    "sentinel", "landsat", "worldview", "geoeye",      "quickbird", "ikonos",     "pleiades", "pléiades",
    "phr",      "pneo",    "planet",    "planetscope", "rapideye",  "skysat",     "kompsat",  "superview",
    "gaofen",   "cbers",   "cartosat",  "resourcesat", "aster",     "modis",      "viirs",    "radarsat",
    "terrasar", "alos",    "palsar",    "jilin",       "capella",   "iceye",      "umbra",    "formosat",
    "deimos",   "dove",    "superdove", "pleiadesneo", "blacksky",  "satellogic", "maxar",    "airbus",
    "naip",     "drone",   "uav"};
// They must have one.
constexpr std::array<std::string_view, 11> kNumbered = {"wv",   "ge", "qb", "ik", "gf",        "zy",
                                                        "spot", "lt", "le", "lc", "tripleview"};
// Behind these a number belongs to them: "Sentinel-2".
constexpr std::array<std::string_view, 9> kWithNumber = {"sentinel", "landsat",   "worldview", "geoeye", "gaofen",
                                                         "kompsat",  "superview", "pleiades",  "cbers"};
constexpr std::array<std::string_view, 2> kLetters = {"s", "l"};

// "wv" of "wv02"; the number, with a letter behind it, in `number`.
std::string_view split(std::string_view word, std::string_view* number) {
  const std::size_t digits = std::min(word.find_first_of("0123456789"), word.size());
  *number = word.substr(digits);
  return word.substr(0, digits);
}

bool is_number(std::string_view text) {
  if (text.size() > 1 && text.back() >= 'a' && text.back() <= 'd') text.remove_suffix(1);
  return !text.empty() && text.size() <= 2 && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

// Whether a word in small letters is a satellite; its letter where it is no more than that and a number.
bool is_sensor(std::string_view word, char* letter) {
  std::string_view number;
  const std::string_view name = split(word, &number);
  *letter = 0;
  if (is_one_of(name, kNames)) return number.empty() || is_number(number);
  if (is_one_of(name, kNumbered)) return is_number(number);
  if (!is_one_of(name, kLetters) || !is_number(number)) return false;
  *letter = name[0];
  // S1, S2A, S3; L4 to L9, L08.
  if (name == "s") return number[0] >= '1' && number[0] <= '3' && !(number.size() > 1 && ascii::is_digit(number[1]));
  return number.size() - (number[0] == '0' ? 1 : 0) == 1 && number.back() >= '4' && number.back() <= '9';
}

}  // namespace

std::vector<SensorSpan> sensors_in(std::string_view name) {
  const std::string text = ascii::lower(name);
  std::vector<SensorSpan> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_part_of_word(text[end])) ++end;
    if (end > i) words.push_back({i, end, 0});
    i = std::max(end, i + 1);
  }
  const auto of = [&](const SensorSpan& span) {
    return std::string_view(text).substr(span.begin, span.end - span.begin);
  };
  std::vector<SensorSpan> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    SensorSpan found = words[i];
    if (!is_sensor(of(found), &found.letter)) {
      // "WorldView-2" is found by its name, "GF-2" by both words.
      if (i + 1 == words.size() || words[i + 1].begin != found.end + 1) continue;
      const std::string both = std::string(of(found)).append(of(words[i + 1]));
      if (is_one_of(of(found), kLetters) || !is_sensor(both, &found.letter)) continue;
      found.end = words[++i].end;
    } else if (is_one_of(of(found), kWithNumber) && i + 1 < words.size() && words[i + 1].begin == found.end + 1 &&
               (text[found.end] == '-' || text[found.end] == ' ') && is_number(of(words[i + 1]))) {
      found.end = words[++i].end;
    }
    out.push_back(found);
  }
  return out;
}

}  // namespace ccx::pairs
