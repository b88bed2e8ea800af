// Augmentation of a pair before it is resized. Off by default, as in the reference.
#pragma once

#include <string>
#include <vector>

#include "core/image/image.h"
#include "train/data/random.h"

namespace ccx::train {

struct Augmentation {
  bool geometric = false;    // the same flip and quarter turn for both pictures
  bool photometric = false;  // brightness, contrast, gamma and saturation of each picture by itself
  double jitter = 0;         // strength of each picture's own jitter and of the before picture's registration; 0: none
  double turned = 0;         // share of visits to drawn pairs that see the dates exchanged and the captions turned along
  // What an unchanged pair is captioned with in training, instead of one of its own captions; empty: its own.
  std::string no_change_caption{};
};

// "none", "geometric", "photometric", "both" (of these two), "jitter", "jitter:STRENGTH" above 0 to 3, or
// "geometric,jitter" with or without a strength. Throws UsageError.
Augmentation parse_augmentation(const std::string& text);

// True where a caption says where in the picture something is ("at the top left"), which a flip would make untrue. Such
// a sample is never flipped.
bool names_a_direction(const std::string& caption);

// Registration is jittered in the before picture alone: maps of changes lie on the after picture's grid and stay true.
// Draws from `random` as often whatever is switched on or applies, so that one switch does not change the other's draws.
void augment(image::Image& before, image::Image& after, const std::string& caption, const Augmentation& what,
             Random& random);

// One of the eight symmetries of a square: bits 0 and 1 count quarter turns, bit 2 mirrors first.
image::Image transformed(const image::Image& in, unsigned symmetry);

}  // namespace ccx::train
