// What of a name tells the time and what the place (markers.h).
#include "core/pairs/naming/markers.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

constexpr char kFurtherDate = 7;

char placeholder(SlotKind kind) {
  return static_cast<char>(static_cast<int>(kind) + 1);
}

bool is_placeholder(char c) {
  return c >= 1 && c <= kFurtherDate;
}

bool is_separator(char c) {
  return c == '_' || c == '-' || c == '.' || c == ' ' || c == '+' || c == '~';
}

SlotKind kind_of(RoleFamily family) {
  switch (family) {
    case RoleFamily::kWord:
      return SlotKind::kWord;
    case RoleFamily::kTime:
      return SlotKind::kTime;
    case RoleFamily::kPicture:
      return SlotKind::kPicture;
    case RoleFamily::kLetter:
      return SlotKind::kLetter;
    case RoleFamily::kLetterTail:
      break;
  }
  return SlotKind::kLetterTail;
}

// One stretch of a name that goes out of its key.
struct Cut {
  std::size_t begin;
  std::size_t end;
  char mark;  // placeholder, or 0 for noise
};

bool overlaps(const std::vector<DateSpan>& spans, std::size_t begin, std::size_t end) {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const DateSpan& span) { return span.begin < end && begin < span.end; });
}

void append_name(std::string& key, std::string_view text) {
  for (const char c : text) {
    const bool is_escaped = is_placeholder(c) || c == '\x1B';
    if (is_escaped) key += '\x1B';
    key += is_escaped ? static_cast<char>(c + 'A') : c;
  }
}

// Separators left at the ends, or twice in a row, where something was taken away.
void close_gap(std::string& out, std::size_t& at, std::string_view rest) {
  if (!out.empty() && is_separator(out.back())) {
    out.pop_back();
  } else if (out.empty() && at < rest.size() && is_separator(rest[at])) {
    ++at;
  }
}

// Length of the run and what it could be; the name without digits is hashed on the way.
struct DigitRuns {
  explicit DigitRuns(std::string_view name) {
    std::string shape;
    for (std::size_t i = 0; i < name.size();) {
      if (!ascii::is_digit(name[i])) {
        shape += name[i++];
        continue;
      }
      const std::size_t begin = i;
      while (i < name.size() && ascii::is_digit(name[i])) ++i;
      shape += '0';
      runs.push_back(name.substr(begin, i - begin));
      behind.push_back(begin > 0 ? name[begin - 1] : '\0');
    }
    hash = stable_hash(shape);
  }
  uint64_t hash = 0;
  std::vector<std::string_view> runs;
  std::vector<char> behind;  // the character before each
};

bool may_be_date(std::string_view run) {
  if (run.size() != 4 && run.size() != 6 && run.size() != 7 && run.size() != 8) return false;
  const std::vector<DateSpan> spans = dates_in(run);
  return spans.size() == 1 && spans[0].begin == 0 && spans[0].end == run.size();
}

int small_number(std::string_view run) {
  if (run.size() == 1) return run[0] - '0';
  return run.size() == 2 ? (run[0] - '0') * 10 + run[1] - '0' : -1;
}

}  // namespace

int Slot::strength() const {
  switch (kind) {
    case SlotKind::kWord:
      return is_folder ? 100 : 95;
    case SlotKind::kTime:
      return is_folder ? 82 : 62;
    case SlotKind::kPicture:
      return is_folder ? 81 : 61;
    case SlotKind::kLetter:
      return is_folder && is_whole ? 80 : is_edge && !is_folder ? 55 : is_folder ? 48 : 40;
    case SlotKind::kDate:
      return is_folder ? 70 : 50;
    case SlotKind::kLetterTail:
      break;
  }
  return 30;
}

int64_t packed_value(const Date& date) {
  const int month = date.season == 0 ? date.month : 3 * date.season;
  const int64_t day = (date.year * 100LL + month) * 100LL + date.day;
  return day * 1000000LL + std::max(date.time, 0);
}

std::string composed(std::string_view name) {
  if (is_ascii(name)) return std::string(name);
  for (std::size_t at = 0; at < name.size();) {
    const CodePoint point = code_point_at(name, at);
    if (!point.valid) return std::string(name);
    at += point.length;
  }
  return nfc(name);
}

namespace {

// The one slot of a name's dates, and where it begins.
std::pair<std::size_t, Slot> date_slot(const std::string& name, bool is_folder, const std::vector<DateSpan>& dates) {
  Slot slot;
  slot.kind = SlotKind::kDate;
  slot.is_folder = is_folder;
  std::size_t begin = std::string::npos;
  for (const DateSpan& span : dates) {
    if (span.is_noise) continue;
    begin = std::min(begin, span.begin);
    // A name with several is of the last: "2009_to_2022".
    slot.dates.push_back(span.date);
    if (slot.text.empty() || packed_value(span.date) >= packed_value(slot.date)) slot.date = span.date;
    slot.text += (slot.text.empty() ? "" : " ") + name.substr(span.begin, span.end - span.begin);
  }
  if (slot.dates.size() == 1) slot.dates.clear();
  slot.value = packed_value(slot.date);
  slot.is_edge = true;
  slot.is_whole = dates.size() == 1 && dates[0].begin == 0 && dates[0].end == name.size();
  return {begin, std::move(slot)};
}

}  // namespace

