// Months, seasons, quarters, weeks and times of day in letters (dates_words.h).
#include "core/pairs/naming/dates_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/base/utf8.h"
#include "core/pairs/naming/letters.h"

namespace ccx::pairs {
namespace {

// The letters at `from` in small ones, of words of up to five.
std::string letters_at(const NameText& name, std::size_t from, std::size_t count) {
  return ascii::lower(name.text({from, from + std::min<std::size_t>(count, 5)}));
}

// German, French, Spanish, Italian, Portuguese, Polish and Czech months that are no other word of names ("out", "set"):
// without accents, and with them where the word without may be another one ("marco").
constexpr std::array<std::pair<std::string_view, int>, 81> kForeignMonths = {{
    {"januar", 1},       {"februar", 2},   {"maerz", 3},      {"mrz", 3},        {"mai", 5},       {"juni", 6},
    {"juli", 7},         {"okt", 10},      {"oktober", 10},   {"dez", 12},       {"dezember", 12}, {"janvier", 1},
    {"janv", 1},         {"fevr", 2},      {"fevrier", 2},    {"mars", 3},       {"avril", 4},     {"avr", 4},
    {"juin", 6},         {"juillet", 7},   {"juil", 7},       {"aout", 8},       {"octobre", 10},  {"novembre", 11},
    {"decembre", 12},    {"septembre", 9}, {"enero", 1},      {"ene", 1},        {"febrero", 2},   {"marzo", 3},
    {"abril", 4},        {"abr", 4},       {"mayo", 5},       {"junio", 6},      {"julio", 7},     {"agosto", 8},
    {"septiembre", 9},   {"octubre", 10},  {"noviembre", 11}, {"diciembre", 12}, {"dic", 12},      {"gennaio", 1},
    {"febbraio", 2},     {"aprile", 4},    {"maggio", 5},     {"giugno", 6},     {"luglio", 7},    {"settembre", 9},
    {"ottobre", 10},     {"dicembre", 12}, {"janeiro", 1},    {"fevereiro", 2},  {"fev", 2},       {"maio", 5},
    {"junho", 6},        {"julho", 7},     {"setembro", 9},   {"outubro", 10},   {"novembro", 11}, {"dezembro", 12},
    {"março", 3},        {"maart", 3},     {"marz", 3},       {"styczen", 1},    {"luty", 2},      {"marzec", 3},
    {"kwiecien", 4},     {"maj", 5},       {"czerwiec", 6},   {"lipiec", 7},     {"sierpien", 8},  {"wrzesien", 9},
    {"pazdziernik", 10}, {"listopad", 11}, {"grudzien", 12},  {"únor", 2},       {"březen", 3},    {"květen", 5},
    {"červenec", 7},     {"září", 9},      {"prosinec", 12},
}};

constexpr std::array<std::pair<std::string_view, int>, 24> kSeasons = {{
    {"spring", 1},   {"summer", 2},    {"autumn", 3},    {"fall", 3},   {"winter", 4},    {"frühling", 1},
    {"frühjahr", 1}, {"fruehling", 1}, {"fruehjahr", 1}, {"sommer", 2}, {"herbst", 3},    {"printemps", 1},
    {"été", 2},      {"ete", 2},       {"automne", 3},   {"hiver", 4},  {"primavera", 1}, {"verano", 2},
    {"otoño", 3},    {"otono", 3},     {"invierno", 4},  {"estate", 2}, {"autunno", 3},   {"inverno", 4},
}};

}  // namespace

int month_of_word(std::string_view written) {
  static constexpr std::array<std::string_view, 12> kNames = {"january",   "february", "march",    "april",
                                                              "may",       "june",     "july",     "august",
                                                              "september", "october",  "november", "december"};
  if (written.size() < 3) return 0;
  static const std::unordered_map<std::string_view, int> foreign(kForeignMonths.begin(), kForeignMonths.end());
  std::string plain;
  std::string_view word = written;
  if (!is_ascii(word)) {
    plain = small_letters(written);
    if (const auto found = foreign.find(plain); found != foreign.end()) return found->second;
    plain = without_accents(plain);
    word = plain;
  }
  for (std::size_t m = 0; m < kNames.size(); ++m) {
    const bool is_short = word.size() == 3 || word == "sept";
    if (word == kNames[m] || (is_short && kNames[m].starts_with(word))) return static_cast<int>(m) + 1;
  }
  const auto found = foreign.find(word);
  return found == foreign.end() ? 0 : found->second;
}

int season_place(std::string_view written) {
  static const std::unordered_map<std::string_view, int> known(kSeasons.begin(), kSeasons.end());
  const auto found = known.find(small_letters(written));
  return found == known.end() ? 0 : found->second;
}

int month_name(const NameText& name, std::size_t from, std::size_t count) {
  return count < 3 ? 0 : month_of_word(ascii::lower(name.text({from, from + count})));
}

std::optional<PartOfYear> quarter_or_week(const NameText& name, std::size_t from, std::size_t count) {
  static constexpr std::array<std::string_view, 5> kWeeks = {"w", "kw", "cw", "wk", "week"};
  const std::string word = letters_at(name, from, count);
  std::size_t number = from + count;
  if (word == "q" && name.digits(number) == 1 && name.at(number) >= '1' && name.at(number) <= '4') {
    return PartOfYear{91 * (name.at(number) - '1') + 1, number + 1, true};
  }
  if (!is_one_of(word, kWeeks)) return std::nullopt;
  if (word.size() > 1 && name.separator(number)) ++number;
  const std::size_t digits = name.digits(number);
  const int week = digits == 1 || digits == 2 ? name.number(number, digits) : 0;
  if (week < 1 || week > 53 || name.letter(number + digits)) return std::nullopt;
  return PartOfYear{std::min(7 * week - 3, 366), number + digits, false};
}

Date date_of(int year, const PartOfYear& part) {
  if (part.is_quarter) return {year, (part.day - 1) / 91 * 3 + 1, 0, -1};
  return *day_of_year(year, part.day);
}

std::optional<std::size_t> time_in_words(const NameText& name, std::size_t from, Date& date) {
  const std::size_t word = from + 1;
  const std::string text = letters_at(name, word, name.letters(word));
  if (name.at(from) != ' ' || (text != "at" && text != "um") || name.at(word + 2) != ' ') return std::nullopt;
  const std::size_t hour = word + 3;
  const std::size_t digits = name.digits(hour);
  const std::size_t minute = hour + digits + 1;
  if ((digits != 1 && digits != 2) || name.digits(minute) != 2 || name.digits(minute + 3) != 2) return std::nullopt;
  int hours = name.number(hour, digits);
  std::size_t end = minute + 5;
  std::size_t half = end;
  // A Mac writes a narrow no-break space before AM and PM.
  while (name.at(half) == ' ' || static_cast<unsigned char>(name.at(half)) >= 0x80) ++half;
  const std::string noon = letters_at(name, half, name.letters(half));
  if (noon == "am" || noon == "pm") {
    hours = hours % 12 + (noon == "pm" ? 12 : 0);
    end = half + 2;
  }
  const int time = hours * 10000 + name.number(minute, 2) * 100 + name.number(minute + 3, 2);
  if (!is_time(time)) return std::nullopt;
  date.time = time;
  return end;
}

std::size_t with_time(const NameText& name, std::size_t end, Date& date) {
  if (const auto written = time_in_words(name, end, date)) return *written;
  const bool has_t = name.at(end) == 'T' || name.at(end) == 't';
  if (!has_t && !name.separator(end)) return end;
  std::size_t count = name.digits(end + 1);
  // T10:11:12, T10_11_12
  const char between = name.at(end + 3);
  if (has_t && count == 2 && (between == ':' || name.separator(end + 3)) && name.digits(end + 4) == 2 &&
      is_time(name.number(end + 1, 2) * 10000 + name.number(end + 4, 2) * 100)) {
    date.time = name.number(end + 1, 2) * 10000 + name.number(end + 4, 2) * 100;
    end += 6;
    if (name.at(end) == between && name.digits(end + 1) == 2) {
      date.time += name.number(end + 1, 2);
      end += 3;
    }
    return name.at(end) == 'Z' ? end + 1 : end;
  }
  if (count != 6 && !(has_t && count == 4)) return end;
  const int time = name.number(end + 1, count) * (count == 4 ? 100 : 1);
  if (!is_time(time)) return end;
  date.time = time;
  end += 1 + count;
  return name.at(end) == 'Z' ? end + 1 : end;
}

}  // namespace ccx::pairs
