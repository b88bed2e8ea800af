// Numbers at the ends of names (end_number.h).
#include "core/pairs/naming/end_number.h"

#include <cstdlib>
#include <set>
#include <utility>

#include "core/base/ascii.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

std::optional<EndNumber> end_number(std::string_view name) {
  std::size_t at = name.size();
  while (at > 0 && ascii::is_digit(name[at - 1])) --at;
  const std::size_t digits = name.size() - at;
  if (digits == 0 || digits > 2) return std::nullopt;
  EndNumber out;
  for (const char c : name.substr(at)) out.value = out.value * 10 + (c - '0');
  out.has_two_digits = digits == 2;
  const auto is_separator = [&](std::size_t i) { return name[i] == '_' || name[i] == '-' || name[i] == '.'; };
  const char letter = at > 0 ? ascii::lower(name[at - 1]) : '\0';
  if ((letter == 'd' || letter == 'p' || letter == 'y') && (at == 1 || is_separator(at - 2))) {
    out.letter = letter;
    --at;
  }
  if (at > 0 && !is_separator(at - 1)) return std::nullopt;
  out.base = std::string(name.substr(0, at > 0 ? at - 1 : 0));
  return out;
}

std::optional<NumberPair> number_pair(const std::vector<EndNumber>& names) {
  std::set<int> values;
  for (const EndNumber& name : names) {
    if (name.letter != names[0].letter || name.has_two_digits != names[0].has_two_digits) return std::nullopt;
    values.insert(name.value);
  }
  if (values.size() != 2) return std::nullopt;
  NumberPair out{*values.begin(), *values.rbegin(), false};
  if (out.after <= 2 && out.after - out.before == 1) return out;
  if (!names[0].has_two_digits) return std::nullopt;
  out.are_years = true;
  // 98 is before 05. Other numbers count something.
  if (names[0].letter != 0 && names[0].letter != 'y') return std::nullopt;
  if (!is_short_year(out.before) || !is_short_year(out.after)) return std::nullopt;
  if (year_of(out.after) < year_of(out.before)) std::swap(out.before, out.after);
  return out;
}

bool are_hours(std::string_view first, std::string_view second) {
  if (first.size() != second.size() || first.size() < 5) return false;
  const std::size_t at = first.size() - 4;
  const NameText one(first);
  const NameText two(second);
  if (first.substr(0, at) != second.substr(0, at) || !one.separator(at - 1)) return false;
  if (one.digits(at) != 4 || two.digits(at) != 4) return false;
  const int early = one.number(at, 4);
  const int late = two.number(at, 4);
  return is_time(early * 100) && is_time(late * 100) && std::abs(late - early) >= 100;
}

}  // namespace ccx::pairs
