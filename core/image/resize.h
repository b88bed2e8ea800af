// Bicubic resizing, byte for byte what Pillow does. Plain C++: the same file runs natively and in WebAssembly.
#pragma once

#include "core/image/image.h"

namespace ccx::image {

// The picture stretched to width x height (the aspect ratio is not kept), byte-identical to
// Pillow's `Image.resize((width, height), Image.BICUBIC)` on an RGB picture: a separable cubic (a = -0.5) whose support
// grows with the reduction, 22-bit fixed-point coefficients, rounded to 8 bits after the horizontal and again after the
// vertical pass; a pass that would not change the size is left out. Throws InputError for a size below 1x1 or an
// inconsistent picture.
Image resize_bicubic(const Image& in, int width, int height);

}  // namespace ccx::image
