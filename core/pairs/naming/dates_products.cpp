// The names of satellites' products (dates_products.h).
#include "core/pairs/naming/dates_products.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/base/one_of.h"

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

bool is_whole(const Date& date) {
  return is_year(date.year) && is_month(date.month) && is_day(date.day, date.month);
}

// Of the eight digits of 20180612.
Date day_at(const NameText& name, std::size_t at) {
  return {name.number(at, 4), name.number(at + 4, 2), name.number(at + 6, 2), -1};
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

// IMG_PHR1A_PMS_201903151030042_ORT_3456789101-001_R1C1: which of the twin satellites it was and the number of the
// order are not part of the place.
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
    Spans found = {noise(all[1]), {begin, end, false, date}};
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const std::size_t digits = name.digits(all[j].first);
      const std::size_t rest = all[j].first + digits;
      const bool has_item = name.at(rest) == '-' && rest + 1 + name.digits(rest + 1) == all[j].second;
      if (digits >= 6 && (rest == all[j].second || has_item)) found.push_back(noise(all[j]));
    }
    return found;
  }
  return std::nullopt;
}

// S2B_33UUP_20180612_0_L2A, as Element 84 calls what it serves: the number is that of the pass of the day.
Found sentinel_mirrored(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 5 || !fits(name.text(all[0]), "S2*") || !fits(name.text(all[2]), "99999999")) return std::nullopt;
  if (!fits(name.text(all[1]), "99***") && !fits(name.text(all[1]), "9***")) return std::nullopt;
  const std::size_t at = all[2].first;
  const Date date = day_at(name, at);
  if (!is_whole(date) || name.digits(all[3].first) != all[3].second - all[3].first || !fits(name.text(all[4]), "L9*")) {
    return std::nullopt;
  }
  return Spans{noise(all[0]), {at, at + 8, false, date}, noise(all[3])};
}

// GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-MSS1, and names that people make of it: satellite, camera and serial
// number are not part of the place.
Found gaofen(const NameText& name) {
  static constexpr std::array<std::string_view, 5> kSatellites = {"GF", "ZY", "CB", "HJ", "BJ"};
  static constexpr std::array<std::string_view, 5> kCameras = {"PMS9", "WFV9", "PMS", "WFV", "WPM"};
  const auto is_instrument = [](std::string_view text) {
    const bool is_satellite =
        text.size() > 2 && text.size() <= 5 && is_one_of(text.substr(0, 2), kSatellites) && ascii::is_digit(text[2]);
    return is_satellite ||
           std::any_of(kCameras.begin(), kCameras.end(), [&](std::string_view of) { return fits(text, of); });
  };
  Spans found;
  bool has_date = false;
  bool has_serial = false;
  for (const Part& part : name.parts()) {
    const std::string_view text = name.text(part);
    const Date date = day_at(name, part.first);
    const std::size_t serial = part.first + 13;
    if (fits(text.substr(0, 13), "L9*9999999999") && !name.digit(serial)) {
      has_serial = true;
      found.push_back(noise({part.first, serial}));
      if (text.size() > 14 && name.digit(part.second - 1)) found.push_back(noise({part.second - 1, part.second}));
    } else if (fits(text, "99999999") && is_whole(date) && !has_date) {
      has_date = true;
      found.push_back({part.first, part.second, false, date});
    } else if (is_instrument(text)) {
      found.push_back(noise(part));
    }
  }
  return has_date && has_serial ? Found(found) : std::nullopt;
}

// m_3008501_ne_16_060_20190815_20191127 of the NAIP: resolution and the day of the processing differ from year to year.
Found naip(const NameText& name) {
  const std::vector<Part> all = name.parts();
  if (all.size() < 6 || name.text(all[0]) != "m" || !fits(name.text(all[1]), "9999999")) return std::nullopt;
  const auto is_date = [&](std::size_t i) {
    return fits(name.text(all[i]), "99999999") && is_whole(day_at(name, all[i].first));
  };
  if (!fits(name.text(all[2]), "**") || !fits(name.text(all[3]), "99") || !is_date(5)) return std::nullopt;
  const std::size_t at = all[5].first;
  Spans found = {noise(all[4]), {at, at + 8, false, day_at(name, at)}};
  if (all.size() > 6 && is_date(6)) found.push_back(noise(all[6]));
  return found;
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
  const Date date = day_at(name, at);
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
  const Date date = day_at(name, 15);
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

// The folders of an order: 012345678901_01_P001_MUL of Maxar, IMG_PHR1A_PMS_001 of Airbus; Planet's analytic_sr_udm2,
// which is called by what was ordered.
Found order_folder(const NameText& name) {
  if (fits(name, 20, "999999999999_99_P999")) return Spans{noise({0, 15})};
  const std::vector<Part> all = name.parts();
  const bool is_airbus = all.size() == 4 && name.text(all[0]) == "IMG" && fits(name.text(all[1]), "P**9*");
  if (is_airbus && name.digits(all[3].first) == all[3].second - all[3].first)
    return Spans{noise(all[1]), noise(all[3])};
  if (is_airbus) return Spans{noise(all[1])};
  // Of fewer digits in front of a product's kind: 010_P001_MUL.
  const std::size_t digits = name.digits(0);
  static constexpr std::array<std::string_view, 4> kKinds = {"MUL", "PAN", "PSH", "SWIR"};
  const bool has_part = name.at(digits) == '_' && name.at(digits + 1) == 'P' && name.digits(digits + 2) == 3;
  if (digits >= 3 && has_part && all.size() == 3 && is_one_of(name.text(all[2]), kKinds))
    return Spans{noise({0, digits})};
  if (is_planet_bundle(name.text({0, name.size()}))) return Spans{noise({0, name.size()})};
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
                          aster, sentinel_mirrored, gaofen, naip, order_folder}) {
    if (Found found = read(name)) return found;
  }
  return std::nullopt;
}

}  // namespace ccx::pairs
