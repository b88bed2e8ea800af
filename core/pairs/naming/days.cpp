// Numbers before a month that are days or count places (days.h).
#include "core/pairs/naming/days.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/dates_words.h"
#include "core/pairs/naming/markers.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/role_words.h"

namespace ccx::pairs {
namespace {

// Words for a place before a number, besides is_place_word()'s.
constexpr std::array<std::string_view, 39> kNumbered = {
    "loc",   "tile",     "field",    "parcel",  "sheet", "cell",   "grid",      "lot",      "row",    "map",
    "patch", "quadrant", "section",  "unit",    "farm",  "house",  "building",  "scene",    "sample", "point",
    "camp",  "mine",     "pit",      "dam",     "lake",  "island", "zona",      "sitio",    "lugar",  "ort",
    "lieu",  "secteur",  "parcelle", "parcela", "feld",  "lac",    "baustelle", "standort", "no"};

// The word that ends at `end`, or before the separators there.
std::string word_before(const NameText& name, std::size_t end) {
  while (end > 0 && name.separator(end - 1)) --end;
  std::size_t begin = end;
  while (begin > 0 && name.letter(begin - 1)) --begin;
  return ascii::lower(name.text({begin, end}));
}

// What follows the number at `month`: a word and its year. False where it is none.
bool read_word(const NameText& name, std::size_t month, NumberBeforeMonth& out) {
  const std::size_t length = name.letters(month);
  if (length < 3) return false;
  std::size_t year = month + length;
  const bool is_apart = name.separator(year);
  if (is_apart) ++year;
  const std::size_t digits = name.digits(year);
  const bool is_short = digits == 2 && !is_apart && !name.alphanumeric(year + 2);
  if (digits != 4 && !is_short) return false;
  out.year = is_short ? year_of(name.number(year, 2)) : name.number(year, 4);
  out.month = month_name(name, month, length);
  out.end = year + digits;
  out.is_word = true;
  out.is_even = out.is_apart && is_apart && name.at(month + length) == name.at(month - 1);
  out.may_be_day = out.number >= 1 && out.number <= 31;
  return out.month != 0 && is_year(out.year);
}

// The same of a month in digits.
bool read_number(const NameText& name, std::size_t month, NumberBeforeMonth& out) {
  const std::size_t digits = name.digits(month);
  const std::size_t year = month + digits + 1;
  if (!out.is_apart || (digits != 1 && digits != 2) || name.at(month + digits) != name.at(month - 1)) return false;
  if (name.digits(year) != 4 || !is_year(name.number(year, 4))) return false;
  out.year = name.number(year, 4);
  out.month = name.number(month, digits);
  out.end = year + 4;
  out.is_even = true;
  // 31-04-2019 is a slip of the pen.
  const auto is_any_day = [](int value) { return value >= 1 && value <= 31; };
  const bool is_day_first = is_month(out.month) && is_any_day(out.number);
  out.is_month_first = !is_day_first && is_month(out.number) && is_any_day(out.month);
  out.may_be_day = is_day_first || out.is_month_first;
  return true;
}

}  // namespace

std::optional<NumberBeforeMonth> number_before_month(const NameText& name, std::size_t from) {
  const std::size_t count = name.digits(from);
  if (count != 1 && count != 2) return std::nullopt;
  NumberBeforeMonth out;
  out.begin = from;
  out.number = name.number(from, count);
  out.is_apart = name.separator(from + count);
  const std::size_t month = from + count + (out.is_apart ? 1 : 0);
  if (!read_word(name, month, out) && !read_number(name, month, out)) return std::nullopt;
  out.is_glued = from > 0 && name.letter(from - 1);
  const char between = name.at(month - 1);
  const bool is_line = between == '-' || between == '.';
  out.is_tight = out.is_even && !out.is_glued && (from == 0 ? is_line : name.at(from - 1) != between);
  const std::string word = word_before(name, from);
  out.of_place = is_place_word(word) || is_one_of(word, kNumbered);
  return out;
}

uint64_t DaySense::key_of(std::string_view name, const NumberBeforeMonth& found) {
  std::string key(name.substr(0, found.begin));
  key += found.is_word ? '\x01' : '\x02';
  for (const char c : name.substr(found.end)) key += ascii::is_digit(c) ? '0' : c;
  return stable_hash(key);
}

void DaySense::add(std::string_view raw) {
  const std::string name = composed(raw);
  const NameText text(name);
  for_each_run(text, [&](std::size_t at, std::size_t) {
    const auto found = number_before_month(text, at);
    if (!found) return;
    Group& group = groups_[key_of(name, *found)];
    group.has_no_day = group.has_no_day || !found->may_be_day;
    group.is_month_first = group.is_month_first || found->is_month_first;
    group.months[found->number].insert(found->year * 100 + found->month);
  });
}

DaySense::Shown DaySense::shown(const Group& group) {
  constexpr int kLeastGap = 9;  // of days that a calendar of pictures has: 1 and 15, 1 and 11
  Shown out;
  std::map<int, int> numbers;  // by the month, how many
  std::size_t cells = 0;
  int last = -kLeastGap;
  out.is_calendar = true;
  for (const auto& [number, months] : group.months) {
    cells += months.size();
    out.has_several = out.has_several || months.size() > 1;
    for (const int month : months) out.is_shared = ++numbers[month] > 1 || out.is_shared;
    out.is_calendar = out.is_calendar && number - last >= kLeastGap;
    last = number;
  }
  const std::size_t count = group.months.size();
  out.is_once = count > 1 && !out.has_several && !out.is_shared;
  // Of all places and months nearly each.
  out.is_grid = count > 1 && numbers.size() > 1 && 4 * cells >= 3 * count * numbers.size();
  return out;
}

bool DaySense::counts(const Group& group, const NumberBeforeMonth& found) {
  if (group.has_no_day) return true;
  if (group.is_month_first) return false;
  const Shown shows = shown(group);
  if (found.is_tight) return found.of_place && shows.is_grid && !shows.is_calendar;
  const bool is_likely_grid = shows.is_grid && !shows.is_calendar;
  if (!found.is_word) {
    if (found.is_glued && found.of_place) return shows.has_several || shows.is_shared;
    return is_likely_grid;
  }
  // "site_3_Aug_2020" and "site_5_Aug_2020" may be days, 1 and 2 hardly; nor "gaza3_Aug2020".
  const bool may_be_days = found.is_even && group.months.begin()->first > 1;
  if (found.is_glued && found.is_apart) {
    return found.of_place || shows.has_several || (!shows.is_once && !(shows.is_shared && may_be_days));
  }
  if (!found.of_place) return is_likely_grid && (found.is_glued || found.is_apart);
  if (!found.is_apart) return shows.is_grid;
  return shows.has_several || (shows.is_shared && !may_be_days);
}

// Rows and columns before a year: each of the second numbers is there in several years.
bool DaySense::month_counts(const Group& group) {
  if (group.has_no_day) return true;
  std::map<int, std::set<int>> years;
  for (const auto& [number, months] : group.months) {
    for (const int month : months) years[month % 100].insert(month / 100);
  }
  return years.size() > 1 &&
         std::all_of(years.begin(), years.end(), [](const auto& entry) { return entry.second.size() > 1; });
}

uint32_t DaySense::counting(std::string_view raw) const {
  uint32_t bits = 0;
  if (groups_.empty()) return bits;
  const std::string name = composed(raw);
  const NameText text(name);
  for_each_run(text, [&](std::size_t at, std::size_t run) {
    const auto found = number_before_month(text, at);
    if (!found) return;
    const auto group = groups_.find(key_of(name, *found));
    if (group == groups_.end() || !counts(group->second, *found)) return;
    bits |= 1U << run;
    if (!found->is_word && run < 31 && month_counts(group->second)) bits |= 2U << run;
  });
  return bits;
}

}  // namespace ccx::pairs
