// Latin letters beyond ASCII (letters.h).
#include "core/pairs/naming/letters.h"

#include <array>
#include <cstddef>
#include <utility>

#include "core/base/ascii.h"

namespace ccx::pairs {
namespace {

// The second byte of a small letter whose capital is C3, C4 or C5 and `second`.
unsigned char small_second(unsigned char first, unsigned char second) {
  if (first == 0xC3) return second >= 0x80 && second <= 0x9E && second != 0x97 ? second + 0x20 : second;
  // Capitals are the even ones, but odd between Ĺ and Ň and from Ź on.
  const bool are_odd = first == 0xC4 ? second >= 0xB9 : (second >= 0x81 && second <= 0x88) || second >= 0xB9;
  const bool has_none = (first == 0xC4 && (second == 0xB0 || second == 0xB1 || second == 0xB8 || second == 0xBF)) ||
                        (first == 0xC5 && (second == 0x80 || second == 0x89 || second == 0xB8 || second == 0xBF));
  const bool is_capital = !has_none && second >= 0x80 && second <= 0xBE && (second % 2 == 1) == are_odd;
  return is_capital ? second + 1 : second;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kPlain = {{{"a", "àáâãäåąă"},
                                                                                   {"c", "çćč"},
                                                                                   {"d", "ď"},
                                                                                   {"e", "èéêëęě"},
                                                                                   {"g", "ğ"},
                                                                                   {"i", "ìíîïı"},
                                                                                   {"l", "ł"},
                                                                                   {"n", "ñńň"},
                                                                                   {"o", "òóôõöøő"},
                                                                                   {"r", "ř"},
                                                                                   {"s", "śšş"},
                                                                                   {"t", "ť"},
                                                                                   {"u", "ùúûüůű"},
                                                                                   {"z", "źżž"}}};

}  // namespace

std::string small_letters(std::string_view text) {
  std::string out = ascii::lower(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const auto first = static_cast<unsigned char>(out[i]);
    if (first < 0xC3 || first > 0xC5) continue;
    ++i;
    out[i] = static_cast<char>(small_second(first, static_cast<unsigned char>(out[i])));
  }
  return out;
}

std::string without_accents(std::string_view small) {
  std::string out;
  for (std::size_t i = 0; i < small.size(); ++i) {
    std::string_view plain;
    if (is_latin_lead(small[i]) && i + 1 < small.size()) {
      for (const auto& [letter, accented] : kPlain) {
        if (accented.find(small.substr(i, 2)) != std::string_view::npos) plain = letter;
      }
    }
    if (plain.empty()) {
      out += small[i];
    } else {
      out += plain;
      ++i;
    }
  }
  return out;
}

}  // namespace ccx::pairs
