// Words of times (time_words.h).
#include "core/pairs/lists/time_words.h"

#include <array>
#include <cstdlib>

#include "core/base/one_of.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/naming/dates_words.h"

namespace ccx::pairs {
namespace {

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string in_numbers(const std::string& text) {
  constexpr std::array<std::string_view, 9> kBetween = {"de", "del", "di", "er", "of", "st", "nd", "rd", "th"};
  int month = 0, day = 0;
  std::string year;
  for (const std::string& word : key_words(text)) {
    if (is_one_of(word, kBetween)) continue;
    if (const int found = month_of_word(word); found != 0 && month == 0) {
      month = found;
    } else if (is_number(word) && word.size() < 3 && day == 0 && (month == 0 || !year.empty())) {
      day = std::atoi(word.c_str());  // "3 May" and "2019 May 3"
    } else if (is_number(word) && word.size() != 3 && word.size() < 5 && year.empty()) {
      year = word;  // where it is short, of "May 3, 2019", the day after all
    } else if (is_number(word) && word.size() == 4 && year.size() < 3 && day == 0) {
      day = std::atoi(year.c_str());
      year = word;
    } else {
      return text;
    }
  }
  if (month == 0 || year.empty() || day > 31) return text;
  // "May 3" alone has no year.
  const bool may_be_day = year.size() == 1;
  if (may_be_day) return text;
  return with_century(year) + "-" + two_digits(month) + (day == 0 ? "" : "-" + two_digits(day));
}

}  // namespace ccx::pairs
