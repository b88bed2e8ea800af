// When pictures were taken, as the cells of a column say: dates with the day or the month first, years of two digits,
// quarters, weeks, seasons, roles such as "pre", and numbers. How a date's numbers are to be read is learned from all
// cells together.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/naming/dates.h"

namespace ccx::pairs {

class Moments {
 public:
  // Of every cell of a column, or of the names of several columns.
  explicit Moments(const std::vector<std::string>& texts);

  // Whether a cell says a time at all.
  bool is_known(std::size_t i) const { return moments_[i].kind != Kind::kNone; }
  // Whether all of it is a date, by numbers or by a season and a year.
  bool is_date_alone(std::size_t i) const {
    return moments_[i].kind == Kind::kNumbers || moments_[i].kind == Kind::kSeason;
  }
  // -1, 0 or 1 for an earlier, one that cannot be told, and a later; 0 where the numbers of a date can be read in two
  // ways that differ.
  int compare(std::size_t a, std::size_t b) const;
  // What to do where two cannot be told: "", or how their numbers may be read.
  std::string doubt(std::size_t a, std::size_t b) const;

 private:
  enum class Kind { kNone, kDate, kNumbers, kSeason, kRole, kCount };
  // Of the numbers of a date.
  enum Reading : std::size_t { kDayFirst, kMonthFirst, kYearFirst, kMonthYear, kYearMonth, kReadings };

  struct Moment {
    Kind kind = Kind::kNone;
    Date date;
    std::array<int, 3> numbers{};  // of kNumbers, in the order that they are written in
    std::size_t count = 0;         // of them
    char separator = 0;            // between them
    bool has_long_year = false;    // 2019, not 19
    int time = -1;                 // HHMMSS behind the date
    std::optional<int> zone;       // minutes that its clock is ahead of UTC
    long long value = 0;           // of a role its side, of a count its number, of a season its year and place in it
    bool may_be_at_either_end = false;  // "winter 2019"
    std::string unit;                   // of a count: "visit", "V"
  };

  static Moment moment_of(const std::string& text);
  static std::optional<Moment> numbers_of(const std::string& text);
  static std::optional<Moment> season_of(const std::string& text);
  static std::optional<Moment> count_of(const std::string& text);
  static std::optional<Date> read(const Moment& moment, Reading reading);
  static int compare_dates(Date a, const Moment& of_a, Date b, const Moment& of_b);
  void choose_readings();
  void find_short_years();

  std::vector<Moment> moments_;
  std::vector<Reading> readings_;  // under which all of kNumbers are dates
};

// A year of two digits with its century, "'98" too: no picture of the ground was taken long ahead. Others stay.
std::string with_century(const std::string& year);

// Whether a text says "before" or "after" by a word that can mean nothing else: "pre-fire", "nachher", "follow-up".
std::optional<long long> plain_role(const std::string& text);

}  // namespace ccx::pairs
