// Which names say "before" and which "after" (roles.h).
#include "core/pairs/roles.h"

#include <array>
#include <cctype>
#include <cstddef>

namespace ccx::pairs {
namespace {

struct Family {
  const char* before;
  const char* after;
  bool plain_words;
};

constexpr std::array<Family, 9> kFamilies = {{{"pre_disaster", "post_disaster", true},
                                              {"before", "after", true},
                                              {"time1", "time2", false},
                                              {"pre", "post", true},
                                              {"img1", "img2", false},
                                              {"old", "new", true},
                                              {"im1", "im2", false},
                                              {"t1", "t2", false},
                                              {"a", "b", false}}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<Role> role_of_name(std::string_view name) {
  const std::string key = lower(name);
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    if (key == kFamilies[i].before) return Role{static_cast<int>(i), Side::kBefore};
    if (key == kFamilies[i].after) return Role{static_cast<int>(i), Side::kAfter};
  }
  return std::nullopt;
}

bool is_plain_word(const Role& role) {
  return kFamilies[static_cast<std::size_t>(role.family)].plain_words;
}

std::optional<SuffixedName> split_suffix(std::string_view stem) {
  const std::string key = lower(stem);
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    for (const Side side : {Side::kBefore, Side::kAfter}) {
      const std::string_view suffix = side == Side::kBefore ? kFamilies[i].before : kFamilies[i].after;
      if (key.size() < suffix.size() + 2) continue;
      const std::size_t base = key.size() - suffix.size() - 1;
      const bool separated = key[base] == '_' || key[base] == '-' || key[base] == '.';
      if (separated && key.compare(base + 1, suffix.size(), suffix) == 0) {
        return SuffixedName{std::string(stem.substr(0, base)), Role{static_cast<int>(i), side}};
      }
    }
  }
  return std::nullopt;
}

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
      continue;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    const std::size_t first_i = i;
    const std::size_t first_j = j;
    while (i < a.size() && is_digit(a[i])) ++i;
    while (j < b.size() && is_digit(b[j])) ++j;
    if (i - first_i != j - first_j) return i - first_i < j - first_j;
    const int order = a.substr(first_i, i - first_i).compare(b.substr(first_j, j - first_j));
    if (order != 0) return order < 0;
  }
  const bool a_ended = i == a.size();
  const bool b_ended = j == b.size();
  return a_ended != b_ended ? a_ended : a < b;
}

}  // namespace ccx::pairs
