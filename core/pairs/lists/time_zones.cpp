// Reading zones, and doing without them (time_zones.h).
#include "core/pairs/lists/time_zones.h"

#include <chrono>
#include <cstddef>
#include <string>

#include "core/base/ascii.h"

namespace ccx::pairs {
namespace {

constexpr int kHour = 60;

// "+02:00", "-0530", "+2"; nothing for anything else.
std::optional<int> offset_in(std::string_view text) {
  const int sign = text.front() == '-' ? -1 : 1;
  std::string digits;
  for (const char c : text.substr(1)) {
    if (ascii::is_digit(c)) {
      digits += c;
    } else if (c != ':') {
      return std::nullopt;
    }
  }
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  if (digits.size() < 3) digits += "00";
  const int number = std::stoi(digits);
  constexpr int kMostHours = 14;
  if (number / 100 > kMostHours || number % 100 >= kHour) return std::nullopt;
  return sign * (number / 100 * kHour + number % 100);
}

// Whether a text ends in a time of day, with "UTC" behind it or not: "2018-05-01T10:00", "10:00 UTC", "T103000".
bool ends_in_time(std::string_view text) {
  text = ascii::trimmed(text);
  const std::string lower = ascii::lower(text);
  if (lower.ends_with("utc") || lower.ends_with("gmt")) text = ascii::trimmed(text.substr(0, text.size() - 3));
  const std::size_t before = text.find_last_of(" T");
  const std::string_view time = before == text.npos ? text : text.substr(before + 1);
  if (time.empty() || time.find_first_not_of("0123456789:.") != time.npos) return false;
  return time.find(':') != time.npos || (before != text.npos && (time.size() == 4 || time.size() == 6));
}

}  // namespace

std::optional<int> zone_in(std::string_view text) {
  if (const std::size_t sign = text.find_last_of("+-"); sign != text.npos && ends_in_time(text.substr(0, sign))) {
    if (const auto offset = offset_in(ascii::trimmed(text.substr(sign)))) return offset;
  }
  const std::string lower = ascii::lower(ascii::trimmed(text));
  for (const std::string_view name : {"z", "utc", "gmt"}) {
    if (lower.ends_with(name) && ends_in_time(ascii::trimmed(text).substr(0, lower.size() - name.size()))) return 0;
  }
  return std::nullopt;
}

Date in_utc(const Date& date, int minutes_ahead) {
  namespace time = std::chrono;
  const time::sys_days day = time::year(date.year) / time::month(static_cast<unsigned>(date.month)) /
                             time::day(static_cast<unsigned>(date.day));
  const auto moment = day + time::hours(date.time / 10000) + time::minutes(date.time / 100 % 100 - minutes_ahead);
  const auto midnight = time::floor<time::days>(moment);
  const time::year_month_day out(midnight);
  const auto minutes = static_cast<int>(time::duration_cast<time::minutes>(moment - midnight).count());
  return {static_cast<int>(out.year()), static_cast<int>(static_cast<unsigned>(out.month())),
          static_cast<int>(static_cast<unsigned>(out.day())),
          minutes / kHour * 10000 + minutes % kHour * 100 + date.time % 100};
}

}  // namespace ccx::pairs
