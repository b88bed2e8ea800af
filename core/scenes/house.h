// Shapes of buildings: houses of several wings under hip and gable roofs, sheds, and large flat or ridged halls.
#pragma once

#include "core/base/random.h"
#include "core/scenes/style.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// A house that fills about width x depth; `frame` has its origin in the house's middle and `across` leads away from the
// street, where the garage wing is.
Building make_house(Rng rng, const Frame& frame, float width, float depth, const Style& style);

Building make_shed(Rng rng, const Frame& frame, float width, float depth);

// A shop, school, warehouse or hall of one to three parts, or a block of flats, which is narrower than `depth`.
Building make_large_building(Rng rng, const Frame& frame, float width, float depth, const Style& style);

}  // namespace ccx::scenes
