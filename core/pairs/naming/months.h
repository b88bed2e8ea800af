// Months that are written before their year, as in 07-2015, or behind it without zeros, as in 2015-7-1: which of such
// numbers are months and which count places, as 12_2015 beside 13_2015 does. No file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

// A number of one or two digits right before a year.
struct NumberBeforeYear {
  std::size_t begin = 0;
  int number = 0;
  int year = 0;
  std::size_t end = 0;    // behind the year
  bool is_whole = false;  // the name holds nothing else
  bool is_loose = false;  // between separators that stand between any parts of a name: tile_12_2015
};

// What begins at `from`, with a digit; nothing in 1_2018, which is the first place of a year, nor within a whole date.
// `is_behind_place`: a number of a place stands before it, as in tile_1_05_2019, so that it is no part of a whole date.
std::optional<NumberBeforeYear> number_before_year(const NameText& name, std::size_t from,
                                                   bool is_behind_place = false);

// A month behind a year, with or without a day, without their zeros: 2019-9-1, 2019.10.1, 2019-9.
struct WithoutZeros {
  int month = 0;  // 0: these numbers are no date
  int day = 0;    // 0: none is told
  std::size_t end = 0;
};

// What begins with a year at `from`; nothing between underscores, where tiles are counted: 2019_9_1.
std::optional<WithoutZeros> month_without_zeros(const NameText& name, std::size_t from);

// Learns from all names which numbers before years are no months, which two behind a year are no month and day, and
// which years behind a word count places: img1950_2013 beside img1951_2013.
class MonthSense {
 public:
  void add(std::string_view name);
  // The runs of digits of a name, a bit each, that count something, as in DateRules.
  uint32_t counting(std::string_view name) const;

 private:
  struct Years {
    int first = 0;
    bool are_several = false;
  };
  struct Shape {
    bool has_no_month = false;
    std::size_t of_several_years = 0;  // how many of the numbers
    bool has_one_digit = false;
    bool has_two_digits = false;
    int year = 0;
    bool has_several_years = false;
    std::unordered_map<uint64_t, Years> numbers;  // by what stands up to the number's end, hashed
  };
  struct Glued {
    bool counts = false;
    std::unordered_map<uint64_t, int> years;  // by the rest of the name, hashed
  };
  static bool counts(const Shape& shape, const NumberBeforeYear& found);
  static bool counts(const Shape& shape, const WithoutZeros& found);
  static void see(Shape& shape, uint64_t number, int year);

  std::unordered_map<uint64_t, Shape> shapes_;  // by the name without its digits, hashed
  std::unordered_map<uint64_t, Shape> days_;    // the same of what has no zeros
  std::unordered_map<uint64_t, Glued> glued_;   // the same of years behind words
};

}  // namespace ccx::pairs
