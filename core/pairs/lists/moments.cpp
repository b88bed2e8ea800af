// Reading a column of times (moments.h).
#include "core/pairs/lists/moments.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/base/ascii.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/time_words.h"
#include "core/pairs/lists/time_zones.h"
#include "core/pairs/naming/dates_words.h"

namespace ccx::pairs {
namespace {

constexpr int kLastOfThisCentury = 40;  // two digits up to it are years from 2000 on
constexpr int kFirstYear = 1900, kLastYear = 2100;

int year_of_two(int digits) {
  return digits + (digits <= kLastOfThisCentury ? 2000 : 1900);
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

int number_in(std::string_view digits) {
  return std::atoi(std::string(digits).c_str());
}

// "10:30", "10:30:05", "T103005Z" behind a date; -1 for anything else.
int time_in(std::string_view text) {
  std::array<int, 3> parts{0, 0, 0};
  std::size_t part = 0;
  std::string digits;
  for (const char c : text) {
    if (ascii::is_digit(c)) digits += c;
    if (c == '.' || c == '+' || (c == '-' && part > 0) || (ascii::is_letter(c) && ascii::lower(c) != 't')) break;
    if (c == ':') {
      if (digits.empty() || digits.size() > 2 || part > 1) return -1;
      parts[part++] = number_in(digits);
      digits.clear();
    }
  }
  if (part == 0 || digits.empty() || digits.size() > 2) return -1;
  parts[part] = number_in(digits);
  const std::string lower = ascii::lower(text);
  const bool has_halves = lower.find("am") != std::string::npos || lower.find("pm") != std::string::npos;
  if (has_halves) parts[0] = parts[0] % 12 + (lower.find("pm") != std::string::npos ? 12 : 0);
  return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

// "2019-5-1" and "2019-5", with a time behind them or none.
std::optional<Date> numbered_date(const std::string& text) {
  std::array<int, 3> numbers{};
  std::size_t count = 0, at = 0;
  while (count < numbers.size()) {
    std::size_t end = at;
    while (end < text.size() && ascii::is_digit(text[end])) ++end;
    const std::size_t digits = end - at;
    if (count == 0 ? digits != 4 : digits == 0 || digits > 2) return std::nullopt;
    numbers[count++] = number_in(std::string_view(text).substr(at, digits));
    at = end;
    if (at == text.size() || (text[at] != '-' && text[at] != '.')) break;
    ++at;
  }
  const bool is_whole = at == text.size() || (count == 3 && (text[at] == ' ' || text[at] == 'T'));
  if (count < 2 || !is_whole || numbers[0] < kFirstYear || numbers[0] >= kLastYear) return std::nullopt;
  if (numbers[1] < 1 || numbers[1] > 12 || numbers[2] > 31) return std::nullopt;
  return Date{numbers[0], numbers[1], numbers[2], -1};
}

// A date by its words, "2019-05-01", "Jun 2021", "Q1 2019"; slashes stand between its parts as well as dashes.
std::optional<Date> date_in(std::string text) {
  text = in_numbers(text);
  std::replace(text.begin(), text.end(), '/', '-');
  if (const auto date = numbered_date(text)) return date;
  for (const DateSpan& span : dates_in(text)) {
    if (!span.is_noise) return span.date;
  }
  return std::nullopt;
}

std::string without_apostrophe(const std::string& text) {
  for (const std::string_view mark : {"'", "’", "‘", "`"}) {
    if (text.starts_with(mark)) return text.substr(mark.size());
  }
  return text;
}

}  // namespace

std::string with_century(const std::string& year) {
  const std::string digits = without_apostrophe(std::string(ascii::trimmed(year)));
  if (!is_digits(digits) || digits.size() > 2) return year;
  return std::to_string(year_of_two(number_in(digits)));
}

std::optional<long long> plain_role(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest) return std::nullopt;
  std::optional<long long> side;
  const Words words = key_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::optional<RoleWord> role = role_of(words[i]);
    if (!role && i + 1 < words.size()) role = role_of(words[i] + words[i + 1]);  // follow-up
    // Of those that mean nothing else: no letters, no "old", "first", "from".
    const bool is_plain = role && (role->family <= 1 || role->family == 3 || role->family == 15 || role->family >= 100);
    if (!is_plain) continue;
    if (side && *side != role->side) return std::nullopt;
    side = role->side;
  }
  return side;
}

Moments::Moments(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) moments_.push_back(moment_of(text));
  find_short_years();
  choose_readings();
}

