// Why a function is long, as the comment above it says: "Over 60 lines: REASON".
#pragma once

#include <string>
#include <vector>

namespace ccx::test {

// The reason in the comment that ends right above `line`, counted from 1; "" without one. `sign` begins a line's
// comment.
std::string reason_above(const std::vector<std::string>& lines, int line, const std::string& sign);

}  // namespace ccx::test
