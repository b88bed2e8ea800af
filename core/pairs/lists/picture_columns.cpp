// Choosing the columns of the two pictures (picture_columns.h).
#include "core/pairs/lists/picture_columns.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/time_words.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/dates.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr int kNumbers = 7;  // the family of numbers, beside those of roles
// d1, x2: of a file's name.
constexpr std::array<std::string_view, 6> kLettersOfDates = {"d", "x", "y", "p", "i", "s"};
constexpr int kDates = -1;      // columns that are called by dates
constexpr int kFirstWeak = 10;  // words that say nothing alone: reference, left, from

// Whether a column's name is a date, beside words that say "a picture" and nothing else.
bool is_date_key(const std::string& key) {
  if (Moments({key}).is_date_alone(0) || in_numbers(key) != key) return true;
  std::string rest = key;
  std::replace(rest.begin(), rest.end(), '/', '-');
  std::vector<DateSpan> dates = dates_in(rest);
  std::erase_if(dates, [](const DateSpan& span) { return span.is_noise; });
  if (dates.size() != 1) return false;
  rest.replace(dates[0].begin, dates[0].end - dates[0].begin, " ");
  const Words words = key_words(rest);
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return is_picture_word(word) || is_order_word(word) || is_wrapper_word(word);
  });
}

// Which of the columns that are called by dates is the earlier.
void order_by_dates(std::vector<Candidate>& candidates, const std::string& where) {
  std::vector<Candidate*> dated;
  std::vector<std::string> names;
  for (Candidate& candidate : candidates) {
    const bool is_bare_number =
        candidate.family == kNumbers && candidate.key.find_first_not_of("'0123456789") == std::string::npos;
    if (candidate.family != kDates && !is_bare_number) continue;
    dated.push_back(&candidate);
    names.push_back(candidate.key);
  }
  if (dated.size() != 2) return;
  const Moments moments(names);
  const int order = moments.compare(0, 1);
  if (dated[0]->family != kDates && dated[1]->family != kDates) {
    // "98" is before "05".
    if ((order < 0) != (dated[0]->side < dated[1]->side) && order != 0) std::swap(dated[0]->side, dated[1]->side);
    return;
  }
  if (order == 0 && candidates.size() > 2) return;
  if (order == 0) {
    throw InputError(where + ": the columns \"" + names[0] + "\" and \"" + names[1] +
                     "\" do not say which picture is first" + moments.doubt(0, 1) + ", or call them before and after");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    dated[i]->family = kDates;
    dated[i]->side = (i == 0) == (order < 0) ? 0 : 1;
  }
}

// Columns that name the same date as a chosen one in other words.
void add_rivals(const std::vector<Candidate>& candidates, const Candidate& before, const Candidate& after,
                Columns& out) {
  const auto side_of = [&](const Candidate& c) {
    if (c.family != kNumbers) return c.side;
    if (before.family == kNumbers) return c.side == before.side ? 0LL : c.side == after.side ? 1LL : 2LL;
    return c.side == 2 ? 1LL : c.side;
  };
  for (const Candidate& candidate : candidates) {
    const bool is_chosen = candidate.key == out.before || candidate.key == out.after;
    if (is_chosen || candidate.score < 4 || candidate.family >= kFirstWeak || candidate.family == kDates) continue;
    const long long side = side_of(candidate);
    if (side == 0 || side == 1) out.rivals.emplace_back(side == 0 ? out.before : out.after, candidate.key);
  }
  const bool others = std::any_of(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) { return c.family != before.family && c.score >= 4; });
  if (others) out.notes.push_back("the pictures are taken from \"" + out.before + "\" and \"" + out.after + "\"");
}

// One date alone, so that the message can say which column is missing.
void choose_one_picture(const std::vector<Candidate>& candidates, Columns& out) {
  for (const Candidate& candidate : candidates) {
    if (candidate.family == kNumbers || candidate.family == kDates || candidate.family >= kFirstWeak) continue;
    if (candidate.score == 0 && candidate.family > 1) continue;
    (candidate.side == 0 ? out.before : out.after) = candidate.key;
    return;
  }
}

