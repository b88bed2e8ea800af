// What a person is told about the pairs of a folder (pair_builder.h).
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/base/hash.h"
#include "core/pairs/folder/hints.h"
#include "core/pairs/folder/pair_builder.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

constexpr std::size_t kGuessesNoted = 20;

}  // namespace

void PairBuilder::pass_over(uint32_t picture) {
  if (++passed_count_ == 1) passed_.push_back(picture);
}

void PairBuilder::note_guess(const std::string& text) {
  if (++guessed_count_ <= kGuessesNoted) guessed_.push_back(text);
}

void PairBuilder::note(const std::string& text) {
  pictures_.notes().push_back(text);
}

void PairBuilder::add_notes() {
  std::vector<std::string>& notes = pictures_.notes();
  if (previews_ > 0) {
    notes.push_back(counted(previews_, "image") +
                    " passed over that another of the same name in a better format stands for, as " + preview_);
  }
  notes.insert(notes.end(), guessed_.begin(), guessed_.end());
  if (guessed_count_ > kGuessesNoted) {
    notes.push_back(counted(guessed_count_ - kGuessesNoted, "further order") + " guessed like these");
  }
  if (!seasons_.empty()) {
    notes.push_back("seasons of one year are taken in the order of the northern half of the Earth, so that " +
                    seasons_ + " is before");
  }
  if (contradictions_ > 0) {
    notes.push_back(counted(contradictions_, "pair") + " whose names call the later date the earlier one, as " +
                    contradiction_ + ": the word was believed, not the date");
  }
  if (passed_count_ > 0) {
    notes.push_back(counted(passed_count_, "image") + " beside the pairs passed over, the first is " +
                    pictures_.shown(passed_[0]));
  }
}

// Every picture that says of which date it is lacks its partner: a person must have meant something else.
void PairBuilder::note_halves_alone() {
  std::array<uint32_t, 2> sides{NamedPair::kNone, NamedPair::kNone};
  for (const NamedPair& pair : out_.pairs) {
    if (sides[0] == NamedPair::kNone) sides[0] = pair.before;
    if (sides[1] == NamedPair::kNone) sides[1] = pair.after;
  }
  const std::string hint = hint_of(pictures_);
  if (sides[0] == NamedPair::kNone || sides[1] == NamedPair::kNone) {
    const bool is_before = sides[1] == NamedPair::kNone;
    note("no image has a partner: names such as " + pictures_.shown(is_before ? sides[0] : sides[1]) + " say " +
         (is_before ? "\"before\", and none here says \"after\"." : "\"after\", and none here says \"before\".") +
         (hint.empty() ? " --before GLOB --after GLOB, or a list of pairs, say what belongs together" : hint));
    return;
  }
  note("no image has a partner: names such as " + pictures_.shown(sides[0]) + " and " + pictures_.shown(sides[1]) +
       " differ in more than the time." +
       (hint.empty() ? " A list of pairs, --before GLOB --after GLOB or --pair-pattern REGEX say what belongs together"
                     : hint));
}

// "results/model1" beside "data" with the same names may hold pictures of the same pairs; "rome" beside "paris" does
// not, and a person sees which it is.
void PairBuilder::note_same_names() {
  struct Names {
    std::size_t count = 0;
    uint64_t sum = 0;  // of the names' hashes
    bool operator<(const Names& other) const { return std::tie(count, sum) < std::tie(other.count, other.sum); }
  };
  std::map<std::string, Names> folders;
  for (const NamedPair& pair : out_.pairs) {
    const std::size_t slash = pair.id.rfind('/');
    if (slash == std::string::npos || pair.before == NamedPair::kNone || pair.after == NamedPair::kNone) continue;
    Names& names = folders[pair.id.substr(0, slash)];
    ++names.count;
    names.sum += stable_hash(pair.id.substr(slash + 1));
  }
  std::map<Names, std::string> known;
  for (const auto& [folder, names] : folders) {
    const auto [first, is_new] = known.emplace(names, folder);
    const bool is_counted = std::any_of(folder.begin(), folder.end(), ascii::is_digit) &&
                            std::any_of(first->second.begin(), first->second.end(), ascii::is_digit);
    if (is_new || is_counted) continue;
    note("'" + printable(first->second) + "' and '" + printable(folder) +
         "' hold pairs of the same names, which were taken for pairs of two places; where one holds the other's in "
         "another form, --before GLOB --after GLOB takes the right ones");
    return;
  }
}

}  // namespace ccx::pairs
