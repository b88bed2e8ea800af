#include "core/metrics/meteor_aligner.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/metrics/meteor_matchers.h"

namespace ccx::metrics {
namespace {

constexpr int kNowhere = -1;

// A set of word positions.
class WordSet {
 public:
  explicit WordSet(std::size_t words) : bits_((words + 63) / 64, 0) {}
  bool has(int word) const { return bits_[word / 64] >> (word % 64) & 1; }
  bool has_any(int start, int length) const {
    for (int word = start; word < start + length; ++word) {
      if (has(word)) return true;
    }
    return false;
  }
  void add(int start, int length) {
    for (int word = start; word < start + length; ++word) bits_[word / 64] |= std::uint64_t{1} << (word % 64);
  }

 private:
  std::vector<std::uint64_t> bits_;
};

// An alignment of the reference's first words. Its matches are a chain in the search's arena, the last one first.
struct Path {
  int covered = 0;                // words covered on both sides: each of an exact match, else half of a match's, cut
  int chunks = 0;                 // closed chunks
  int distance = 0;               // summed distance between the starts of matched spans
  int next = 0;                   // the reference word from which this path goes on
  int last_match_end = kNowhere;  // in the hypothesis; nowhere when the last reference word was skipped
  int chain = kNowhere;
  WordSet hypothesis_used;
  WordSet reference_used;
};

// The search does not weigh stages as the score does: a match of any stage but the exact one counts half its words on
// either side, halves cut, so that four words of a paraphrase are no worse than five and come first.
//
// More covered words first, then fewer chunks, then the shorter distance.
bool better(const Path& a, const Path& b) {
  if (a.covered != b.covered) return a.covered > b.covered;
  if (a.chunks != b.chunks) return a.chunks < b.chunks;
  return a.distance < b.distance;
}

class BeamSearch {
 public:
  BeamSearch(std::size_t hypothesis_words, std::size_t reference_words, const MeteorCandidates& candidates)
      : reference_words_(static_cast<int>(reference_words)),
        candidates_(candidates),
        fixed_(reference_words, nullptr),
        start_{0, 0, 0, 0, kNowhere, kNowhere, WordSet(hypothesis_words), WordSet(reference_words)} {
    fix_unambiguous(hypothesis_words);
  }

  MeteorAlignment run() {
    std::vector<Path> paths{start_};
    for (int word = 0; word < reference_words_; ++word) {
      std::vector<Path> next;
      for (Path& path : paths) extend(path, word, next);
      std::stable_sort(next.begin(), next.end(), better);
      if (next.size() > kMeteorBeam) next.erase(next.begin() + kMeteorBeam, next.end());
      paths = std::move(next);
    }
    for (Path& path : paths) path.chunks += path.last_match_end != kNowhere ? 1 : 0;
    std::stable_sort(paths.begin(), paths.end(), better);
    return result(paths.front());
  }

 private:
  struct Link {
    const MeteorMatch* match;
    int previous;
  };

  // A match that alone covers each of its words, on both sides, is taken before the search.
  void fix_unambiguous(std::size_t hypothesis_words) {
    std::vector<int> hypothesis_cover(hypothesis_words, 0);
    std::vector<int> reference_cover(static_cast<std::size_t>(reference_words_), 0);
    for (const auto& list : candidates_) {
      for (const MeteorMatch& m : list) {
        for (int i = 0; i < m.hypothesis_length; ++i) ++hypothesis_cover[m.hypothesis_start + i];
        for (int i = 0; i < m.reference_length; ++i) ++reference_cover[m.reference_start + i];
      }
    }
    for (const auto& list : candidates_) {
      if (list.size() != 1) continue;
      const MeteorMatch& m = list.front();
      bool alone = true;
      for (int i = 0; i < m.hypothesis_length; ++i) alone = alone && hypothesis_cover[m.hypothesis_start + i] == 1;
      for (int i = 0; i < m.reference_length; ++i) alone = alone && reference_cover[m.reference_start + i] == 1;
      if (!alone) continue;
      fixed_[m.reference_start] = &m;
      start_.hypothesis_used.add(m.hypothesis_start, m.hypothesis_length);
      start_.reference_used.add(m.reference_start, m.reference_length);
    }
  }

  void take(Path& path, const MeteorMatch& m) {
    path.covered += m.stage == kMeteorExact ? m.hypothesis_length : m.hypothesis_length / 2;
    path.covered += m.stage == kMeteorExact ? m.reference_length : m.reference_length / 2;
    if (path.last_match_end != kNowhere && path.last_match_end != m.hypothesis_start) ++path.chunks;
    path.next = m.reference_start + m.reference_length;
    path.last_match_end = m.hypothesis_start + m.hypothesis_length;
    arena_.push_back({&m, path.chain});
    path.chain = static_cast<int>(arena_.size()) - 1;
  }

  static int offset(const MeteorMatch& m) { return std::abs(m.reference_start - m.hypothesis_start); }

  // Goes on by one reference word. METEOR adds the distance of a match not to the path that takes it but to those that
  // come after it in the list, down to the one that skips the word; scores depend on it, so it is done here too.
  void extend(Path& path, int word, std::vector<Path>& next) {
    if (path.reference_used.has(word)) {
      if (word >= path.next && fixed_[word] != nullptr) {
        take(path, *fixed_[word]);
        path.distance += offset(*fixed_[word]);
      }
      next.push_back(std::move(path));
      return;
    }
    for (const MeteorMatch& m : candidates_[word]) {
      if (path.hypothesis_used.has_any(m.hypothesis_start, m.hypothesis_length) ||
          path.reference_used.has_any(m.reference_start, m.reference_length)) {
        continue;
      }
      Path longer = path;
      longer.hypothesis_used.add(m.hypothesis_start, m.hypothesis_length);
      longer.reference_used.add(m.reference_start, m.reference_length);
      take(longer, m);
      next.push_back(std::move(longer));
      path.distance += offset(m);
    }
    if (path.last_match_end != kNowhere) ++path.chunks;
    path.last_match_end = kNowhere;
    path.next = word + 1;
    next.push_back(std::move(path));
  }

  MeteorAlignment result(const Path& path) const {
    MeteorAlignment alignment;
    alignment.chunks = path.chunks;
    for (int at = path.chain; at != kNowhere; at = arena_[at].previous) alignment.matches.push_back(*arena_[at].match);
    std::reverse(alignment.matches.begin(), alignment.matches.end());
    return alignment;
  }

  int reference_words_;
  const MeteorCandidates& candidates_;
  std::vector<const MeteorMatch*> fixed_;  // by the reference word they start at
  std::vector<Link> arena_;
  Path start_;
};

}  // namespace

MeteorAlignment meteor_align(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference,
                             const MeteorData& data) {
  const MeteorCandidates candidates = meteor_candidates(hypothesis, reference, data);
  return BeamSearch(hypothesis.size(), reference.size(), candidates).run();
}

}  // namespace ccx::metrics