Moments::Moment Moments::moment_of(const std::string& given) {
  const std::string text(ascii::trimmed(without_apostrophe(std::string(ascii::trimmed(given)))));
  if (text.empty()) return {};
  if (const auto numbers = numbers_of(text)) return *numbers;
  if (const auto season = season_of(text)) return *season;
  constexpr std::size_t kShortestDate = 4;
  if (text.size() >= kShortestDate || !is_digits(text)) {
    if (const auto date = date_in(text)) {
      Moment out;
      out.kind = Kind::kDate;
      out.date = *date;
      out.time = date->time >= 0 ? date->time : time_in(text.substr(std::min(text.find_first_of("T "), text.size())));
      out.zone = zone_in(text);
      return out;
    }
  }
  if (const auto side = plain_role(text)) {
    Moment out;
    out.kind = Kind::kRole;
    out.value = *side;
    return out;
  }
  return count_of(text).value_or(Moment{});
}

// Two or three numbers of at most two digits each but for a year at the end: which of them is the day is not said.
std::optional<Moments::Moment> Moments::numbers_of(const std::string& text) {
  Moment out;
  out.kind = Kind::kNumbers;
  const int first = is_digits(text) && text.size() == 6 ? number_in(text.substr(0, 4)) : 0;
  if (first != 0 && (first < kFirstYear || first >= kLastYear)) {  // 300918, not 201809
    for (std::size_t i = 0; i < 3; ++i) out.numbers[i] = number_in(std::string_view(text).substr(2 * i, 2));
    out.count = 3;
    out.separator = '-';
    return out;
  }
  std::size_t at = 0;
  while (out.count < 3) {
    std::size_t end = at;
    while (end < text.size() && ascii::is_digit(text[end])) ++end;
    const std::size_t digits = end - at;
    const bool is_long = digits == 4 && out.count == 2;
    if (digits == 0 || (digits > 2 && !is_long)) return std::nullopt;
    out.numbers[out.count++] = number_in(std::string_view(text).substr(at, digits));
    out.has_long_year = is_long;
    at = end;
    if (at == text.size() || std::string_view("/.-").find(text[at]) == std::string_view::npos) break;
    if (out.separator != 0 && text[at] != out.separator) return std::nullopt;
    out.separator = text[at++];
    while (at < text.size() && text[at] == ' ') ++at;
  }
  if (out.count < 2) return std::nullopt;
  const std::string rest = text.substr(at);
  out.time = rest.empty() ? -1 : time_in(rest);
  out.zone = zone_in(text);
  const bool is_dated_only = rest.empty() || (out.count == 3 && (rest[0] == ' ' || rest[0] == 'T' || rest == "."));
  return is_dated_only ? std::optional<Moment>(out) : std::nullopt;
}

std::optional<Moments::Moment> Moments::season_of(const std::string& text) {
  Moment out;
  int place = 0, year = 0, years = 0;
  for (const std::string& word : key_words(text)) {
    if (const int found = season_place(word); found != 0) place = found;
    if (!is_digits(word)) continue;
    constexpr std::size_t kMostDigits = 4;
    if (word.size() > kMostDigits) return std::nullopt;
    const int number = number_in(word);
    if (years++ == 0) year = word.size() == 2 ? year_of_two(number) : number;
  }
  if (place == 0 || year < kFirstYear || year > kLastYear) return std::nullopt;
  out.kind = Kind::kSeason;
  out.value = 10LL * year + place;
  out.may_be_at_either_end = place == 4 && years == 1;  // "winter 2019/20" says which
  return out;
}

// "2", "visit 2", "V2", "1st", "B".
std::optional<Moments::Moment> Moments::count_of(const std::string& text) {
  Moment out;
  out.kind = Kind::kCount;
  bool has_number = false;
  for (const std::string& word : key_words(text)) {
    constexpr std::size_t kMostDigits = 15;
    if (is_digits(word)) {
      if (has_number || word.size() > kMostDigits) return std::nullopt;
      has_number = true;
      out.value = std::atoll(word.c_str());
      // "0519" may be a month and a year, and is no number.
      if (word.size() > 2 && word[0] == '0') return std::nullopt;
    } else if (word != "st" && word != "nd" && word != "rd" && word != "th") {
      out.unit += word;
    }
  }
  if (has_number) return out;
  const auto side = role_side(text);
  if (!side) return std::nullopt;
  Moment role;
  role.kind = Kind::kRole;
  role.value = *side;
  return role;
}

// "98" and "05" are years where one cannot be a count that the other has with its zero.
void Moments::find_short_years() {
  bool are_counts = true, has_late = false;
  for (const Moment& moment : moments_) {
    are_counts = are_counts && moment.kind == Kind::kCount && moment.unit.empty() && moment.value < 100;
    has_late = has_late || moment.value > 70;
  }
  const bool are_years = are_counts && has_late && std::any_of(moments_.begin(), moments_.end(), [](const Moment& m) {
                           return m.value <= kLastOfThisCentury;
                         });
  if (!are_years) return;
  for (Moment& moment : moments_) moment.value = year_of_two(static_cast<int>(moment.value));
}

