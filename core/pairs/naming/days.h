// Numbers before a month and a year, as in 12-May-2019, site1_May2019 and tile_1_05_2019: which of them are days and
// which count places. No file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "core/pairs/naming/dates_text.h"

namespace ccx::pairs {

// A number of one or two digits before a month, which is a word or a number, and its year.
struct NumberBeforeMonth {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the year
  int number = 0;
  int month = 0;
  int year = 0;
  bool is_word = false;    // the month
  bool is_glued = false;   // right behind a letter: site1_May2019
  bool is_apart = false;   // a separator stands between number and month
  bool is_even = false;    // the same separator stands between month and year
  bool is_tight = false;   // so it does, and another one before, or none: x_12-May-2019
  bool of_place = false;   // behind a word for a place
  bool may_be_day = true;  // in one of the two orders of day and month
  bool is_month_first = false;
};
std::optional<NumberBeforeMonth> number_before_month(const NameText& name, std::size_t from);

// Learns from all names which of these numbers count places: those with the same months each, as a grid of places and
// dates has and days rarely do, and those behind a word, site1, where nothing speaks for days.
class DaySense {
 public:
  void add(std::string_view name);
  // The runs of digits of a name, a bit each, that count something, as in DateRules.
  uint32_t counting(std::string_view name) const;

 private:
  struct Group {
    std::map<int, std::set<int>> months;  // by the number: year and month as one
    bool has_no_day = false;
    bool is_month_first = false;
  };
  // What a group's numbers show.
  struct Shown {
    bool has_several = false;  // one with several months
    bool is_shared = false;    // several with one month
    bool is_once = false;      // each with a month of its own
    bool is_grid = false;
    bool is_calendar = false;  // 1 and 15; 1, 11 and 21
  };
  static uint64_t key_of(std::string_view name, const NumberBeforeMonth& found);
  static Shown shown(const Group& group);
  static bool counts(const Group& group, const NumberBeforeMonth& found);
  static bool month_counts(const Group& group);

  std::unordered_map<uint64_t, Group> groups_;  // by what stands before the number, and the rest without its digits
};

}  // namespace ccx::pairs
