// Dates in the names of files and folders (dates.h).
#include "core/pairs/dates.h"

#include <array>
#include <cstdio>
#include <optional>

namespace ccx::pairs {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_separator(char c) {
  return c == '-' || c == '_' || c == '.' || c == ' ';
}

bool is_year(int value) {
  return value >= 1900 && value <= 2079;
}

bool is_month(int value) {
  return value >= 1 && value <= 12;
}

bool is_day(int day, int month) {
  static constexpr std::array<int, 13> kDays = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day >= 1 && day <= kDays[static_cast<std::size_t>(month)];
}

bool is_time(int value) {
  return value / 10000 < 24 && value / 100 % 100 < 60 && value % 100 < 61;
}

// One name under the reading head.
class Scanner {
 public:
  Scanner(std::string_view name, const DateRules& rules) : name_(name), rules_(rules) {}

  std::vector<DateSpan> run() {
    if (!product()) {
      for (std::size_t at = 0; at < name_.size();) at = next(at);
    }
    return std::move(spans_);
  }

 private:
  // --- small parts ------------------------------------------------------------------------------------------------

  char at(std::size_t i) const { return i < name_.size() ? name_[i] : '\0'; }

  std::size_t digits(std::size_t from) const {
    std::size_t end = from;
    while (is_digit(at(end))) ++end;
    return end - from;
  }

  std::size_t letters(std::size_t from) const {
    std::size_t end = from;
    while (is_letter(at(end))) ++end;
    return end - from;
  }

  int number(std::size_t from, std::size_t count) const {
    int value = 0;
    for (std::size_t i = from; i < from + count && i < name_.size(); ++i) value = value * 10 + (name_[i] - '0');
    return value;
  }

  // Whether the rules say that the run of digits at `from` is no date.
  bool counts(std::size_t from) const {
    if (rules_.counting == 0) return false;
    std::size_t runs = 0;
    for (std::size_t i = 1; i <= from; ++i) runs += is_digit(name_[i - 1]) && !is_digit(name_[i]) ? 1 : 0;
    return runs < 32 && (rules_.counting >> runs & 1U) != 0;
  }

  bool separator(std::size_t i) const { return is_separator(at(i)); }

  // The month whose English name, whole or its first three letters, is the `count` letters at `from`; 0 if none.
  int month_name(std::size_t from, std::size_t count) const {
    static constexpr std::array<const char*, 12> kNames = {"january",   "february", "march",    "april",
                                                           "may",       "june",     "july",     "august",
                                                           "september", "october",  "november", "december"};
    if (count < 3) return 0;
    for (std::size_t m = 0; m < kNames.size(); ++m) {
      const std::string_view whole = kNames[m];
      const bool is_short = count == 3 || (m == 8 && count == 4);
      if (!is_short && count != whole.size()) continue;
      bool same = true;
      for (std::size_t i = 0; i < count && same; ++i) same = lower(name_[from + i]) == whole[i];
      if (same) return static_cast<int>(m) + 1;
    }
    return 0;
  }

  std::size_t add(std::size_t begin, std::size_t end, const Date& date) {
    spans_.push_back({begin, end, false, date});
    return end;
  }

  std::size_t add_noise(std::size_t begin, std::size_t end) {
    if (end > begin) spans_.push_back({begin, end, true, {}});
    return end;
  }

  // --- a place in the name ------------------------------------------------------------------------------------------

  // Reads what begins at `from` and returns where to go on.
  std::size_t next(std::size_t from) {
    if (is_letter(at(from))) return word(from);
    if (!is_digit(at(from))) return from + 1;
    const std::size_t count = digits(from);
    if (const std::size_t end = catalog_id(from)) return add_noise(from, end);
    std::optional<std::size_t> end;
    if (!end) end = day_month_name(from, count);
    if (!end) end = year_first(from, count);
    if (!end) end = year_last(from, count);
    if (!end) end = compact(from, count);
    return end.value_or(from + count);
  }

