// What the sensor does to a drawn scene: blur or sharpening, tone curve, grain, JPEG.
#pragma once

#include <cstdint>
#include <vector>

#include "core/scenes/appearance.h"
#include "core/scenes/canvas.h"

namespace ccx::scenes {

// Interleaved 8-bit RGB. Changes the canvas on the way.
std::vector<uint8_t> expose(Canvas& canvas, const Appearance& look, Rng rng);

}  // namespace ccx::scenes
