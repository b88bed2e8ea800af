// A start for the patch embedding of a tower that learns from nothing.
#pragma once

#include <cstdint>
#include <vector>

namespace ccx::train {

// `count` filters [count, 3, patch, patch] for pixels in -1..1: the cosine basis (DCT-II) of luma and two colour
// differences, those of the largest expected amplitude first, each divided by that amplitude. In overhead pictures
// the amplitude falls with frequency as a power law (fitted to drawn scenes: luma 2.45 / r, colours 0.35 / r^1.5 and
// 0.18 / r^1.5 for patches of 16); random filters would see little but brightness, 60 times as strong as the fine
// detail that shows a house. Filters past the basis's 3 * patch * patch are zero.
std::vector<float> patch_filters(int64_t count, int64_t patch);

}  // namespace ccx::train
