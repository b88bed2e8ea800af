// Months, quarters, weeks and times of day as people write them in names, in letters: what the reader of dates
// (dates.cpp) looks up.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

// The month that a word is, of ASCII in small letters: English ones whole or their first three letters; German, French,
// Spanish, Italian, Portuguese, Polish and Czech ones where they are no other word, with accents and without. 0 if
// none.
int month_of_word(std::string_view word);

// 1 for spring to 4 for winter, of several languages; 0 for other words.
int season_place(std::string_view word);

// The same of the `count` letters at `from`.
int month_name(const NameText& name, std::size_t from, std::size_t count);

// A quarter or a week of a year, and where its name ends: Q1, W12, KW 12, week_12.
struct PartOfYear {
  int day = 0;  // a quarter's first, a week's in the middle
  std::size_t end = 0;
  bool is_quarter = false;
};
std::optional<PartOfYear> quarter_or_week(const NameText& name, std::size_t from, std::size_t count);
Date date_of(int year, const PartOfYear& part);

// Behind a date " at 10.11.12", " at 1.05.00 PM", " um 10.11.12", as screenshots are called: where it ends, with the
// time in `date`.
std::optional<std::size_t> time_in_words(const NameText& name, std::size_t from, Date& date);

// The time behind a whole date that ends at `end`, in words or digits: T101112, T101112Z, T1011, T10:11:12, _101112,
// -101112. Where it ends, with the time in `date`.
std::size_t with_time(const NameText& name, std::size_t end, Date& date);

}  // namespace ccx::pairs
