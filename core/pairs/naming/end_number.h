// Numbers at the ends of names that may count dates or be years of two digits: x_1 and x_2, x_98 and x_05. No file
// system.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// A number of one or two digits at the end of a name, with "d", "p" or "y" before it where these stand by themselves:
// date, period, year.
struct EndNumber {
  std::string base;  // without the separator before the number
  char letter = 0;
  int value = 0;
  bool has_two_digits = false;
};
std::optional<EndNumber> end_number(std::string_view name);

// The two numbers in the order of time, where they are 0 and 1, 1 and 2, or years of two digits.
struct NumberPair {
  int before = 0;
  int after = 0;
  bool are_years = false;
  bool of_two_centuries() const { return before > after; }  // 98 and 05
};
std::optional<NumberPair> number_pair(const std::vector<EndNumber>& names);

// Whether two names differ but in the four digits at their ends, behind a separator, and these are times of a day an
// hour or more from each other: x_20230206_0417 and x_20230206_1330.
bool are_hours(std::string_view first, std::string_view second);

}  // namespace ccx::pairs
