// Months that are written before their year (months.h).
#include "core/pairs/months.h"

#include <string>

#include "core/base/ascii.h"
#include "core/pairs/names.h"

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

// Calls `see` with each number before a year and which run of digits of the name it is.
template <class See>
void for_each_number(std::string_view name, const See& see) {
  const NameText text(name);
  std::size_t run = 0;
  for (std::size_t at = 0; at < name.size() && run < 32;) {
    if (!text.digit(at)) {
      ++at;
      continue;
    }
    if (const auto found = number_before_year(text, at)) see(*found, run);
    at += text.digits(at);
    ++run;
  }
}

}  // namespace

std::optional<NumberBeforeYear> number_before_year(const NameText& name, std::size_t from) {
  const std::size_t count = name.digits(from);
  const std::size_t year = from + count + 1;
  if ((count != 1 && count != 2) || !name.separator(from + count)) return std::nullopt;
  if (name.digits(year) != 4 || !is_year(name.number(year, 4)) || name.letter(year + 4)) return std::nullopt;
  const char between = name.at(from + count);
  if (from > 0 && name.alphanumeric(from - 1)) return std::nullopt;
  NumberBeforeYear out{from, name.number(from, count), name.number(year, 4), year + 4, false, false};
  out.is_whole = from == 0 && out.end == name.size();
  out.is_loose = between == '_' || (!out.is_whole && (between == ' ' || (from > 0 && name.at(from - 1) == between)));
  if (count == 1 && out.is_loose) return std::nullopt;
  // "40_07_2018" and "12-2045-1362" are places in a grid, and of "12_2019-05" the last two make a date.
  if (from > 1 && name.at(from - 1) == between && name.digit(from - 2)) return std::nullopt;
  if (name.at(out.end) == between && name.digit(out.end + 1)) return std::nullopt;
  const bool goes_on = out.is_loose && name.separator(out.end) && name.digits(out.end + 1) == 2;
  if (goes_on && is_month(name.number(out.end + 1, 2))) return std::nullopt;
  return out;
}

void MonthSense::add(std::string_view name) {
  for_each_number(name, [&](const NumberBeforeYear& found, std::size_t) {
    Shape& shape = shapes_[shape_of(name)];
    shape.has_no_month = shape.has_no_month || !is_month(found.number);
    Years& years = shape.numbers[stable_hash(name.substr(0, found.end - 5))];
    if (years.first == 0) years.first = found.year;
    if (years.first == found.year || years.are_several) return;
    years.are_several = true;
    ++shape.of_several_years;
  });
}

// Places are seen in several years each, months rarely.
bool MonthSense::counts(const Shape& shape, const NumberBeforeYear& found) {
  if (shape.has_no_month) return true;
  if (found.is_loose) return shape.of_several_years > 0;
  return !found.is_whole && shape.numbers.size() > 1 && 2 * shape.of_several_years > shape.numbers.size();
}

uint32_t MonthSense::counting(std::string_view name) const {
  uint32_t bits = 0;
  if (shapes_.empty()) return bits;
  for_each_number(name, [&](const NumberBeforeYear& found, std::size_t run) {
    const auto shape = shapes_.find(shape_of(name));
    if (shape != shapes_.end() && counts(shape->second, found)) bits |= 1U << run;
  });
  return bits;
}

}  // namespace ccx::pairs