  // may2019, mar_2019, march 2019, march.
  std::size_t word(std::size_t from) {
    const std::size_t count = letters(from);
    if (from == 0 || !is_digit(at(from - 1))) {
      if (const std::size_t end = catalog_id(from)) return add_noise(from, end);
    }
    // The last letters of a word before digits may be a month: "beirut_mar2019" and also "beirutMar2019".
    for (std::size_t start = from; start + 3 <= from + count; ++start) {
      const bool begins = start == from || (lower(at(start)) != at(start) && lower(at(start - 1)) == at(start - 1));
      const int month = begins ? month_name(start, from + count - start) : 0;
      if (month == 0) continue;
      std::size_t year = from + count + (separator(from + count) ? 1 : 0);
      // "mar_15_2019", "march-15-2019"
      const std::size_t day_digits = digits(year);
      if ((day_digits == 1 || day_digits == 2) && separator(year + day_digits) && digits(year + day_digits + 1) == 4) {
        const int day = number(year, day_digits);
        const int value = number(year + day_digits + 1, 4);
        if (is_year(value) && is_day(day, month)) return add(start, year + day_digits + 5, {value, month, day, -1});
      }
      if (digits(year) == 4 && is_year(number(year, 4))) return add(start, year + 4, {number(year, 4), month, 0, -1});
      const bool is_alone = start == 0 && from + count == name_.size();
      if (is_alone) return add(start, from + count, {0, month, 0, -1});
    }
    return from + count;
  }

  // 15mar2019, 15-Mar-2019, 15mar19, 19MAY01101112 (Maxar: year first, and the time).
  std::optional<std::size_t> day_month_name(std::size_t from, std::size_t count) {
    if (count != 1 && count != 2) return std::nullopt;
    std::size_t name = from + count + (separator(from + count) ? 1 : 0);
    const std::size_t length = letters(name);
    const int month = month_name(name, length);
    if (month == 0) return std::nullopt;
    std::size_t rest = name + length;
    const std::size_t rest_digits = digits(rest);
    const int first = number(from, count);
    if (count == 2 && name == from + 2 && rest_digits == 8) {
      const int day = number(rest, 2);
      const int time = number(rest + 2, 6);
      const int year = first + (first < 80 ? 2000 : 1900);
      if (is_day(day, month) && is_time(time)) return maxar_order(add(from, rest + 8, {year, month, day, time}));
    }
    if (separator(rest)) ++rest;
    if (!is_day(first, month)) return std::nullopt;
    if (digits(rest) == 4 && is_year(number(rest, 4))) return add(from, rest + 4, {number(rest, 4), month, first, -1});
    if (digits(rest) == 2 && rest == name + length) {
      const int year = number(rest, 2);
      return add(from, rest + 2, {year + (year < 80 ? 2000 : 1900), month, first, -1});
    }
    return std::nullopt;
  }

  // 2019, 2019-05, 2019-05-01, 2019_mar_15, 2019Q1, and a time behind a whole date.
  std::optional<std::size_t> year_first(std::size_t from, std::size_t count) {
    if (count != 4 || counts(from)) return std::nullopt;
    Date date{number(from, 4), 0, 0, -1};
    if (!is_year(date.year)) return std::nullopt;
    std::size_t end = from + 4;
    if (lower(at(end)) == 'q' && at(end + 1) >= '1' && at(end + 1) <= '4' && !is_digit(at(end + 2))) {
      date.month = 3 * (at(end + 1) - '1') + 1;
      return add(from, end + 2, date);
    }
    std::size_t part = end + (separator(end) ? 1 : 0);
    if (const std::size_t length = letters(part); date.month == 0 && length >= 3) {
      if (const int month = month_name(part, length); month != 0) {
        date.month = month;
        end = part + length;
        std::size_t day = end + (separator(end) ? 1 : 0);
        if (digits(day) == 2 && is_day(number(day, 2), month)) {
          date.day = number(day, 2);
          end = day + 2;
        }
        return add(from, end, date);
      }
    }
    if (separator(end) && digits(end + 1) == 2 && is_month(number(end + 1, 2)) && !counts(end + 1)) {
      const char between = at(end);
      date.month = number(end + 1, 2);
      end += 3;
      if (at(end) == between && digits(end + 1) == 2 && is_day(number(end + 1, 2), date.month) && !counts(end + 1)) {
        date.day = number(end + 1, 2);
        end = with_time(end + 3, date);
      }
    }
    return add(from, end, date);
  }

  // 01-05-2019; and 05-2019 where it is the whole name.
  std::optional<std::size_t> year_last(std::size_t from, std::size_t count) {
    if ((count != 1 && count != 2) || !separator(from + count)) return std::nullopt;
    const char between = at(from + count);
    const std::size_t second = from + count + 1;
    const std::size_t second_digits = digits(second);
    if (second_digits == 4 && from == 0 && name_.size() == second + 4) {
      if (is_month(number(from, count)) && is_year(number(second, 4))) {
        return add(from, second + 4, {number(second, 4), number(from, count), 0, -1});
      }
    }
    if ((second_digits != 1 && second_digits != 2) || at(second + second_digits) != between) return std::nullopt;
    const std::size_t year = second + second_digits + 1;
    if (digits(year) != 4 || !is_year(number(year, 4))) return std::nullopt;
    int day = number(from, count);
    int month = number(second, second_digits);
    if (rules_.month_first || month > 12) std::swap(day, month);
    if (!is_month(month) || !is_day(day, month)) return std::nullopt;
    return add(from, year + 4, {number(year, 4), month, day, -1});
  }

