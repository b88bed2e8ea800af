// Dates in the names of files and folders (dates.h).
#include "core/pairs/naming/dates.h"

#include <optional>

#include "core/pairs/naming/dates_products.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/dates_words.h"
#include "core/pairs/naming/months.h"

namespace ccx::pairs {
namespace {

// Dates as people write them, and as products write them that may stand anywhere in a name.
class DateScanner {
 public:
  DateScanner(const NameText& name, const DateRules& rules) : name_(name), rules_(rules) {}

  std::vector<DateSpan> run() {
    for (std::size_t at = 0; at < name_.size();) at = next(at);
    return std::move(spans_);
  }

 private:
  // Whether the rules say that the run of digits at `from` is no date.
  bool counts(std::size_t from) const {
    if (rules_.counting == 0) return false;
    std::size_t runs = 0;
    for (std::size_t i = 1; i <= from; ++i) runs += name_.digit(i - 1) && !name_.digit(i) ? 1 : 0;
    return runs < 32 && (rules_.counting >> runs & 1U) != 0;
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
    if (name_.letter(from)) return word(from);
    if (!name_.digit(from)) return from + 1;
    const std::size_t count = name_.digits(from);
    if (const std::size_t end = after_catalog_id(name_, from)) return add_noise(from, end);
    std::optional<std::size_t> end;
    if (!end) end = day_month_name(from, count);
    if (!end) end = year_first(from, count);
    if (!end) end = year_last(from, count);
    if (!end) end = compact(from, count);
    return end.value_or(from + count);
  }

  // may2019, mar_2019, march 2019, march.
  std::size_t word(std::size_t from) {
    const std::size_t count = name_.letters(from);
    if (const auto end = part_of_year(from, count)) return *end;
    if (const auto end = season(from, count)) return *end;
    if (from == 0 || !name_.digit(from - 1)) {
      if (const std::size_t end = after_catalog_id(name_, from)) return add_noise(from, end);
    }
    // The last letters of a word before digits may be a month: "beirut_mar2019" and also "beirutMar2019".
    for (std::size_t start = from; start + 3 <= from + count; ++start) {
      const bool begins = start == from || (ascii::lower(name_.at(start)) != name_.at(start) &&
                                            ascii::lower(name_.at(start - 1)) == name_.at(start - 1));
      const int month = begins ? month_name(name_, start, from + count - start) : 0;
      if (month == 0) continue;
      std::size_t year = from + count + (name_.separator(from + count) ? 1 : 0);
      // "mar_15_2019", "march-15-2019"
      const std::size_t day_digits = name_.digits(year);
      if ((day_digits == 1 || day_digits == 2) && name_.separator(year + day_digits) &&
          name_.digits(year + day_digits + 1) == 4) {
        const int day = name_.number(year, day_digits);
        const int value = name_.number(year + day_digits + 1, 4);
        if (is_year(value) && is_day(day, month)) return add(start, year + day_digits + 5, {value, month, day, -1});
      }
      if (name_.digits(year) == 4 && is_year(name_.number(year, 4)))
        return add(start, year + 4, {name_.number(year, 4), month, 0, -1});
      // "may18" in one word.
      const std::size_t end = from + count + 2;
      if (name_.digits(from + count) == 2 && !name_.alphanumeric(end) && is_short_year(name_.number(from + count, 2)))
        return add(start, end, {year_of(name_.number(from + count, 2)), month, 0, -1});
      const bool is_alone = start == 0 && from + count == name_.size();
      if (is_alone) return add(start, from + count, {0, month, 0, -1});
    }
    return from + count;
  }

  // spring2019, Summer_2019, in words that end so too: "lakeSpring2019".
  std::optional<std::size_t> season(std::size_t from, std::size_t count) {
    const std::size_t end = from + count;
    const std::size_t year = end + (name_.separator(end) ? 1 : 0);
    if (name_.digits(year) != 4 || !is_year(name_.number(year, 4)) || counts(year)) return std::nullopt;
    std::size_t start = end;
    const auto is_high = [&](std::size_t at) { return static_cast<unsigned char>(name_.at(at)) >= 0x80; };
    while (start > from && (ascii::is_small(name_.at(start - 1)) || is_high(start - 1))) --start;
    if (start > from && start < end && ascii::is_capital(name_.at(start - 1))) --start;
    if (start == end) start = from;  // in capitals
    const int place = season_at(start, end - start);
    if (place == 0) return std::nullopt;
    return add(start, year + 4, {name_.number(year, 4), 0, 0, -1, place});
  }
  int season_at(std::size_t from, std::size_t count) const { return season_place(name_.text({from, from + count})); }

