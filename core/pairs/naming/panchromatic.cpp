// The panchromatic and the multispectral part of a product (panchromatic.h).
#include "core/pairs/naming/panchromatic.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 2> kPanchromatic = {"pan", "panchromatic"};
constexpr std::string_view kVisual = "visual";
constexpr std::array<std::string_view, 7> kMultispectral = {"ms",    "mss",           "mul",  "xs",
                                                            "multi", "multispectral", kVisual};

constexpr std::array<std::string_view, 30> kRenderings = {
    "true",     "false", "truecolor", "truecolour", "falsecolor", "falsecolour", "natural", "naturalcolor",
    "colour",   "color", "rgb",       "bgr",        "nrg",        "irrg",        "cir",     "nir",
    "infrared", "fcc",   "tcc",       "swir",       "pan",        "ms",          "mss",     "mul",
    "vv",       "vh",    "hh",        "hv",         "enhanced",   "composite"};

// Maxar's M2AS and P2AS.
bool is_maxar(std::string_view word) {
  return word.size() == 4 && (word[0] == 'm' || word[0] == 'p') && word[1] >= '1' && word[1] <= '3' &&
         ascii::is_small(word[2]) && (word[3] == 's' || word[3] == 'm');
}

// How many of a word's letters say it: 0 for none.
std::size_t spectral_letters(std::string_view word, bool of_product, bool* is_panchromatic) {
  if (is_maxar(word)) {
    *is_panchromatic = word[0] == 'p';
    return of_product ? 1 : 0;
  }
  std::string_view letters = word;
  while (!letters.empty() && ascii::is_digit(letters.back())) letters.remove_suffix(1);
  *is_panchromatic = is_one_of(letters, kPanchromatic) || (of_product && word == "p");
  return *is_panchromatic || is_one_of(letters, kMultispectral) ? letters.size() : 0;
}

std::vector<std::string> small_words(std::string_view name) {
  std::vector<std::string> words;
  for (const std::string_view word : words_of(name)) words.push_back(ascii::lower(word));
  std::sort(words.begin(), words.end());
  return words;
}

// Whether `words` has one that `others` lacks, and each such is a word of renderings.
bool differs_in_rendering(const std::vector<std::string>& words, const std::vector<std::string>& others) {
  bool differs = false;
  for (const std::string& word : words) {
    if (std::binary_search(others.begin(), others.end(), word)) continue;
    if (!is_one_of(word, kRenderings)) return false;
    differs = true;
  }
  return differs;
}

}  // namespace

std::optional<SpectralName> spectral_name(std::string_view name) {
  const std::string text = ascii::lower(name);
  const std::vector<DateSpan> spans = dates_in(name);
  const bool of_product = std::any_of(spans.begin(), spans.end(), [](const DateSpan& span) { return span.is_noise; });
  NamePart said;
  SpectralName found;
  for (const NamePart& part : parts_of(name)) {
    const std::string_view word = std::string_view(text).substr(part.begin, part.end - part.begin);
    const std::size_t letters = spectral_letters(word, of_product, &found.is_panchromatic);
    if (letters == 0) continue;
    said = {part.begin, part.begin + letters};
    found.is_visual = word == kVisual;
    break;
  }
  if (said.end == 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == said.begin) found.key += '\x01';
    const bool is_noise = std::any_of(spans.begin(), spans.end(), [&](const DateSpan& span) {
      return span.is_noise && span.begin <= i && i < span.end;
    });
    if (!is_noise && (i < said.begin || i >= said.end)) found.key += text[i];
  }
  return found;
}

bool are_renderings(std::string_view first, std::string_view second) {
  const std::vector<std::string> left = small_words(first);
  const std::vector<std::string> right = small_words(second);
  return differs_in_rendering(left, right) && differs_in_rendering(right, left);
}

}  // namespace ccx::pairs