  // 20190501 and longer, 201905, 2019121, 15032019.
  std::optional<std::size_t> compact(std::size_t from, std::size_t count) {
    if (count < 6 || counts(from)) return std::nullopt;
    Date date{number(from, 4), number(from + 4, 2), 0, -1};
    if (count == 6 && is_year(date.year) && is_month(date.month)) return add(from, from + 6, date);
    if (count == 7 && is_year(date.year)) return day_of_year(from);
    if (count == 8 || count == 12 || count == 14 || count == 15) {
      date.day = number(from + 6, 2);
      if (is_year(date.year) && is_month(date.month) && is_day(date.day, date.month)) {
        if (count == 8) return planet(with_time(from + 8, date), from, date);
        const int time = count == 12 ? number(from + 8, 4) * 100 : number(from + 8, 6);
        if (is_time(time)) {
          date.time = time;
          return add(from, from + count, date);
        }
      }
    }
    if (count != 8) return std::nullopt;
    Date last{number(from + 4, 4), number(from + 2, 2), number(from, 2), -1};
    if (rules_.month_first || last.month > 12) std::swap(last.month, last.day);
    if (!is_year(last.year) || !is_month(last.month) || !is_day(last.day, last.month)) return std::nullopt;
    return add(from, from + 8, last);
  }

  std::optional<std::size_t> day_of_year(std::size_t from) {
    static constexpr std::array<int, 13> kBefore = {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366};
    const int day = number(from + 4, 3);
    if (day < 1 || day > 366) return std::nullopt;
    int month = 1;
    while (day > kBefore[static_cast<std::size_t>(month)]) ++month;
    return add(from, from + 7, {number(from, 4), month, day - kBefore[static_cast<std::size_t>(month - 1)], -1});
  }

  // The time behind a whole date: T101112, T101112Z, T1011, _101112, -101112.
  std::size_t with_time(std::size_t end, Date& date) const {
    const bool has_t = at(end) == 'T' || at(end) == 't';
    if (!has_t && !separator(end)) return end;
    std::size_t count = digits(end + 1);
    if (has_t && count == 2 && at(end + 3) == ':' && digits(end + 4) == 2) {  // 10:11:12
      date.time = number(end + 1, 2) * 10000 + number(end + 4, 2) * 100;
      end += 6;
      if (at(end) == ':' && digits(end + 1) == 2) {
        date.time += number(end + 1, 2);
        end += 3;
      }
      return at(end) == 'Z' ? end + 1 : end;
    }
    if (count != 6 && !(has_t && count == 4)) return end;
    const int time = number(end + 1, count) * (count == 4 ? 100 : 1);
    if (!is_time(time)) return end;
    date.time = time;
    end += 1 + count;
    return at(end) == 'Z' ? end + 1 : end;
  }

  // --- products ---------------------------------------------------------------------------------------------------

  // Planet: 20190501_101112_1003_3B_, 20190501_101112_45_2403_3B_, 20190501_101112_ssc1_u0001: the satellite's number.
  std::size_t planet(std::size_t end, std::size_t from, const Date& date) {
    add(from, end, date);
    if (date.time < 0) return end;
    std::size_t rest = end;
    if (at(rest) == '_' && digits(rest + 1) == 2 && at(rest + 3) == '_') rest += 3;
    const bool is_satellite = at(rest) == '_' && run(rest + 1) == 4 && at(rest + 5) == '_' && digits(rest + 6) == 1 &&
                              is_letter(at(rest + 7)) && run(rest + 6) == 2;
    if (is_satellite) return add_noise(end, rest + 5);
    if (at(rest) == '_' && name_.substr(rest + 1, 3) == "ssc") {
      rest += 1 + run(rest + 1);
      if (at(rest) == '_' && (at(rest + 1) == 'u' || is_digit(at(rest + 1)))) rest += 1 + run(rest + 1);
      return add_noise(end, rest);
    }
    return end;
  }

