// Character classes and normalization form C, from tables: the same in every build, whatever the system's libraries
// know.
#include "core/base/unicode.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "core/base/unicode_tables.h"
#include "core/base/utf8.h"

namespace ccx {
namespace {

constexpr char32_t kCodePoints = 0x110000;
constexpr char32_t kFirstThatChanges = 0x300;  // text below it is in normalization form C
constexpr char32_t kFirstThatDecomposes = 0xC0;
constexpr std::uint32_t kNotComposed = 1U << 31;

// Hangul syllables are composed by arithmetic (Unicode 16, section 3.12): 19 leads, 21 vowels, 27 trails or none.
constexpr char32_t kSyllable = 0xAC00;
constexpr char32_t kLead = 0x1100;
constexpr char32_t kVowel = 0x1161;
constexpr char32_t kTrail = 0x11A7;  // one before the first: no trail
constexpr char32_t kLeads = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTrails = 28;
constexpr char32_t kSyllables = kLeads * kVowels * kTrails;

// The value of the run that a code point lies in; runs hold their first code point above `bits` bits of value.
unsigned value_in(std::span<const std::uint32_t> runs, char32_t code_point, unsigned bits) {
  const std::uint32_t last = (static_cast<std::uint32_t>(code_point) << bits) | ((1U << bits) - 1);
  return *(std::upper_bound(runs.begin(), runs.end(), last) - 1) & ((1U << bits) - 1);
}

unsigned combining_class(char32_t code_point) {
  return code_point < kFirstThatChanges ? 0 : value_in(kCombiningRuns, code_point, 8);
}

struct Decomposition {
  char32_t whole;
  char32_t first;
  char32_t second;  // 0 for none
};

struct Tables {
  std::vector<Decomposition> parts;  // by the whole
  std::vector<Decomposition> pairs;  // by first and second, those that are composed
};

bool by_parts(const Decomposition& a, const Decomposition& b) {
  return a.first != b.first ? a.first < b.first : a.second < b.second;
}

const Tables& tables() {
  static const Tables built = [] {
    Tables t;
    for (std::size_t i = 0; i < kDecompositions.size(); i += 3) {
      const Decomposition row = {kDecompositions[i], kDecompositions[i + 1] & ~kNotComposed, kDecompositions[i + 2]};
      t.parts.push_back(row);
      if ((kDecompositions[i + 1] & kNotComposed) == 0) t.pairs.push_back(row);
    }
    std::sort(t.pairs.begin(), t.pairs.end(), by_parts);
    return t;
  }();
  return built;
}

void decompose(char32_t code_point, std::vector<char32_t>& out) {
  if (code_point < kFirstThatDecomposes) return out.push_back(code_point);
  if (code_point - kSyllable < kSyllables) {
    const char32_t index = code_point - kSyllable;
    out.push_back(kLead + index / (kVowels * kTrails));
    out.push_back(kVowel + index / kTrails % kVowels);
    if (index % kTrails != 0) out.push_back(kTrail + index % kTrails);
    return;
  }
  const std::vector<Decomposition>& all = tables().parts;
  const auto found = std::lower_bound(all.begin(), all.end(), code_point,
                                      [](const Decomposition& row, char32_t c) { return row.whole < c; });
  if (found == all.end() || found->whole != code_point) return out.push_back(code_point);
  decompose(found->first, out);
  if (found->second != 0) decompose(found->second, out);
}

// Marks behind a character stand in the order of their classes, those of one class as they were.
void reorder(std::vector<char32_t>& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end = std::find_if(begin, text.end(), [](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

std::optional<char32_t> composed(char32_t first, char32_t second) {
  if (first - kLead < kLeads && second - kVowel < kVowels) {
    return kSyllable + ((first - kLead) * kVowels + (second - kVowel)) * kTrails;
  }
  if (first - kSyllable < kSyllables && (first - kSyllable) % kTrails == 0 && second > kTrail &&
      second < kTrail + kTrails) {
    return first + (second - kTrail);
  }
  const std::vector<Decomposition>& pairs = tables().pairs;
  const Decomposition wanted = {0, first, second};
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), wanted, by_parts);
  if (found == pairs.end() || found->first != first || found->second != second) return std::nullopt;
  return found->whole;
}

// A character is composed with the last starter before it unless something between them has its class or a higher one.
void compose(std::vector<char32_t>& text) {
  std::size_t kept = 0;
  std::optional<std::size_t> starter;
  unsigned last_class = 0;  // of what was kept after the starter
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char32_t c = text[at];
    const unsigned its_class = combining_class(c);
    const bool adjacent = starter && *starter + 1 == kept;
    if (starter && (adjacent || last_class < its_class)) {
      if (const auto whole = composed(text[*starter], c)) {
        text[*starter] = *whole;
        continue;
      }
    }
    if (its_class == 0) starter = kept;
    last_class = its_class;
    text[kept++] = c;
  }
  text.resize(kept);
}

}  // namespace

CharacterClass character_class(char32_t code_point) {
  if (code_point >= kCodePoints) return CharacterClass::kOther;
  return static_cast<CharacterClass>(value_in(kClassRuns, code_point, 2));
}

std::string nfc(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  bool changes = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    changes = changes || point.value >= kFirstThatChanges;
    points.push_back(point.value);
    at += point.length;
  }
  if (!changes) return std::string(text);
  std::vector<char32_t> parts;
  parts.reserve(points.size());
  for (const char32_t c : points) decompose(c, parts);
  reorder(parts);
  compose(parts);
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : parts) append_utf8(out, c);
  return out;
}

}  // namespace ccx
