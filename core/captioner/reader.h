// One pair from its files to the pixels of the model.
#pragma once

#include <cstddef>
#include <optional>

#include "core/engine/engine.h"
#include "core/image/image.h"
#include "core/image/read_options.h"
#include "core/pairs/pairs.h"
#include "core/records/record.h"

namespace ccx::captioner {

struct ReadingOptions {
  image::ReadOptions images;
  bool strict = false;  // a pair with a warning is a failure
};

struct LoadedPair {
  engine::PixelPair pixels;                 // [3, S, S] each; empty after a failure
  std::optional<records::Failure> failure;  // missing, undecodable, too large, not one place
  double read_ms = 0;                       // reading, decoding, resizing, normalising
  records::Reading reading;                 // of a pair without a failure
};

// Never throws for what is wrong with a pair: that is its failure. image_size is S.
LoadedPair load_pair(const pairs::Pair& pair, int image_size, const ReadingOptions& options);

// The same without pixels: both images are decoded and let go. Pictures count as much larger than the model from the
// size that is so for an input of 256 pixels.
LoadedPair check_pair(const pairs::Pair& pair, const ReadingOptions& options);

// The after image at its own size, as the model saw it: cropped or warped where the pair was. Throws InputError.
image::Image read_after(const pairs::Pair& pair, const ReadingOptions& options);

// What options.images.root is for pairs of this source: its folder, or a list's root. Nothing for images that were
// named one by one.
std::optional<std::filesystem::path> image_root(const pairs::PairSource& source);

}  // namespace ccx::captioner
