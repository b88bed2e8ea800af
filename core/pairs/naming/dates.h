// Dates in the names of files and folders: written by people, by Sentinel, Landsat, Planet and Maxar. No file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// A date to the precision that a name gives: 0 stands for what it does not say. `time` is HHMMSS.
struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
  int time = -1;
  int season = 0;  // 1 spring to 4 winter, of a date that says no month
  bool operator==(const Date&) const = default;
};

// "2019", "2019-05", "2019-05-01"; with "T101112" where `with_time`. A month without a year is "05".
std::string text_of(const Date& date, bool with_time = false);

// -1, 0 or 1 for earlier, "the names do not tell" (2019 and 2019-05) and later. Seasons of one year follow each other
// as on the northern half of the Earth; its winter may be at either end.
int compare(const Date& a, const Date& b);

// Where a name holds a date, or what stands in the names of a satellite's products beside it: orbit numbers, processing
// dates, serial numbers of a download. They differ from date to date too and tell nothing of the place.
struct DateSpan {
  std::size_t begin = 0;  // bytes of the name
  std::size_t end = 0;
  bool is_noise = false;
  Date date;  // of a span that is no noise
};

// What two digits are as a year, and which of them are believed to be one.
inline int year_of(int two_digits) {
  return two_digits + (two_digits < 80 ? 2000 : 1900);
}
inline bool is_short_year(int two_digits) {
  return two_digits <= 35 || two_digits >= 80;
}

// How the numbers of a name are to be read, learned from the names beside it.
struct DateRules {
  bool month_first = false;    // 05-01-2019 is the first of May
  bool has_satellite = false;  // behind the time stands the number of a satellite of Planet: 20190506_180910_1040
  // Bit i: the i-th run of digits counts something and is no date or month: "1999" where "1000" stands beside it.
  uint32_t counting = 0;
};

// Every date and noise of one name (no '/', no extension), in order and without overlap. Understood are 2019, 2019-05,
// 201905, 2019-05-01, 20190501, 20190501T101112, 20190501_101112, 01-05-2019 (day first, unless `rules` say otherwise),
// 05-2019, 15032019, 2019121 (day of the year), may2019, may19, 2019mar, 15-Mar-2019, 19MAY01101112, 2019Q1, Q1 2019,
// 2019-W12, KW12_2019, spring2019, 2019_autumn, with '_', '.', '-' or ' ' between the parts; in words as in
// "tile9_2019". Years are 1900 to 2079.
std::vector<DateSpan> dates_in(std::string_view name, const DateRules& rules = {});

// True for 03-15-2019, which nobody can have written with the day first.
bool is_month_first(std::string_view name);

}  // namespace ccx::pairs
