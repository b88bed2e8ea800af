// Months that are written before their year (months.h).
#include "core/pairs/naming/months.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/ascii.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

uint64_t shape_of(std::string_view name) {
  std::string shape;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!ascii::is_digit(name[i])) {
      shape += name[i];
    } else if (i == 0 || !ascii::is_digit(name[i - 1])) {
      shape += '0';
    }
  }
  return stable_hash(shape);
}

// A year right behind a letter, in a name that holds a free one too.
bool is_glued_year(const NameText& name, std::size_t from) {
  const auto is_at = [&](std::size_t at) { return name.digits(at) == 4 && is_year(name.number(at, 4)); };
  if (from == 0 || !name.letter(from - 1) || !is_at(from)) return false;
  for (std::size_t at = 0; at < name.size(); at += std::max<std::size_t>(name.digits(at), 1)) {
    if (at != from && is_at(at) && (at == 0 || !name.alphanumeric(at - 1))) return true;
  }
  return false;
}

uint64_t without_year(std::string_view name, std::size_t from) {
  return stable_hash(std::string(name.substr(0, from)).append(name.substr(from + 4)));
}

}  // namespace

std::optional<NumberBeforeYear> number_before_year(const NameText& name, std::size_t from, bool is_behind_place) {
  const std::size_t count = name.digits(from);
  const std::size_t year = from + count + 1;
  if ((count != 1 && count != 2) || !name.separator(from + count)) return std::nullopt;
  if (name.digits(year) != 4 || !is_year(name.number(year, 4)) || name.letter(year + 4)) return std::nullopt;
  const char between = name.at(from + count);
  if (from > 0 && name.alphanumeric(from - 1)) return std::nullopt;
  NumberBeforeYear out{from, name.number(from, count), name.number(year, 4), year + 4, false, false};
  out.is_whole = from == 0 && out.end == name.size();
  out.is_loose = between == '_' || (!out.is_whole && (between == ' ' || (from > 0 && name.at(from - 1) == between)));
  if (is_behind_place) return out;
  if (count == 1 && out.is_loose) return std::nullopt;
  // "40_07_2018" and "12-2045-1362" are places in a grid, and of "12_2019-05" the last two make a date.
  if (from > 1 && name.at(from - 1) == between && name.digit(from - 2)) return std::nullopt;
  if (name.at(out.end) == between && name.digit(out.end + 1)) return std::nullopt;
  const bool goes_on = out.is_loose && name.separator(out.end) && name.digits(out.end + 1) == 2;
  if (goes_on && is_month(name.number(out.end + 1, 2))) return std::nullopt;
  return out;
}

std::optional<WithoutZeros> month_without_zeros(const NameText& name, std::size_t from) {
  if (name.digits(from) != 4 || !is_year(name.number(from, 4)) || (from > 0 && name.alphanumeric(from - 1)))
    return std::nullopt;
  const char between = name.at(from + 4);
  if (between != '-' && between != '.') return std::nullopt;
  std::array<int, 2> numbers{};
  std::size_t end = from + 4;
  std::size_t count = 0;
  for (; count < 2 && name.at(end) == between && name.digit(end + 1); ++count) {
    const std::size_t digits = name.digits(end + 1);
    if (digits > 2 || (digits == 2 && name.at(end + 1) == '0')) return std::nullopt;
    numbers[count] = name.number(end + 1, digits);
    end += 1 + digits;
  }
  const bool goes_on = name.letter(end) || (name.at(end) == between && name.digit(end + 1));
  const std::size_t all_zeros = from + 4 + 3 * count;  // where it would end with them
  if (count == 0 || goes_on || (count == 2 && end == all_zeros)) return std::nullopt;
  WithoutZeros out{numbers[0], numbers[1], end};
  if (!is_month(out.month) || (count == 2 && !is_day(out.day, out.month))) out.month = 0;
  return out;
}

void MonthSense::see(Shape& shape, uint64_t number, int year) {
  Years& years = shape.numbers[number];
  if (years.first == 0) years.first = year;
  if (years.first == year || years.are_several) return;
  years.are_several = true;
  ++shape.of_several_years;
}

void MonthSense::add(std::string_view name) {
  const NameText text(name);
  for_each_run(text, [&](std::size_t at, std::size_t) {
    if (const auto found = number_before_year(text, at)) {
      Shape& shape = shapes_[shape_of(name)];
      shape.has_no_month = shape.has_no_month || !is_month(found->number);
      see(shape, stable_hash(name.substr(0, found->end - 5)), found->year);
    }
    if (const auto found = month_without_zeros(text, at)) {
      Shape& shape = days_[shape_of(name)];
      const int year = text.number(at, 4);
      shape.has_no_month = shape.has_no_month || found->month == 0;
      const bool has_one_digit = found->month < 10 || (found->day > 0 && found->day < 10);
      shape.has_one_digit = shape.has_one_digit || has_one_digit;
      shape.has_two_digits = shape.has_two_digits || found->month > 9;
      shape.has_several_years = shape.has_several_years || (shape.year != 0 && shape.year != year);
      shape.year = year;
      see(shape, without_year(name, at), year);
    }
    if (is_glued_year(text, at)) {
      Glued& glued = glued_[shape_of(name)];
      const int year = text.number(at, 4);
      glued.counts = glued.counts || glued.years.emplace(without_year(name, at), year).first->second != year;
    }
  });
}

// Places are seen in several years each, months rarely.
bool MonthSense::counts(const Shape& shape, const NumberBeforeYear& found) {
  if (shape.has_no_month) return true;
  if (found.is_loose) return shape.of_several_years > 0;
  return !found.is_whole && shape.numbers.size() > 1 && 2 * shape.of_several_years > shape.numbers.size();
}

// 2019-1 and 2019-2 alone may be two places.
bool MonthSense::counts(const Shape& shape, const WithoutZeros& found) {
  if (!shape.has_one_digit) return false;
  if (shape.has_no_month || shape.of_several_years > 0) return true;
  return found.day == 0 && !shape.has_two_digits && !shape.has_several_years;
}

uint32_t MonthSense::counting(std::string_view name) const {
  uint32_t bits = 0;
  if (shapes_.empty() && days_.empty() && glued_.empty()) return bits;
  const NameText text(name);
  for_each_run(text, [&](std::size_t at, std::size_t run) {
    if (const auto found = number_before_year(text, at)) {
      const auto shape = shapes_.find(shape_of(name));
      if (shape != shapes_.end() && counts(shape->second, *found)) bits |= 1U << run;
    }
    if (const auto found = month_without_zeros(text, at)) {
      const auto shape = days_.find(shape_of(name));
      const bool is_place = shape != days_.end() && counts(shape->second, *found);
      // of the two runs behind the year
      if (is_place && run < 30) bits |= (found->day == 0 ? 2U : 6U) << run;
    }
    if (is_glued_year(text, at)) {
      const auto glued = glued_.find(shape_of(name));
      if (glued != glued_.end() && glued->second.counts) bits |= 1U << run;
    }
  });
  return bits;
}

}  // namespace ccx::pairs
