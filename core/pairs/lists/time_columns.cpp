// Places and times of single pictures (time_columns.h).
#include "core/pairs/lists/time_columns.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/dates.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

// Two pictures of one name in two of these are two pairs.
constexpr std::array<std::string_view, 38> kPlaces = {
    "site",         "siteid",    "location", "locationid", "place",     "placeid",  "aoi",      "aoiid",
    "area",         "areaid",    "region",   "scene",      "sceneid",   "group",    "groupid",  "pair",
    "pairid",       "tile",      "tileid",   "patchid",    "city",      "town",     "country",  "folder",
    "dir",          "directory", "event",    "district",   "sitename",  "aoiname",  "areaname", "cityname",
    "locationname", "placename", "village",  "regionname", "subfolder", "scenename"};
// Others say a place where a row is one image, and much else beside a pair.
constexpr std::array<std::string_view, 22> kPlacesOfImages = {
    "field",  "fieldid", "farm",   "plot",  "plotid",  "parcel",  "parcelid",  "county", "zone",   "zoneid", "grid",
    "gridid", "cell",    "cellid", "block", "station", "project", "projectid", "chain",  "couple", "series", "address"};
constexpr std::array<std::string_view, 9> kDates = {"date",     "datetime",    "timestamp",
                                                    "acquired", "acquisition", "acquisitiondate",
                                                    "captured", "datetaken",   "capturedate"};
// Dates of something else than the picture.
constexpr std::array<std::string_view, 16> kOtherDates = {
    "created", "create",    "updated", "update",    "modified", "upload",     "uploaded",  "annotation",
    "label",   "annotated", "labeled", "labelling", "download", "downloaded", "processed", "export"};
constexpr std::array<std::string_view, 27> kTimes = {
    "time",    "acquisitiontime", "timepoint", "phase",    "period",    "when",  "role",   "stage",   "visit",
    "visitid", "visitnumber",     "epoch",     "wave",     "round",     "t",     "moment", "session", "campaign",
    "flight",  "timestep",        "timeindex", "temporal", "timeframe", "state", "status", "order",   "sequence"};
constexpr std::array<std::string_view, 6> kParts = {"year", "month", "day", "quarter", "week", "season"};

enum Rank { kDateItself, kADate, kPart, kTime, kRoleByValue };

bool holds_date(const std::string& text) {
  if (text.find_first_of("0123456789") == std::string::npos) return false;
  const Moments moments({text});
  return moments.is_known(0) && text.size() > 3 && !plain_role(text);
}

// Which of two a column is of: by a role, else by a number. Empty where it says neither.
std::string which_of(const std::string& key) {
  std::string number;
  for (const std::string& word : key_words(key)) {
    if (const std::optional<RoleWord> role = role_of(word)) return role->side == 0 ? "before" : "after";
    if (is_number(word)) number = word;
  }
  return number;
}

// 1 for "is_after" with yes or no, 0 for "is_pre_event".
std::optional<int> side_of_flag(const std::string& key, const Words& words, const json& value) {
  if (words.size() < 2 || (words[0] != "is" && words[0] != "was") || !as_flag(value)) return std::nullopt;
  const std::optional<long long> side = plain_role(key);
  return side ? std::optional<int>(static_cast<int>(*side)) : std::nullopt;
}

bool is_of_a_date(const std::string& key) {
  const Words words = key_words(key);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "date" || word == "datetime" || word == "year" || word == "timestamp" || word == "datum";
  });
}

}  // namespace

void find_dates_of_pictures(const json& record, Columns& out) {
  for (const char* name : {"dates", "years", "timestamps", "times"}) {
    const json* two = out.both.empty() ? nullptr : member(record, name);
    if (two != nullptr && two->is_array() && two->size() == 2) out.dates = name;
  }
  const std::string first = which_of(out.before), second = which_of(out.after);
  if (out.before.empty() || out.after.empty() || first.empty() || first == second) return;
  for (const auto& [key, value] : record.items()) {
    const std::string text = plain_text(&value);
    if (text.empty() || has_picture_extension(text) || !is_of_a_date(key)) continue;
    const std::string which = which_of(key);
    if (which == first) out.before_date = key;
    if (which == second) out.after_date = key;
  }
}

std::string plain_text(const json* value) {
  if (value == nullptr || is_missing(*value)) return "";
  if (value->is_string()) return value->get<std::string>();
  return value->is_number_integer() ? value->dump() : "";
}

