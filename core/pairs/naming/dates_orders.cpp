// What Planet and Maxar put into names that people download: folders of orders, numbers of satellites and of the
// catalogue (dates_products.h).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/base/ascii.h"
#include "core/pairs/naming/dates_products.h"

namespace ccx::pairs {

bool is_order(std::string_view folder) {
  std::string_view digits = folder;
  for (const std::string_view word : {"order", "delivery"}) {
    if (ascii::lower(folder.substr(0, word.size())) == word) digits.remove_prefix(word.size());
  }
  while (!digits.empty() && is_separator(digits.front())) digits.remove_prefix(1);
  const std::size_t count = NameText(digits).digits(0);
  const std::string_view rest = digits.substr(count);
  return count > 0 && (digits.size() < folder.size() || count > 4) &&
         (rest.empty() || (rest.size() == 3 && rest[0] == '_' && NameText(rest).digits(1) == 2));
}

bool is_part_of_order(std::string_view folder) {
  const NameText name(folder);
  std::size_t digits = name.digits(0);
  if (name.at(digits) == '_' && name.digits(digits + 1) == 2) digits += 3;
  return name.digits(0) >= 3 && name.at(digits) == '_' && name.at(digits + 1) == 'P' && name.digits(digits + 2) == 3;
}

bool is_planet_bundle(std::string_view folder) {
  static constexpr std::array<std::string_view, 5> kAssets = {"analytic", "basic", "ortho", "panchromatic", "visual"};
  const std::string name = ascii::lower(folder);
  const bool is_asset = std::any_of(kAssets.begin(), kAssets.end(), [&](std::string_view asset) {
    return name.rfind(asset, 0) == 0 && name.size() > asset.size() && name[asset.size()] == '_';
  });
  return is_asset && (name.ends_with("_udm2") || name.ends_with("_udm"));
}

// 20190501_101112_1003_3B_, 20190501_101112_45_2403_3B_, 20190501_101112_ssc1_u0001.
std::size_t after_planet_satellite(const NameText& name, std::size_t end, bool is_surely) {
  std::size_t rest = end;
  if (name.at(rest) == '_' && name.digits(rest + 1) == 2 && name.at(rest + 3) == '_') rest += 3;
  const bool is_number = name.at(rest) == '_' && name.run(rest + 1) == 4 && name.at(rest + 5) == '_' &&
                         name.digits(rest + 6) == 1 && name.letter(rest + 7) && name.run(rest + 6) == 2;
  if (is_number) return rest + 5;
  // The name of a folder ends in it; of four digits it may also be a tile's.
  const bool is_last =
      (rest > end || is_surely) && name.at(rest) == '_' && name.run(rest + 1) == 4 && rest + 5 == name.size();
  if (is_last) return rest + 5;
  if (name.at(rest) != '_' || name.text({rest + 1, rest + 4}) != "ssc") return end;
  rest += 1 + name.run(rest + 1);
  const bool has_unit = name.at(rest) == '_' && (name.at(rest + 1) == 'u' || name.digit(rest + 1));
  return has_unit ? rest + 1 + name.run(rest + 1) : rest;
}

// 19MAY01101112-P2AS_R1C1-012345678901_01_P001; of fewer digits where P001 follows.
NameText::Part maxar_order(const NameText& name, std::size_t end) {
  for (std::size_t i = end; i < name.size(); ++i) {
    const std::size_t digits = name.digits(i + 1);
    if (name.at(i) != '-' || digits < 3) continue;
    std::size_t tail = i + 1 + digits;
    if (name.at(tail) == '_' && name.digits(tail + 1) == 2) tail += 3;
    const bool has_part = name.at(tail) == '_' && name.at(tail + 1) == 'P' && name.digits(tail + 2) == 3;
    if (digits == 12 || has_part) return {i, tail};
  }
  return {end, end};
}

std::size_t after_catalog_id(const NameText& name, std::size_t from) {
  if (name.at(from) != '1' || name.at(from + 1) != '0' || (from > 0 && name.alphanumeric(from - 1))) return 0;
  std::size_t end = from;
  bool has_letter = false;
  while (name.digit(end) || (ascii::lower(name.at(end)) >= 'a' && ascii::lower(name.at(end)) <= 'f')) {
    has_letter |= name.letter(end++);
  }
  // 10?001 is a satellite; without a letter it may be any number otherwise.
  const bool is_known = name.text({from + 3, from + 8}) == "00100";
  return end - from == 16 && (has_letter || is_known) && !name.alphanumeric(end) ? end : 0;
}

}  // namespace ccx::pairs
