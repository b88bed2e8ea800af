// What Hugging Face's logits processors and warpers do to the scores of one row, in their order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ccx::generate {

// Makes tokens that were generated before less likely (Keskar et al. 2019): a negative score is multiplied by the
// penalty, another divided by it. A token counts once however often it occurs.
void apply_repetition_penalty(std::span<float> scores, std::span<const std::int64_t> generated, double penalty);

struct Candidate {
  std::int64_t token;
  double probability;  // of those that are left; they sum to 1
};

// The tokens that sampling may choose: scores divided by the temperature, then the top_k best (all that tie with the
// last of them), then of those the fewest whose probability reaches top_p. top_k 0 and top_p 1 leave all. At least one
// token is left. By ascending probability.
std::vector<Candidate> sampling_candidates(std::span<const float> scores, double temperature, std::int64_t top_k,
                                           double top_p);

// The candidate at `draw` in [0, 1) of the cumulative distribution.
std::int64_t pick(const std::vector<Candidate>& candidates, double draw);

}  // namespace ccx::generate