std::optional<Candidate> candidate_by_words(const std::string& key, const Words& words, const json& value) {
  if (!value.is_string() && !value.is_null()) return std::nullopt;
  Candidate out;
  out.key = key;
  std::optional<RoleWord> role;
  std::optional<long long> number;
  bool has_order = false;
  bool has_date = false;
  bool is_letter = false;
  for (const std::string& word : words) {
    const std::optional<RoleWord> found = role_of(word);
    if (found && !role) {
      role = found;
    } else if (is_number(word) && word.size() < 9 && !number) {
      number = std::stoll(word);
    } else if (is_picture_word(word)) {
      out.score = std::max(out.score, 2);
    } else if (is_wrapper_word(word)) {
      continue;
    } else if (is_order_word(word)) {
      has_order = true;
      has_date = has_date || (word != "event" && word != "disaster" && word != "input");
    } else if (words.size() == 2 && is_one_of(word, kLettersOfDates)) {
      is_letter = true;
    } else {
      return std::nullopt;
    }
  }
  const bool is_picture = value.is_string() && has_picture_extension(value.get_ref<const std::string&>());
  // An address is no file: what lies on this machine is meant, where both are there.
  const bool is_remote = value.is_string() && is_address(value.get_ref<const std::string&>());
  if (is_letter && !is_picture) return std::nullopt;
  if (is_picture) out.score += is_remote ? 1 : 4;
  constexpr long long kFirstYear = 1900, kLastYear = 2100;
  const bool is_dated = number && *number >= kFirstYear && *number < kLastYear;  // Before_2018
  if (role && (!number || is_dated)) {
    out.family = role->family;
    out.side = role->side;
    // "before_date" is no picture, nor is what is merely "new" or "source".
    const bool is_plain = role->family == 0 || role->family == 1 || role->family == 3 || role->family == 6;
    if (out.score == 0 && (has_date || !is_plain)) return std::nullopt;
  } else if (!role && number && (has_order || out.score > 0)) {
    out.family = kNumbers;
    out.side = *number;
  } else {
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<Candidate> candidate_of(const std::string& key, const Words& words, const json& value) {
  if (has_picture_extension(key)) return std::nullopt;  // {"000001.png": a caption} has ids for keys
  if (auto found = candidate_by_words(key, words, value)) return found;
  const bool is_picture = value.is_string() && has_picture_extension(value.get_ref<const std::string&>());
  if (!is_picture || !is_date_key(key)) return std::nullopt;
  Candidate out;
  out.key = key;
  out.family = kDates;
  out.score = 4;
  return out;
}

void choose_pictures(std::vector<Candidate> candidates, const std::string& where, Columns& out) {
  order_by_dates(candidates, where);
  struct Choice {
    const Candidate* before = nullptr;
    const Candidate* after = nullptr;
    int score = -1;
  };
  const auto better = [](const Candidate* one, const Candidate& other) {
    return one == nullptr || other.score > one->score;
  };
  std::map<int, std::vector<const Candidate*>> families;
  for (const Candidate& candidate : candidates) families[candidate.family].push_back(&candidate);
  Choice best;
  for (const auto& [family, members] : families) {
    std::set<long long> sides;
    int top = 0;
    for (const Candidate* member : members) top = std::max(top, member->score);
    for (const Candidate* member : members) {
      if (family != kNumbers || member->score >= top) sides.insert(member->side);
    }
    if (family == kNumbers && sides.size() > 2 && candidates.size() == members.size()) {
      throw InputError(where + ": there are " + std::to_string(sides.size()) +
                       " pictures in a record, and a pair is two; write a record for each two of them");
    }
    if (family == kDates && members.size() > 2) {
      throw InputError(where + ": there are pictures of " + std::to_string(members.size()) +
                       " dates in a record, and a pair is two; write a record for each two of them");
    }
    if (sides.size() != 2) continue;
    Choice choice;
    for (const Candidate* member : members) {
      if (member->side == *sides.begin() && better(choice.before, *member)) choice.before = member;
      if (member->side == *sides.rbegin() && better(choice.after, *member)) choice.after = member;
    }
    if (choice.before == nullptr || choice.after == nullptr) continue;
    for (const Candidate* member : members) {
      const Candidate* chosen = member->side == *sides.begin() ? choice.before : choice.after;
      if (member != chosen && member->side == chosen->side && member->score == chosen->score) {
        throw InputError(where + ": the picture may be \"" + chosen->key + "\" or \"" + member->key +
                         "\"; leave one column out, or call it before or after");
      }
    }
    choice.score = choice.before->score + choice.after->score;
    if (choice.score > best.score) best = choice;
  }
  if (best.before == nullptr) return choose_one_picture(candidates, out);
  out.before = best.before->key;
  out.after = best.after->key;
  add_rivals(candidates, *best.before, *best.after, out);
}

bool choose_reference(const std::vector<Candidate>& candidates, const json& record, Columns& out) {
  const bool is_open = out.after.empty() && out.both.empty() && !out.picture.empty() && out.picture != out.id;
  if (!is_open) return false;
  // A file's name may be what both dates share.
  const Words words = key_words(out.picture);
  if (std::find(words.begin(), words.end(), "name") != words.end() || out.picture.starts_with("filename")) return false;
  const auto picture_of = [&](const std::string& key) {
    const json* value = member(record, key);
    const bool is_picture =
        value != nullptr && value->is_string() && has_picture_extension(value->get_ref<const std::string&>());
    return is_picture ? value->get<std::string>() : std::string();
  };
  const Candidate* found = nullptr;
  for (const Candidate& candidate : candidates) {
    const bool is_role = candidate.family != kNumbers && candidate.family != kDates;
    if (!is_role || picture_of(candidate.key).empty()) continue;
    if (found != nullptr || candidate.side != 0) return false;
    found = &candidate;
  }
  if (found == nullptr || picture_of(out.picture).empty()) return false;
  out.before = found->key;
  out.after = out.picture;
  out.notes.push_back("the earlier picture is taken from \"" + out.before + "\" and the later from \"" + out.after +
                      "\"");
  return true;
}

}  // namespace ccx::pairs