  // Q1_2020, KW12_2020.
  std::optional<std::size_t> part_of_year(std::size_t from, std::size_t count) {
    const std::optional<PartOfYear> part = quarter_or_week(name_, from, count);
    if (!part || (from > 0 && name_.alphanumeric(from - 1))) return std::nullopt;
    // "w1_2018" and "q1_2018" are plots as often.
    if (count == 1 && !(part->is_quarter && name_.at(from) == 'Q')) return std::nullopt;
    const std::size_t year = part->end + (name_.separator(part->end) ? 1 : 0);
    if (year == part->end || name_.digits(year) != 4 || !is_year(name_.number(year, 4))) return std::nullopt;
    return add(from, year + 4, date_of(name_.number(year, 4), *part));
  }

  // 15mar2019, 15-Mar-2019, 15mar19, 19MAY01101112 (Maxar: year first, and the time).
  std::optional<std::size_t> day_month_name(std::size_t from, std::size_t count) {
    if (count != 1 && count != 2) return std::nullopt;
    std::size_t name = from + count + (name_.separator(from + count) ? 1 : 0);
    const std::size_t length = name_.letters(name);
    const int month = month_name(name_, name, length);
    if (month == 0) return std::nullopt;
    std::size_t rest = name + length;
    const std::size_t rest_digits = name_.digits(rest);
    if (counts(from)) return std::nullopt;  // "site1_May2019"
    const int first = name_.number(from, count);
    if (count == 2 && name == from + 2 && rest_digits == 8) {
      const int day = name_.number(rest, 2);
      const int time = name_.number(rest + 2, 6);
      const int year = year_of(first);
      if (is_day(day, month) && is_time(time)) {
        const auto [begin, end] = maxar_order(name_, add(from, rest + 8, {year, month, day, time}));
        return add_noise(begin, end);
      }
    }
    if (name_.separator(rest)) ++rest;
    if (!is_day(first, month)) return std::nullopt;
    if (name_.digits(rest) == 4 && is_year(name_.number(rest, 4)))
      return add(from, rest + 4, {name_.number(rest, 4), month, first, -1});
    if (name_.digits(rest) == 2 && rest == name + length) {
      const int year = name_.number(rest, 2);
      return add(from, rest + 2, {year_of(year), month, first, -1});
    }
    return std::nullopt;
  }

  // 2019, 2019-05, 2019-05-01, 2019-5-1, 2019-5, 2019_mar_15, 2019Q1, 2019-W12, and a time behind a whole date.
  std::optional<std::size_t> year_first(std::size_t from, std::size_t count) {
    if (count != 4 || counts(from)) return std::nullopt;
    Date date{name_.number(from, 4), 0, 0, -1};
    if (!is_year(date.year)) return std::nullopt;
    std::size_t end = from + 4;
    const std::size_t behind = end + (name_.separator(end) ? 1 : 0);
    if (const auto season = quarter_or_week(name_, behind, name_.letters(behind))) {
      // "2019_w50" may lie in the west.
      const bool is_west = season->end == behind + 3 && ascii::lower(name_.at(behind)) == 'w' && name_.at(end) == '_';
      if (!is_west) return add(from, season->end, date_of(date.year, *season));
    }
    std::size_t part = end + (name_.separator(end) ? 1 : 0);
    if (ascii::lower(name_.at(part)) == 'm' && part > end && name_.digits(part + 1) == 2 &&
        is_month(name_.number(part + 1, 2))) {
      date.month = name_.number(part + 1, 2);  // 2021_m03
      return add(from, part + 3, date);
    }
    if (const std::size_t length = name_.letters(part); date.month == 0 && length >= 3) {
      if (const int month = month_name(name_, part, length); month != 0) {
        date.month = month;
        end = part + length;
        std::size_t day = end + (name_.separator(end) ? 1 : 0);
        if (name_.digits(day) == 2 && is_day(name_.number(day, 2), month)) {
          date.day = name_.number(day, 2);
          end = day + 2;
        }
        return add(from, end, date);
      }
      if (date.season = season_at(part, length); date.season != 0) return add(from, part + length, date);
    }
    if (const auto month = month_without_zeros(name_, from); month && month->month != 0 && !counts(end + 1)) {
      date.month = month->month;
      date.day = month->day;
      return add(from, date.day == 0 ? month->end : with_time(name_, month->end, date), date);
    }
    if (name_.separator(end) && name_.digits(end + 1) == 2 && is_month(name_.number(end + 1, 2)) && !counts(end + 1)) {
      const char between = name_.at(end);
      date.month = name_.number(end + 1, 2);
      end += 3;
      if (name_.at(end) == between && name_.digits(end + 1) == 2 && is_day(name_.number(end + 1, 2), date.month) &&
          !counts(end + 1)) {
        date.day = name_.number(end + 1, 2);
        end = with_time(name_, end + 3, date);
      }
    }
    return add(from, end, date);
  }

