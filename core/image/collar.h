// Areas of one extreme value: what a writer put where it had no data without saying so, as around a turned swath. Plain
// C++, shared with WebAssembly.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/image/stretch.h"

namespace ccx::image {

// A value that may stand for no data.
struct Filling {
  double value = 0;
  double near = 0;        // values less than this away from it are much like it
  bool anywhere = false;  // also where it does not touch the picture's edge: an integer 0
};

// The values that are frequent and extreme enough, of a picture of `type` that is deeper than 8 bits.
std::vector<Filling> possible_fillings(const ValueStatistics& found, SampleType type);

constexpr double kLeastCollar = 0.01;  // of a picture

// What a pixel is to a filling.
enum Mark : uint8_t { kFar = 0, kFilled = 1, kNear = 2 };

// `value(sample)` gives the pixel's samples.
template <typename Value>
Mark mark_of(std::size_t samples, const Filling& filling, const Value& value) {
  bool filled = true;
  for (std::size_t s = 0; s < samples; ++s) {
    const double away = std::abs(value(s) - filling.value);
    if (!(away < filling.near)) return kFar;
    filled = filled && away == 0;
  }
  return filled ? kFilled : kNear;
}

// Leaves kFilled in `marks`, [height * width], where areas of it are large, touch the edge (or lie anywhere) and end
// abruptly: dark water and bright snow fade into what is beside them, a writer's filling does not. The rest becomes
// kFar. Returns the share that is left, 0 where it is less than `least` of the picture; then nothing is left.
double keep_collars(std::vector<uint8_t>& marks, int width, int height, bool anywhere, double least = kLeastCollar);

}  // namespace ccx::image
