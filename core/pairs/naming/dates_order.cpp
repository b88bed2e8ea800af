// What a date says: its text, which of two is earlier, whether months are written first (dates.h).
#include <array>
#include <cstdio>
#include <utility>

#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

std::string text_of(const Date& date, bool with_time) {
  char text[40] = "";
  if (date.year == 0) {
    std::snprintf(text, sizeof text, "%02d", date.month);
  } else if (date.month == 0) {
    constexpr std::array<const char*, 5> kSeasons = {"", "-spring", "-summer", "-autumn", "-winter"};
    std::snprintf(text, sizeof text, "%04d%s", date.year, kSeasons[static_cast<std::size_t>(date.season)]);
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
  if (a.year == b.year && a.season != b.season) {
    constexpr int kWinter = 4;
    const bool is_told = a.season != 0 && b.season != 0 && a.season != kWinter && b.season != kWinter;
    return !is_told ? 0 : a.season < b.season ? -1 : 1;
  }
  const std::array<std::pair<int, int>, 3> parts = {{{a.year, b.year}, {a.month, b.month}, {a.day, b.day}}};
  for (const auto& [x, y] : parts) {
    if (x == y) continue;
    return x == 0 || y == 0 ? 0 : x < y ? -1 : 1;
  }
  return a.time < 0 || b.time < 0 || a.time == b.time ? 0 : a.time < b.time ? -1 : 1;
}

bool is_month_first(std::string_view name) {
  for (std::size_t i = 0; i + 9 < name.size(); ++i) {
    if (i > 0 && ascii::is_digit(name[i - 1])) continue;
    const auto digit = [&](std::size_t at) { return ascii::is_digit(name[i + at]); };
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
