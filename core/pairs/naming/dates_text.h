// The letters and digits of one name by their place, and what numbers may be years, months and days: what the readers
// of dates (dates.cpp, dates_products.cpp) share.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/letters.h"

namespace ccx::pairs {

inline bool is_separator(char c) {
  return c == '-' || c == '_' || c == '.' || c == ' ';
}

inline bool is_year(int value) {
  return value >= 1900 && value <= 2079;
}

inline bool is_month(int value) {
  return value >= 1 && value <= 12;
}

inline bool is_day(int day, int month) {
  constexpr std::array<int, 13> kDays = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day >= 1 && day <= kDays[static_cast<std::size_t>(month)];
}

// "01" to "31" as folders of months and days are called.
inline bool is_two_digits(std::string_view name) {
  return name.size() == 2 && ascii::is_digit(name[0]) && ascii::is_digit(name[1]);
}
inline int number_of(std::string_view two_digits) {
  return (two_digits[0] - '0') * 10 + two_digits[1] - '0';
}

// HHMMSS.
inline bool is_time(int value) {
  return value / 10000 < 24 && value / 100 % 100 < 60 && value % 100 < 61;
}

// The `day`th day of `year`, counted from 1 as in a leap year; none beyond 366.
inline std::optional<Date> day_of_year(int year, int day) {
  constexpr std::array<int, 13> kBefore = {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366};
  if (day < 1 || day > 366) return std::nullopt;
  int month = 1;
  while (day > kBefore[static_cast<std::size_t>(month)]) ++month;
  return Date{year, month, day - kBefore[static_cast<std::size_t>(month - 1)], -1};
}

// A name, read at any place: beyond its end there is nothing, and no place is an error.
class NameText {
 public:
  using Part = std::pair<std::size_t, std::size_t>;  // begin, end

  explicit NameText(std::string_view name) : name_(name) {}

  std::size_t size() const { return name_.size(); }
  std::string_view text(const Part& part) const {
    return part.first < name_.size() ? name_.substr(part.first, part.second - part.first) : std::string_view();
  }
  char at(std::size_t i) const { return i < name_.size() ? name_[i] : '\0'; }

  bool digit(std::size_t i) const { return ascii::is_digit(at(i)); }
  bool letter(std::size_t i) const { return ascii::is_letter(at(i)) || accented(i); }
  bool alphanumeric(std::size_t i) const { return digit(i) || letter(i); }
  bool separator(std::size_t i) const { return is_separator(at(i)); }

  // How many of a kind stand from `from` on.
  std::size_t digits(std::size_t from) const { return count(from, &NameText::digit); }
  std::size_t letters(std::size_t from) const { return count(from, &NameText::letter); }
  std::size_t run(std::size_t from) const { return count(from, &NameText::alphanumeric); }

  // Of `count` digits.
  int number(std::size_t from, std::size_t count) const {
    int value = 0;
    for (std::size_t i = from; i < from + count && i < name_.size(); ++i) value = value * 10 + (name_[i] - '0');
    return value;
  }

  // What stands between '_' and '.'.
  std::vector<Part> parts() const {
    std::vector<Part> out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= name_.size(); ++i) {
      if (i < name_.size() && name_[i] != '_' && name_[i] != '.') continue;
      out.emplace_back(begin, i);
      begin = i + 1;
    }
    return out;
  }

 private:
  // Of a Latin letter with an accent (NFC) either byte of its UTF-8.
  bool accented(std::size_t i) const {
    const auto is_first = [&](std::size_t at) { return at < name_.size() && is_latin_lead(name_[at]); };
    const auto is_second = [&](std::size_t at) { return at < name_.size() && (name_[at] & 0xC0) == 0x80; };
    return (is_first(i) && is_second(i + 1)) || (i > 0 && is_second(i) && is_first(i - 1));
  }

  std::size_t count(std::size_t from, bool (NameText::*is)(std::size_t) const) const {
    std::size_t end = from;
    while ((this->*is)(end)) ++end;
    return end - from;
  }

  std::string_view name_;
};

// Calls `see` with where each of a name's first 32 runs of digits begins and which it is.
template <class See>
void for_each_run(const NameText& text, const See& see) {
  std::size_t run = 0;
  for (std::size_t at = 0; at < text.size() && run < 32;) {
    if (!text.digit(at)) {
      ++at;
      continue;
    }
    see(at, run);
    at += text.digits(at);
    ++run;
  }
}

}  // namespace ccx::pairs
