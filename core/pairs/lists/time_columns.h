// The columns that say of which place the one picture of a row is, and when it was taken.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/key_words.h"

namespace ccx::pairs {

class TimeColumns {
 public:
  // A column with these words, `name` being all of them, and one of its values. True where its name says a place or a
  // time.
  bool look_at(const std::string& key, const std::string& name, const Words& words, const nlohmann::json& value);
  void give(Columns& out) const;

 private:
  // The first column of a rank stays.
  void offer(int rank, const std::string& key) { by_rank_.emplace(rank, key); }

  std::map<int, std::string> by_rank_;           // of times, the best first
  std::map<std::string, std::string> in_parts_;  // "year", "month", ... -> the column
  std::map<int, std::string> places_;            // by rank
  std::string clock_, role_;                     // the time of day; "before" or "after"
  std::map<std::string, int> flags_;             // of columns that say yes or no of a date: 1 for "is_after"
};

// Sets the columns of the two pictures' dates: "date1" beside "image1", "before_date" beside "before".
void find_dates_of_pictures(const nlohmann::json& record, Columns& out);

// When the record's picture was taken, as its columns say: one cell, or a year with a month, a quarter, ... beside it.
std::string time_of(const nlohmann::json& record, const Columns& columns);

// A text or a whole number; empty for anything else.
std::string plain_text(const nlohmann::json* value);

}  // namespace ccx::pairs
