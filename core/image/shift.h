// How far one picture lies beside another. Plain C++, shared with WebAssembly.
#pragma once

#include <optional>

#include "core/image/image.h"

namespace ccx::image {

struct Shift {
  double right = 0;  // of the width, -0.5..0.5: the second picture's content moved by this lies on the first's
  double down = 0;   // of the height
};

// By phase correlation of the two pictures, each stretched to one square (any sizes will do). Nothing unless the moved
// picture agrees with the other well, and clearly better than it does where it lies: two dates that differ are not
// shifted. A shift of less than about 1.5 % of a side is not told.
std::optional<Shift> find_shift(const Image& first, const Image& second);

}  // namespace ccx::image