Marked marked(std::string_view raw, bool is_folder, const DateRules& rules) {
  const std::string name = composed(raw);
  Marked out;
  std::vector<Cut> cuts;
  const std::vector<DateSpan> dates = dates_in(name, rules);
  bool has_date = false;
  for (const DateSpan& span : dates) {
    cuts.push_back({span.begin, span.end,
                    span.is_noise ? '\0'
                    : has_date    ? kFurtherDate
                                  : placeholder(SlotKind::kDate)});
    has_date = has_date || !span.is_noise;
  }
  std::vector<std::pair<std::size_t, Slot>> slots;
  for (const RoleSpan& role : roles_in(name)) {
    if (overlaps(dates, role.begin, role.end)) continue;
    Slot slot;
    slot.kind = kind_of(role.family);
    slot.is_folder = is_folder;
    slot.is_edge = role.begin == 0 || role.end == name.size();
    slot.is_whole = role.begin == 0 && role.end == name.size();
    slot.value = role.value;
    slot.text = name.substr(role.begin, role.end - role.begin);
    cuts.push_back({role.begin, role.end, placeholder(slot.kind)});
    slots.emplace_back(role.begin, std::move(slot));
  }
  if (has_date) slots.push_back(date_slot(name, is_folder, dates));
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.begin < b.begin; });
  std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [begin, slot] : slots) out.slots.push_back(std::move(slot));
  std::size_t at = 0;
  for (const Cut& cut : cuts) {
    append_name(out.key, std::string_view(name).substr(at, cut.begin - at));
    at = cut.end;
    if (cut.mark != '\0') {
      out.key += cut.mark;
    } else {
      close_gap(out.key, at, name);
    }
  }
  append_name(out.key, std::string_view(name).substr(at));
  return out;
}

std::string filled(const Marked& name, const std::vector<bool>& restore) {
  std::string out;
  std::size_t slot = 0;
  bool date_restored = false;
  for (std::size_t at = 0; at < name.key.size();) {
    const char c = name.key[at++];
    if (c == '\x1B' && at < name.key.size()) {
      out += static_cast<char>(name.key[at++] - 'A');
    } else if (!is_placeholder(c)) {
      out += c;
    } else if (c == kFurtherDate) {
      if (!date_restored) close_gap(out, at, name.key);  // the slot's text tells all dates
    } else {
      const bool keep = slot < restore.size() && restore[slot];
      if (name.slots[slot].kind == SlotKind::kDate) date_restored = keep;
      if (keep) {
        out += name.slots[slot].text;
      } else {
        close_gap(out, at, name.key);
      }
      ++slot;
    }
  }
  while (!out.empty() && is_separator(out.back()) && name.key.size() > out.size()) out.pop_back();
  return out;
}

void NumberSense::first(std::string_view name) {
  const DigitRuns digits(name);
  for (std::size_t i = 0; i < digits.runs.size() && i < 32; ++i) {
    if (!may_be_date(digits.runs[i])) continue;
    std::vector<Run>& runs = runs_[digits.hash];
    runs.resize(std::min<std::size_t>(digits.runs.size(), 32));
    runs[i].is_date = true;
    // A month and a day may follow a year.
    for (std::size_t next = i + 1; next < runs.size() && next <= i + 2 && digits.runs[i].size() == 4; ++next) {
      if (digits.runs[next].size() == 2) runs[next].is_date = true;
    }
  }
}

void NumberSense::second(std::string_view name) {
  if (runs_.empty()) return;
  const DigitRuns digits(name);
  const auto found = runs_.find(digits.hash);
  if (found == runs_.end()) return;
  std::vector<Run>& runs = found->second;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].is_date || may_be_date(digits.runs[i])) continue;
    const bool behind_year = i > 0 && runs[i - 1].is_date && digits.runs[i - 1].size() == 4;
    const bool behind_month = i > 1 && runs[i - 2].is_date && digits.runs[i - 2].size() == 4;
    const int value = small_number(digits.runs[i]);
    if (behind_year && value >= 1 && value <= 12) continue;
    if (behind_month && value >= 1 && value <= 31) continue;
    runs[i].is_other = true;
    // "2019_05_40" is no month with a day too far: the second and third number are a place in a grid.
    if (behind_month && digits.behind[i] == digits.behind[i - 1]) runs[i - 1].is_other = true;
  }
}

bool NumberSense::counts() const {
  return std::any_of(runs_.begin(), runs_.end(), [](const auto& entry) {
    return std::any_of(entry.second.begin(), entry.second.end(), [](const Run& run) { return run.is_other; });
  });
}

DateRules NumberSense::rules(std::string_view name, bool month_first) const {
  DateRules rules;
  rules.month_first = month_first;
  if (runs_.empty()) return rules;
  const auto found = runs_.find(DigitRuns(name).hash);
  if (found == runs_.end()) return rules;
  for (std::size_t i = 0; i < found->second.size(); ++i) {
    if (found->second[i].is_other) rules.counting |= 1U << i;
  }
  return rules;
}

}  // namespace ccx::pairs
