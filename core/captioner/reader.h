// One pair from its files to the pixels of the model.
#pragma once

#include <cstddef>
#include <optional>

#include "core/captioner/engine.h"
#include "core/captioner/record.h"
#include "core/pairs/pairs.h"

namespace ccx::captioner {

struct LoadedPair {
  PixelPair pixels;                // [3, S, S] each; empty after a failure
  std::optional<Failure> failure;  // missing, undecodable, too large
  double read_ms = 0;              // reading, decoding, resizing, normalising
  bool sizes_differ = false;       // each image is stretched to S x S on its own, as the reference does
};

// Never throws for what is wrong with a pair: that is its failure. image_size is S.
LoadedPair load_pair(const pairs::Pair& pair, int image_size);

// The same without pixels: both images are decoded and let go.
LoadedPair check_pair(const pairs::Pair& pair);

}  // namespace ccx::captioner
