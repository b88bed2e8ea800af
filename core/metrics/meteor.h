// METEOR 1.5 for English as captioning papers report it (options -l en -norm): statistics of a pair and their score.
// Source: Denkowski & Lavie 2014, "Meteor Universal: language specific translation evaluation for any target language";
// parameters alpha .85, beta .2, gamma .6, delta .75 and stage weights 1, .6, .8, .6 of its English release.
//
// Pitfalls: the corpus score is the score of the summed statistics, never the mean of the sentences; a
// perfect sentence adds no chunk to the sum; of several references the one with the best score alone counts; words are
// re-normalised, so that "u.s." is "us" and hyphens vanish; identical sentences score 1 only because a single chunk
// that covers both has no penalty.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/metrics/meteor_data.h"

namespace ccx::metrics {

// Counts of words; sums over pairs are counts of a corpus. Function words are those of METEOR's list.
struct MeteorStats {
  static constexpr int kStages = 4;
  struct Stage {
    double hypothesis_content = 0;
    double reference_content = 0;
    double hypothesis_function = 0;
    double reference_function = 0;
  };

  double hypothesis_length = 0;
  double reference_length = 0;
  double hypothesis_function_words = 0;
  double reference_function_words = 0;
  std::array<Stage, kStages> stages{};  // matched words: exact, stem, synonym, paraphrase
  double chunks = 0;
  double hypothesis_matches = 0;
  double reference_matches = 0;

  // Every word of both sides is matched, in one chunk: no penalty.
  bool is_whole() const;

  // Adds a pair to a corpus. A whole pair adds no chunk, as in METEOR: the corpus is not penalised for it either.
  MeteorStats& operator+=(const MeteorStats& pair);

  // The 23 integers of METEOR's statistics line, in its order.
  std::string line() const;
};

// Fmean (1 - gamma frag^beta), Fmean = P R / (alpha P + (1 - alpha) R) over words weighted by stage and by delta for
// content against function words, frag = chunks / matched words. 0 where nothing matches; never NaN.
double meteor_score(const MeteorStats& stats);

class Meteor {
 public:
  explicit Meteor(MeteorData data) : data_(std::move(data)) {}

  // Against the reference with the best score, the first of equal ones. At least one reference, or InputError. As in
  // METEOR's line protocol, "|||" is removed from the hypothesis and divides a reference in two. Thread-safe.
  MeteorStats stats(const std::string& hypothesis, const std::vector<std::string>& references) const;

 private:
  MeteorData data_;
};

}  // namespace ccx::metrics
