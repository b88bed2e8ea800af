// CIDEr-D as the COCO caption scorer computes it. Source: Vedantam et al. 2015, "CIDEr: consensus-based image
// description evaluation", the variant D with sigma = 6 and factor 10.
//
// Pitfalls: document frequencies come from the references of the corpus under evaluation, so that a score belongs to
// its set of pairs, and a set whose references are all alike scores 0; the "length" in the Gaussian is the number of
// bigrams; a corpus of one pair takes the logarithm of its size as 1; the published "CIDEr" of captioning papers is
// this variant.
#pragma once

#include <vector>

#include "core/metrics/text.h"

namespace ccx::metrics {

struct CiderInput {
  Words hypothesis;
  std::vector<Words> references;  // at least one
};

// One score a pair, 0..10; the corpus score is their mean. Throws InputError for a pair without references.
std::vector<double> cider_d(const std::vector<CiderInput>& corpus);

}  // namespace ccx::metrics
