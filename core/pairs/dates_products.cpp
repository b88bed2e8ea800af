// The names of satellites' products (dates_products.h).
#include "core/pairs/dates_products.h"

#include <optional>
#include <string_view>

namespace ccx::pairs {
namespace {

using Part = NameText::Part;
using Spans = std::vector<DateSpan>;
using Found = std::optional<Spans>;  // nothing where the name is no product of the kind

// A pattern of one part: '9' a digit, '*' a letter or digit, anything else itself.
bool fits(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool any = pattern[i] == '*' && (ascii::is_digit(text[i]) || ascii::is_letter(text[i]));
    const bool digit = pattern[i] == '9' && ascii::is_digit(text[i]);
    if (!any && !digit && text[i] != pattern[i]) return false;
  }
  return true;
}

bool fits(const NameText& name, std::size_t count, std::string_view pattern) {
  return name.size() >= count && fits(name.text({0, count}), pattern);
}

DateSpan noise(const Part& part) {
  return {part.first, part.second, true, {}};
}

// 20210617T100559.
DateSpan dated(const NameText& name, const Part& part) {
  const std::size_t at = part.first;
  const Date date{name.number(at, 4), name.number(at + 4, 2), name.number(at + 6, 2), name.number(at + 9, 6)};
  return {part.first, part.second, false, date};
}

// S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305, S1A_IW_GRDH_1SDV_(start)_(stop)_(orbit)_(take)_(sum)
Found sentinel(const NameText& name) {
  const bool is_two = fits(name, 4, "S2*_");
  if (!is_two && !fits(name, 4, "S1*_")) return std::nullopt;
  bool has_date = false;
  Spans found = {noise({0, 3})};
  for (const Part& part : name.parts()) {
    const std::string_view text = name.text(part);
    const bool is_date = fits(text, "99999999T999999") && is_year(name.number(part.first, 4));
    if (is_date && !has_date) {
      found.push_back(dated(name, part));
      has_date = true;
    } else if (is_date || fits(text, "N9999") || fits(text, "R999") || fits(text, "A999999") ||
               (!is_two && has_date && (fits(text, "******") || fits(text, "****")))) {
      found.push_back(noise(part));
    }
  }
  return has_date ? Found(found) : std::nullopt;
}

// IMG_PHR1A_PMS_201903151030042_ORT_P_R1C1: which of the twin satellites it was is not part of the place.
Found airbus(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 4 || name.text(all[0]) != "IMG") return std::nullopt;
  const std::string_view satellite = name.text(all[1]);
  if (!fits(satellite, "PHR9*") && !fits(satellite, "SPOT9") && !fits(satellite, "PNEO9")) return std::nullopt;
  for (std::size_t i = 2; i < all.size(); ++i) {
    const auto [begin, end] = all[i];
    if (end - begin < 12 || name.digits(begin) != end - begin || !is_year(name.number(begin, 4))) continue;
    const Date date{name.number(begin, 4), name.number(begin + 4, 2), name.number(begin + 6, 2),
                    name.number(begin + 8, 4) * 100};
    return Spans{noise(all[1]), {begin, end, false, date}};
  }
  return std::nullopt;
}

// L2A_T33UUP_A031267_20210617T101404, a folder within a Sentinel-2 product.
Found sentinel_granule(const NameText& name) {
  if (!fits(name, 11, "L9*_T99****") && !fits(name, 11, "L9*_T99***_")) return std::nullopt;
  Spans found;
  for (const Part& part : name.parts()) {
    const std::string_view text = name.text(part);
    if (fits(text, "A999999")) found.push_back(noise(part));
    if (fits(text, "99999999T999999")) found.push_back(dated(name, part));
  }
  return found;
}

// LC08_L1TP_015033_20200610_20200824_02_T1: sensor and level change over the years, and T1 is a tier.
Found landsat(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 4 || !fits(name.text(all[0]), "L*99") || !fits(name.text(all[1]), "L9**")) return std::nullopt;
  if (!fits(name.text(all[2]), "999999") || !fits(name.text(all[3]), "99999999")) return std::nullopt;
  const std::size_t at = all[3].first;
  const Date date{name.number(at, 4), name.number(at + 4, 2), name.number(at + 6, 2), -1};
  Spans found = {noise({all[0].first, all[1].second}), {at, at + 8, false, date}};
  for (std::size_t i = 4; i < all.size() && i < 7; ++i) {
    const std::string_view text = name.text(all[i]);
    const bool is_tier = text == "T1" || text == "T2" || text == "RT";
    if (is_tier || fits(text, "99999999") || fits(text, "99")) found.push_back(noise(all[i]));
  }
  return found;
}

// LC08_CU_028009_20200610_20200824_02_SR: analysis ready data of a tile; the second date is the day of processing.
Found landsat_tile(const NameText& name) {
  if (!fits(name, 25, "L*99_**_999999_99999999_9") || name.digits(24) != 8) return std::nullopt;
  const Date date{name.number(15, 4), name.number(19, 2), name.number(21, 2), -1};
  Spans found = {noise({0, 4}), {15, 23, false, date}, noise({24, 32})};
  if (name.at(32) == '_' && name.digits(33) == 2) found.push_back(noise({33, 35}));
  return found;
}