std::optional<Date> Moments::read(const Moment& moment, Reading reading) {
  const auto& n = moment.numbers;
  Date date;
  if (moment.count == 3) {
    if (reading == kDayFirst) date = {n[2], n[1], n[0], -1};
    if (reading == kMonthFirst) date = {n[2], n[0], n[1], -1};
    if (reading == kYearFirst) date = {moment.has_long_year ? 0 : n[0], n[1], n[2], -1};
    if (reading > kYearFirst) return std::nullopt;
    if (date.day < 1 || date.day > 31) return std::nullopt;
  } else {
    if (reading == kDayFirst) date = {0, n[1], n[0], -1};
    if (reading == kMonthFirst) date = {0, n[0], n[1], -1};
    if (reading == kMonthYear) date = {n[1], n[0], 0, -1};
    if (reading == kYearMonth) date = {n[0], n[1], 0, -1};
    const bool has_day = reading == kDayFirst || reading == kMonthFirst;
    if (reading == kYearFirst || (has_day && (date.day < 1 || date.day > 31))) return std::nullopt;
  }
  if (date.month < 1 || date.month > 12) return std::nullopt;
  const bool has_year = moment.count == 3 || reading > kYearFirst;
  if (has_year && !moment.has_long_year) date.year = year_of_two(date.year);
  return date;
}

void Moments::choose_readings() {
  const auto fits = [&](Reading reading) {
    return std::all_of(moments_.begin(), moments_.end(), [&](const Moment& moment) {
      return moment.kind != Kind::kNumbers || read(moment, reading).has_value();
    });
  };
  bool has_dots = false, has_dashes = false;
  for (const Moment& moment : moments_) {
    if (moment.kind != Kind::kNumbers) continue;
    has_dots = has_dots || moment.separator == '.';
    has_dashes = has_dashes || moment.separator == '-';
  }
  for (const Reading reading : {kDayFirst, kMonthFirst, kYearFirst, kMonthYear, kYearMonth}) {
    if (!fits(reading)) continue;
    // With points the day stands first; and the year only where dashes stand between, or nothing else is possible.
    if (has_dots && !readings_.empty()) continue;
    if (reading == kYearFirst && !has_dashes && !readings_.empty()) continue;
    readings_.push_back(reading);
  }
}

int Moments::compare_dates(Date a, const Moment& of_a, Date b, const Moment& of_b) {
  a.time = of_a.time;
  b.time = of_b.time;
  const auto is_whole = [](const Date& date) { return date.year > 0 && date.day > 0 && date.time >= 0; };
  if (!(of_a.zone || of_b.zone) || !is_whole(a) || !is_whole(b)) return pairs::compare(a, b);
  if (of_a.zone && of_b.zone) return pairs::compare(in_utc(a, *of_a.zone), in_utc(b, *of_b.zone));
  // One of them may be of any zone.
  constexpr int kMostMinutes = 14 * 60;
  Date& known = of_a.zone ? a : b;
  known = in_utc(known, of_a.zone ? *of_a.zone : *of_b.zone);
  Date& unknown = of_a.zone ? b : a;
  const Date clock = unknown;
  unknown = in_utc(clock, -kMostMinutes);
  const int order = pairs::compare(a, b);
  unknown = in_utc(clock, kMostMinutes);
  return pairs::compare(a, b) == order ? order : 0;
}

int Moments::compare(std::size_t one, std::size_t two) const {
  const Moment& a = moments_[one];
  const Moment& b = moments_[two];
  const auto is_dated = [](const Moment& m) { return m.kind == Kind::kDate || m.kind == Kind::kNumbers; };
  if (is_dated(a) && is_dated(b)) {
    if (a.kind == Kind::kDate && b.kind == Kind::kDate) return compare_dates(a.date, a, b.date, b);
    std::optional<int> order;
    for (const Reading reading : readings_) {
      const Date first = a.kind == Kind::kDate ? a.date : *read(a, reading);
      const Date second = b.kind == Kind::kDate ? b.date : *read(b, reading);
      const int found = compare_dates(first, a, second, b);
      if (order && *order != found) return 0;
      order = found;
    }
    return order.value_or(0);
  }
  if (a.kind != b.kind || a.kind == Kind::kNone || a.unit != b.unit) return 0;
  const bool is_same_year = a.kind == Kind::kSeason && a.value / 10 == b.value / 10;
  if (is_same_year && (a.may_be_at_either_end || b.may_be_at_either_end)) return 0;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

std::string Moments::doubt(std::size_t a, std::size_t b) const {
  const bool have_times = moments_[a].time >= 0 && moments_[b].time >= 0;
  if (have_times && moments_[a].zone.has_value() != moments_[b].zone.has_value())
    return ": one of them names its time zone and the other none; write both, as 2019-05-31T10:30+02:00";
  const bool is_of_numbers = moments_[a].kind == Kind::kNumbers || moments_[b].kind == Kind::kNumbers;
  if (!is_of_numbers) return "";
  return readings_.empty() ? ": they are dates neither with the day nor with the month first; write them as 2019-05-31"
                           : ": their numbers may be days, months or years; write them as 2019-05-31";
}

}  // namespace ccx::pairs
