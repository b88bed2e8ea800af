// Draws a world at one of its dates.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/scenes/appearance.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// Interleaved 8-bit RGB, size x size. `date` is 0 or 1. The random stream decides what is redrawn at each date: crowns,
// ground texture, cracks.
std::vector<uint8_t> render(const World& world, int date, const Appearance& look, int size, Rng rng);

}  // namespace ccx::scenes