  // Maxar: 19MAY01101112-P2AS_R1C1-012345678901_01_P001: the number of the order.
  std::size_t maxar_order(std::size_t end) {
    for (std::size_t i = end; i + 12 < name_.size(); ++i) {
      if (at(i) == '-' && digits(i + 1) == 12) {
        const std::size_t tail = i + 13;
        const bool has_item = at(tail) == '_' && digits(tail + 1) == 2;
        // What stands between is the product and the tile, which belong to the name.
        maxar_noise_ = {i, tail + (has_item ? 3 : 0)};
        break;
      }
    }
    if (maxar_noise_.second == 0) return end;
    add_noise(maxar_noise_.first, maxar_noise_.second);
    return maxar_noise_.second;
  }

  // Maxar's catalogue numbers: 16 hexadecimal digits that begin with 10.
  std::size_t catalog_id(std::size_t from) const {
    if (at(from) != '1' || at(from + 1) != '0' || (from > 0 && alphanumeric(from - 1))) return 0;
    std::size_t end = from;
    bool has_letter = false;
    while (is_digit(at(end)) || (lower(at(end)) >= 'a' && lower(at(end)) <= 'f')) has_letter |= is_letter(at(end++));
    return end - from == 16 && has_letter && !alphanumeric(end) ? end : 0;
  }

  bool alphanumeric(std::size_t i) const { return is_digit(at(i)) || is_letter(at(i)); }
  std::size_t run(std::size_t from) const {
    std::size_t end = from;
    while (alphanumeric(end)) ++end;
    return end - from;
  }

  // The parts of the whole name between '_', for the products that are made of such.
  std::vector<std::pair<std::size_t, std::size_t>> parts() const {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= name_.size(); ++i) {
      if (i < name_.size() && name_[i] != '_' && name_[i] != '.') continue;
      out.emplace_back(begin, i);
      begin = i + 1;
    }
    return out;
  }

  std::string_view part(const std::pair<std::size_t, std::size_t>& p) const {
    return name_.substr(p.first, p.second - p.first);
  }

  // A pattern of one part: '9' a digit, 'A' a letter or digit, anything else itself.
  static bool fits(std::string_view text, std::string_view pattern) {
    if (text.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool any = pattern[i] == '*' && (is_digit(text[i]) || is_letter(text[i]));
      const bool digit = pattern[i] == '9' && is_digit(text[i]);
      if (!any && !digit && text[i] != pattern[i]) return false;
    }
    return true;
  }

  bool product() {
    if (name_.size() < 9) return false;
    const char first = name_[0];
    if (first == 'S') return sentinel();
    if (first == 'I') return airbus();
    if (first == 'L') return landsat() || landsat_scene() || sentinel_granule();
    return false;
  }

  // S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305, S1A_IW_GRDH_1SDV_(start)_(stop)_(orbit)_(take)_(sum)
  bool sentinel() {
    const bool is_two = fits(name_.substr(0, 4), "S2*_");
    if (!is_two && !fits(name_.substr(0, 4), "S1*_")) return false;
    bool dated = false;
    std::vector<DateSpan> found = {{0, 3, true, {}}};
    for (const auto& p : parts()) {
      const std::string_view text = part(p);
      const bool is_date = fits(text, "99999999T999999") && is_year(number(p.first, 4));
      if (is_date && !dated) {
        Date date{number(p.first, 4), number(p.first + 4, 2), number(p.first + 6, 2), number(p.first + 9, 6)};
        found.push_back({p.first, p.second, false, date});
        dated = true;
      } else if (is_date || fits(text, "N9999") || fits(text, "R999") || fits(text, "A999999") ||
                 (!is_two && dated && (fits(text, "******") || fits(text, "****")))) {
        found.push_back({p.first, p.second, true, {}});
      }
    }
    if (!dated) return false;
    spans_ = std::move(found);
    return true;
  }

  // IMG_PHR1A_PMS_201903151030042_ORT_P_R1C1: which of the twin satellites it was is not part of the place.
  bool airbus() {
    const auto all = parts();
    if (all.size() < 4 || part(all[0]) != "IMG") return false;
    const std::string_view satellite = part(all[1]);
    if (!fits(satellite, "PHR9*") && !fits(satellite, "SPOT9") && !fits(satellite, "PNEO9")) return false;
    for (std::size_t i = 2; i < all.size(); ++i) {
      const auto [begin, end] = all[i];
      if (end - begin < 12 || digits(begin) != end - begin || !is_year(number(begin, 4))) continue;
      add_noise(all[1].first, all[1].second);
      add(begin, end, {number(begin, 4), number(begin + 4, 2), number(begin + 6, 2), number(begin + 8, 4) * 100});
      return true;
    }
    return false;
  }

