// From 8-bit pixels to the tower's input: [3, H, W] float32 in -1..1. Plain C++, shared with WebAssembly.
#pragma once

#include <cstddef>
#include <vector>

#include "core/image/image.h"

namespace ccx::image {

// Writes 3 * height * width floats to `chw`, plane by plane (red, green, blue): float32(float64(byte) * (1/255)), then
// (x - 0.5) / 0.5 in float32, the SigLIP image processor's arithmetic bit for bit. Throws InputError for an
// inconsistent picture.
void normalise(const Image& in, float* chw);

// The whole preprocessing of one picture: bicubic to size x size, then normalised. Returns [3, size, size].
std::vector<float> preprocess(const Image& in, int size);

}  // namespace ccx::image
