// Words of times (time_words.h).
#include "core/pairs/lists/time_words.h"

#include <algorithm>
#include <array>

#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/moments.h"

namespace ccx::pairs {
namespace {

struct Season {
  std::string_view word;
  int place;  // of the year
};
constexpr std::array<Season, 20> kSeasons = {{{"spring", 1},  {"summer", 2},    {"autumn", 3},    {"fall", 3},
                                              {"winter", 4},  {"frühling", 1},  {"frühjahr", 1},  {"sommer", 2},
                                              {"herbst", 3},  {"printemps", 1}, {"été", 2},       {"ete", 2},
                                              {"automne", 3}, {"hiver", 4},     {"primavera", 1}, {"verano", 2},
                                              {"otoño", 3},   {"invierno", 4},  {"estate", 2},    {"inverno", 4}}};

struct MonthName {
  std::string_view word, english;
};
constexpr std::array<MonthName, 59> kMonths = {{
    {"januar", "jan"},     {"februar", "feb"},  {"märz", "mar"},      {"maerz", "mar"},     {"mrz", "mar"},
    {"mai", "may"},        {"juni", "jun"},     {"juli", "jul"},      {"oktober", "oct"},   {"okt", "oct"},
    {"dezember", "dec"},   {"dez", "dec"},      {"janvier", "jan"},   {"février", "feb"},   {"fevrier", "feb"},
    {"mars", "mar"},       {"avril", "apr"},    {"avr", "apr"},       {"juin", "jun"},      {"juillet", "jul"},
    {"août", "aug"},       {"aout", "aug"},     {"septembre", "sep"}, {"octobre", "oct"},   {"novembre", "nov"},
    {"décembre", "dec"},   {"decembre", "dec"}, {"enero", "jan"},     {"febrero", "feb"},   {"marzo", "mar"},
    {"abril", "apr"},      {"mayo", "may"},     {"junio", "jun"},     {"julio", "jul"},     {"agosto", "aug"},
    {"septiembre", "sep"}, {"octubre", "oct"},  {"noviembre", "nov"}, {"diciembre", "dec"}, {"gennaio", "jan"},
    {"febbraio", "feb"},   {"aprile", "apr"},   {"maggio", "may"},    {"giugno", "jun"},    {"luglio", "jul"},
    {"settembre", "sep"},  {"ottobre", "oct"},  {"dicembre", "dec"},  {"janeiro", "jan"},   {"fevereiro", "feb"},
    {"março", "mar"},      {"maio", "may"},     {"junho", "jun"},     {"julho", "jul"},     {"setembro", "sep"},
    {"outubro", "oct"},    {"novembro", "nov"}, {"dezembro", "dec"},  {"maart", "mar"},
}};

// "3. Mai 2019" and "3 de mayo de 2019" as "3 may 2019"; a text without such a month stays.
std::string with_english_month(const std::string& text) {
  std::string out;
  bool has_month = false;
  for (const std::string& word : key_words(text)) {
    if (word == "de" || word == "del" || word == "di" || word == "er") continue;
    const auto month =
        std::find_if(kMonths.begin(), kMonths.end(), [&](const MonthName& name) { return name.word == word; });
    has_month = has_month || month != kMonths.end();
    out += (out.empty() ? "" : " ") + (month == kMonths.end() ? word : std::string(month->english));
  }
  return has_month ? out : text;
}

// "jan", "January", "Sept"
bool is_month_word(const std::string& word) {
  constexpr std::array<std::string_view, 12> kNames = {"january",   "february", "march",    "april",
                                                       "may",       "june",     "july",     "august",
                                                       "september", "october",  "november", "december"};
  return word.size() > 2 &&
         std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) { return name.starts_with(word); });
}

// "Dec-98" and "1-Dec-98", as spreadsheets show dates, with the century; others stay.
std::string with_long_year(const std::string& text) {
  const Words words = key_words(text);
  if (words.size() < 2 || words.size() > 3 || words.back().size() != 2 || !is_number(words.back())) return text;
  if (!is_month_word(words[words.size() - 2]) || (words.size() == 3 && !is_number(words[0]))) return text;
  return (words.size() == 3 ? words[0] + " " : "") + words[words.size() - 2] + " " + with_century(words.back());
}

}  // namespace

int season_place(std::string_view word) {
  const auto season =
      std::find_if(kSeasons.begin(), kSeasons.end(), [&](const Season& one) { return one.word == word; });
  return season == kSeasons.end() ? 0 : season->place;
}

std::string in_english(const std::string& text) {
  return with_long_year(with_english_month(text));
}

}  // namespace ccx::pairs
