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

// What a pixel is to a filling. kRim: much like it, and taken with the area that it touches.
enum Mark : uint8_t { kFar = 0, kFilled = 1, kNear = 2, kRim = 3 };

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

// Which areas are a writer's filling: dark water and bright snow fade into what is beside them, a filling ends
// abruptly.
struct CollarRule {
  bool anywhere = false;        // also those that do not touch the edge
  double least = kLeastCollar;  // all of them together, of the picture
  double abrupt = 0.9;          // of an area's edge, that does not lead to values much like its own
  double solid = 0;             // of an area's pixels, that are kFilled and not kRim
  double solid_if_plain = 0;    // the same of one whose edge is short, as of a strip or a corner
};

// Leaves kFilled in `marks`, [height * width], where areas of kFilled and kRim are large and as the rule asks. The rest
// becomes kFar. Returns the share that is left, 0 where it is less than the rule's; then nothing is left.
double keep_collars(std::vector<uint8_t>& marks, int width, int height, const CollarRule& rule);

}  // namespace ccx::image