  // Whether the number right before `from` counts places: "05_2019" in "tile_1_05_2019".
  bool is_behind_place(std::size_t from) const {
    if (from < 2 || !name_.separator(from - 1) || !name_.digit(from - 2)) return false;
    std::size_t begin = from - 2;
    while (begin > 0 && name_.digit(begin - 1)) --begin;
    return from - 1 - begin <= 2 && counts(begin);
  }

  // 01-05-2019; and 05-2019.
  std::optional<std::size_t> year_last(std::size_t from, std::size_t count) {
    if ((count != 1 && count != 2) || !name_.separator(from + count)) return std::nullopt;
    const char between = name_.at(from + count);
    const std::size_t second = from + count + 1;
    const std::size_t second_digits = name_.digits(second);
    if (const auto found = number_before_year(name_, from, is_behind_place(from))) {
      if (is_month(found->number) && !counts(from) && !counts(second)) {
        return add(from, found->end, {found->year, found->number, 0, -1});
      }
    }
    if ((second_digits != 1 && second_digits != 2) || name_.at(second + second_digits) != between) return std::nullopt;
    if (counts(from)) return std::nullopt;  // "tile_1_05_2019"
    const std::size_t year = second + second_digits + 1;
    if (name_.digits(year) != 4 || !is_year(name_.number(year, 4))) return std::nullopt;
    int day = name_.number(from, count);
    int month = name_.number(second, second_digits);
    if (rules_.month_first || month > 12) std::swap(day, month);
    if (!is_month(month) || !is_day(day, month)) return std::nullopt;
    return add(from, year + 4, {name_.number(year, 4), month, day, -1});
  }

  // 20190501 and longer, 201905, 2019121, 15032019.
  std::optional<std::size_t> compact(std::size_t from, std::size_t count) {
    if (count < 6 || counts(from)) return std::nullopt;
    Date date{name_.number(from, 4), name_.number(from + 4, 2), 0, -1};
    if (count == 6 && is_year(date.year) && is_month(date.month)) return add(from, from + 6, date);
    if (count == 7 && is_year(date.year)) {
      const std::optional<Date> day = day_of_year(date.year, name_.number(from + 4, 3));
      if (!day) return std::nullopt;
      date = *day;
      return add(from, name_.at(from + 7) == 'T' ? with_time(name_, from + 7, date) : from + 7, date);
    }
    if (count == 8 || count == 12 || count == 14 || count == 15) {
      date.day = name_.number(from + 6, 2);
      if (is_year(date.year) && is_month(date.month) && is_day(date.day, date.month)) {
        if (count == 8) {
          const std::size_t end = with_time(name_, from + 8, date);
          add(from, end, date);
          return date.time < 0 ? end : add_noise(end, after_planet_satellite(name_, end, rules_.has_satellite));
        }
        const int time = count == 12 ? name_.number(from + 8, 4) * 100 : name_.number(from + 8, 6);
        if (is_time(time)) {
          date.time = time;
          return add(from, from + count, date);
        }
      }
    }
    if (count != 8) return std::nullopt;
    Date last{name_.number(from + 4, 4), name_.number(from + 2, 2), name_.number(from, 2), -1};
    if (rules_.month_first || last.month > 12) std::swap(last.month, last.day);
    if (!is_year(last.year) || !is_month(last.month) || !is_day(last.day, last.month)) return std::nullopt;
    return add(from, from + 8, last);
  }

  const NameText& name_;
  const DateRules& rules_;
  std::vector<DateSpan> spans_;
};

}  // namespace

std::vector<DateSpan> dates_in(std::string_view name, const DateRules& rules) {
  const NameText text(name);
  if (std::optional<std::vector<DateSpan>> product = product_spans(text)) return *std::move(product);
  return DateScanner(text, rules).run();
}

}  // namespace ccx::pairs