bool TimeColumns::look_at(const std::string& key, const std::string& name, const Words& words, const json& value) {
  if (!value.is_primitive()) return false;
  const std::string text = plain_text(&value);
  constexpr std::size_t kMostWordsOfRole = 3;
  const bool is_role = value.is_string() && plain_role(text).has_value() && !has_picture_extension(text) &&
                       key_words(text).size() <= kMostWordsOfRole;
  // "event" may be the name of one as well as "pre" or "post".
  const bool is_place = is_one_of(name, kPlaces) && !is_role;
  if (is_place) places_.emplace(0, key);
  if (is_one_of(name, kPlacesOfImages)) places_.emplace(1, key);
  const auto some = [&](const auto& known) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return is_one_of(word, known); });
  };
  if (is_role && role_.empty()) role_ = key;
  const bool is_other = some(kOtherDates);
  const bool is_clock = text.find(':') != std::string::npos && text.find(':') < 3;
  if (is_clock && (name == "time" || name == "acquisitiontime")) clock_ = key;
  if (is_one_of(name, kParts)) in_parts_.emplace(name, key);
  if (name == "date") {
    offer(kDateItself, key);
  } else if (is_one_of(name, kDates) || (!is_other && some(kDates)) ||
             ((name == "datum" || name == "data" || name.ends_with("datum")) && holds_date(text))) {
    offer(kADate, key);
  } else if (is_one_of(name, kParts)) {
    offer(kPart, key);
  } else if (is_one_of(name, kTimes)) {
    offer(kTime, key);
  } else if (const auto side = side_of_flag(key, words, value)) {
    flags_.emplace(key, *side);
    offer(kRoleByValue, key);
  } else if (is_role) {
    offer(kRoleByValue, key);
  } else {
    return is_place;
  }
  return true;
}

void TimeColumns::give(Columns& out) const {
  if (!by_rank_.empty()) out.time = by_rank_.begin()->second;
  if (const auto flag = flags_.find(out.time); flag != flags_.end()) out.time_flag = flag->second;
  const bool is_whole = !by_rank_.empty() && by_rank_.begin()->first < kPart;
  if (!is_whole && !in_parts_.empty()) out.time_in_parts = in_parts_;
  if (clock_ != out.time) out.clock = clock_;
  if (role_ != out.time) out.role = role_;
  for (const auto& [rank, key] : places_) (rank == 0 ? out.group : out.group_of_images) = key;
}

std::string time_of(const json& record, const Columns& columns) {
  const auto part = [&](const char* name) {
    const auto found = columns.time_in_parts.find(name);
    return found == columns.time_in_parts.end() ? std::string() : plain_text(member(record, found->second));
  };
  const auto two_digits = [](const std::string& number) { return number.size() == 1 ? "0" + number : number; };
  const auto is_number_alone = [](const std::string& text) {
    return text.find_first_not_of("0123456789") == std::string::npos;
  };
  if (const json* flag = member(record, columns.time); columns.time_flag && flag != nullptr && as_flag(*flag)) {
    return *as_flag(*flag) == (*columns.time_flag == 1) ? "after" : "before";
  }
  if (columns.time_in_parts.empty()) {
    const std::string clock = plain_text(member(record, columns.clock));
    return plain_text(member(record, columns.time)) + (clock.empty() ? "" : " " + clock);
  }
  const std::string year = with_century(part("year"));
  const std::string month = part("month"), day = part("day"), quarter = part("quarter"), week = part("week");
  const std::string season = part("season");
  if (!month.empty() && !is_number_alone(month)) return (day.empty() ? "" : day + " ") + month + " " + year;
  if (!month.empty() && !year.empty())
    return year + "-" + two_digits(month) + (day.empty() ? "" : "-" + two_digits(day));
  if (!month.empty()) return two_digits(month) + (day.empty() ? "" : "-" + two_digits(day));
  if (!quarter.empty()) return year.empty() ? quarter : year + (is_number_alone(quarter) ? "-Q" : "-") + quarter;
  if (!week.empty()) return year.empty() ? week : year + (is_number_alone(week) ? "-W" + two_digits(week) : "-" + week);
  if (!season.empty()) return year.empty() ? season : season + " " + year;
  if (!year.empty()) return year;
  return day.empty() ? plain_text(member(record, columns.time)) : day;
}

}  // namespace ccx::pairs
