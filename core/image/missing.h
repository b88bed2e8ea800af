// Pixels that hold no data, and what is shown in their place. Plain C++, shared with WebAssembly.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.h"

namespace ccx::image {

// A mask is [height * width], 1 where no data is; empty where there is data everywhere.

// Missing pixels become the mean of the others. Returns the share that is missing, 0..1.
double fill_missing(Image& image, const std::vector<uint8_t>& mask);

// Only the share.
double share_missing(const std::vector<uint8_t>& mask);

// The mask of a width x height picture at size x size, by nearest neighbours.
std::vector<uint8_t> reduced_mask(const std::vector<uint8_t>& mask, int width, int height, int size);

// Where either date of a pair lacks data, neither shows any: else the gap would be the change. Both are of one size.
void hide_missing(Image& before, const std::vector<uint8_t>& before_mask, Image& after,
                  const std::vector<uint8_t>& after_mask);

}  // namespace ccx::image
