// What the two names of a listed pair say of each other: that the list has its dates the wrong way round, or that they
// are of two pairs.
#pragma once

#include <string>

namespace ccx::pairs {

// "B/x.png" before "A/x.png", "x_post.png" before "x_pre.png": names with a role each at the same place, the later
// first.
bool names_say_reverse(const std::string& before, const std::string& after);

// "train/A/1.png" with "test/B/1.png": folders at the same place that are of two splits.
bool names_say_two_splits(const std::string& before, const std::string& after);

}  // namespace ccx::pairs