  // L2A_T33UUP_A031267_20210617T101404, a folder within a Sentinel-2 product.
  bool sentinel_granule() {
    if (!fits(name_.substr(0, 11), "L9*_T99****") && !fits(name_.substr(0, 11), "L9*_T99***_")) return false;
    for (const auto& p : parts()) {
      const std::string_view text = part(p);
      if (fits(text, "A999999")) add_noise(p.first, p.second);
      if (fits(text, "99999999T999999")) {
        add(p.first, p.second,
            {number(p.first, 4), number(p.first + 4, 2), number(p.first + 6, 2), number(p.first + 9, 6)});
      }
    }
    return true;
  }

  // LC08_L1TP_015033_20200610_20200824_02_T1: sensor and level change over the years, and T1 is a tier.
  bool landsat() {
    const auto all = parts();
    if (all.size() < 4 || !fits(part(all[0]), "L*99") || !fits(part(all[1]), "L9**")) return false;
    if (!fits(part(all[2]), "999999") || !fits(part(all[3]), "99999999")) return false;
    const std::size_t at_date = all[3].first;
    add_noise(all[0].first, all[1].second);
    add(at_date, at_date + 8, {number(at_date, 4), number(at_date + 4, 2), number(at_date + 6, 2), -1});
    for (std::size_t i = 4; i < all.size() && i < 7; ++i) {
      const std::string_view text = part(all[i]);
      const bool is_tier = text == "T1" || text == "T2" || text == "RT";
      if (is_tier || fits(text, "99999999") || fits(text, "99")) add_noise(all[i].first, all[i].second);
    }
    return true;
  }

  // LC80150332020162LGN00
  bool landsat_scene() {
    if (name_.size() < 21 || !fits(name_.substr(0, 21), "L*99999999999999***99")) return false;
    if (!is_year(number(9, 4))) return false;
    add_noise(0, 3);
    const std::size_t before = spans_.size();
    if (!day_of_year(9)) {
      spans_.resize(before - 1);
      return false;
    }
    add_noise(16, 21);
    return true;
  }

  std::string_view name_;
  const DateRules& rules_;
  std::vector<DateSpan> spans_;
  std::pair<std::size_t, std::size_t> maxar_noise_{0, 0};
};

}  // namespace

std::string text_of(const Date& date, bool with_time) {
  char text[40] = "";
  if (date.year == 0) {
    std::snprintf(text, sizeof text, "%02d", date.month);
  } else if (date.month == 0) {
    std::snprintf(text, sizeof text, "%04d", date.year);
  } else if (date.day == 0) {
    std::snprintf(text, sizeof text, "%04d-%02d", date.year, date.month);
  } else if (with_time && date.time >= 0) {
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%06d", date.year, date.month, date.day, date.time);
  } else {
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  }
  return text;
}

int compare(const Date& a, const Date& b) {
  const std::array<std::pair<int, int>, 3> parts = {{{a.year, b.year}, {a.month, b.month}, {a.day, b.day}}};
  for (const auto& [x, y] : parts) {
    if (x == y) continue;
    return x == 0 || y == 0 ? 0 : x < y ? -1 : 1;
  }
  return a.time < 0 || b.time < 0 || a.time == b.time ? 0 : a.time < b.time ? -1 : 1;
}

std::vector<DateSpan> dates_in(std::string_view name, const DateRules& rules) {
  return Scanner(name, rules).run();
}

bool is_month_first(std::string_view name) {
  for (std::size_t i = 0; i + 9 < name.size(); ++i) {
    if (i > 0 && is_digit(name[i - 1])) continue;
    const auto digit = [&](std::size_t at) { return is_digit(name[i + at]); };
    if (!digit(0) || !digit(1) || !is_separator(name[i + 2]) || !digit(3) || !digit(4)) continue;
    if (name[i + 5] != name[i + 2] || !digit(6) || !digit(7) || !digit(8) || !digit(9)) continue;
    const int month = (name[i] - '0') * 10 + name[i + 1] - '0';
    const int day = (name[i + 3] - '0') * 10 + name[i + 4] - '0';
    const int year =
        (name[i + 6] - '0') * 1000 + (name[i + 7] - '0') * 100 + (name[i + 8] - '0') * 10 + name[i + 9] - '0';
    if (is_month(month) && day > 12 && day <= 31 && is_year(year)) return true;
  }
  return false;
}

}  // namespace ccx::pairs
