// What users get of a pair's change map: places in the record, a mask on the after picture's own grid.
#pragma once

#include <vector>

#include "core/change/places.h"
#include "core/engine/engine.h"
#include "core/records/record.h"

namespace ccx::records {

// The pixels that masks and boxes are counted in, and the part of them that the model saw.
struct MaskGrid {
  int width = 0, height = 0;
  image::Window seen;
  int turned = 1;  // EXIF's 1..8 by which the model saw it turned
};

// The after picture's, as it lies in its file, whatever it was turned for north to be up. An after picture that was
// warped was brought to the before picture's grid, which is then the mask's.
MaskGrid mask_grid(const Reading& reading);

// Places of the changes that the caption tells of, boxes in pixels of `grid`, shares of the whole picture; none for a
// pair whose caption says that nothing changed, so that a record never says both. They are found on a grid of at most
// kPlacesSide pixels a side, which is many times finer than the map. The caption's map must not be empty.
std::vector<change::Place> found_places(const engine::Caption& caption, const MaskGrid& grid);
inline constexpr int kPlacesSide = 512;

// The same, pixel by pixel: kinds on the whole grid, `none` where the model saw nothing.
change::KindMask found_mask(const engine::Caption& caption, const MaskGrid& grid);

}  // namespace ccx::records