// HLS.L30.T33UUP.2021168T100559.v2.0.B04: of Landsat or Sentinel-2, on one grid.
Found harmonised(const NameText& name) {
  if (!fits(name, 30, "HLS.*30.T99***.9999999T999999.")) return std::nullopt;
  std::optional<Date> date = day_of_year(name.number(15, 4), name.number(19, 3));
  if (!date) return std::nullopt;
  date->time = name.number(23, 6);
  return Spans{noise({4, 7}), {15, 29, false, *date}};
}

// MOD09GA.A2019121.h08v05.061.2020123456789: collection and production are not part of the place.
Found modis(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 5 || !fits(name.text(all[1]), "A9999999")) return std::nullopt;
  const std::size_t at = all[1].first;
  const std::optional<Date> date = day_of_year(name.number(at + 1, 4), name.number(at + 5, 3));
  if (!date || !fits(name.text(all[3]), "999") || !fits(name.text(all[4]), "9999999999999")) return std::nullopt;
  return Spans{{at + 1, at + 8, false, *date}, noise(all[3]), noise(all[4])};
}

// AST_L1T_00305012019101112_20190502101112_12345: version, month, day, year and time; then the day of processing.
Found aster(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 4 || name.text(all[0]) != "AST" || !fits(name.text(all[2]), "99999999999999999"))
    return std::nullopt;
  const std::size_t at = all[2].first;
  const Date date{name.number(at + 7, 4), name.number(at + 3, 2), name.number(at + 5, 2), name.number(at + 11, 6)};
  if (!is_month(date.month) || !is_day(date.day, date.month)) return std::nullopt;
  Spans found = {{all[2].first, all[2].second, false, date}, noise(all[3])};
  if (all.size() > 4) found.push_back(noise(all[4]));
  return found;
}

// The folders of an order: 012345678901_01_P001_MUL of Maxar, IMG_PHR1A_PMS_001 and DS_PHR1A_201903151030042_... of
// Airbus.
Found order_folder(const NameText& name) {
  if (fits(name, 20, "999999999999_99_P999")) return Spans{noise({0, 15})};
  const std::vector<Part> all = name.parts();
  if (all.size() == 4 && name.text(all[0]) == "IMG" && fits(name.text(all[1]), "P**9*")) return Spans{noise(all[1])};
  return std::nullopt;
}

// LC80150332020162LGN00
Found landsat_scene(const NameText& name) {
  if (!fits(name, 21, "L*99999999999999***99") || !is_year(name.number(9, 4))) return std::nullopt;
  const std::optional<Date> date = day_of_year(name.number(9, 4), name.number(13, 3));
  if (!date) return std::nullopt;
  return Spans{noise({0, 3}), {9, 16, false, *date}, noise({16, 21})};
}

}  // namespace

std::optional<std::vector<DateSpan>> product_spans(const NameText& name) {
  if (name.size() < 9) return std::nullopt;
  for (const auto read : {sentinel, airbus, landsat, landsat_tile, landsat_scene, sentinel_granule, harmonised, modis,
                          aster, order_folder}) {
    if (Found found = read(name)) return found;
  }
  return std::nullopt;
}

// 20190501_101112_1003_3B_, 20190501_101112_45_2403_3B_, 20190501_101112_ssc1_u0001.
std::size_t after_planet_satellite(const NameText& name, std::size_t end) {
  std::size_t rest = end;
  if (name.at(rest) == '_' && name.digits(rest + 1) == 2 && name.at(rest + 3) == '_') rest += 3;
  const bool is_number = name.at(rest) == '_' && name.run(rest + 1) == 4 && name.at(rest + 5) == '_' &&
                         name.digits(rest + 6) == 1 && name.letter(rest + 7) && name.run(rest + 6) == 2;
  if (is_number) return rest + 5;
  // The name of a folder ends in it; of four digits it may also be a tile's.
  const bool is_last = rest > end && name.at(rest) == '_' && name.run(rest + 1) == 4 && rest + 5 == name.size();
  if (is_last) return rest + 5;
  if (name.at(rest) != '_' || name.text({rest + 1, rest + 4}) != "ssc") return end;
  rest += 1 + name.run(rest + 1);
  const bool has_unit = name.at(rest) == '_' && (name.at(rest + 1) == 'u' || name.digit(rest + 1));
  return has_unit ? rest + 1 + name.run(rest + 1) : rest;
}

// 19MAY01101112-P2AS_R1C1-012345678901_01_P001.
NameText::Part maxar_order(const NameText& name, std::size_t end) {
  for (std::size_t i = end; i + 12 < name.size(); ++i) {
    if (name.at(i) != '-' || name.digits(i + 1) != 12) continue;
    const std::size_t tail = i + 13;
    const bool has_item = name.at(tail) == '_' && name.digits(tail + 1) == 2;
    return {i, tail + (has_item ? 3 : 0)};
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
