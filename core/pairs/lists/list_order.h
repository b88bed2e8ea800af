// Whether the names of a listed pair say that the list has its dates the wrong way round.
#pragma once

#include <string>

namespace ccx::pairs {

// "B/x.png" before "A/x.png", "x_post.png" before "x_pre.png": names with a role each at the same place, the later
// first.
bool names_say_reverse(const std::string& before, const std::string& after);

}  // namespace ccx::pairs
