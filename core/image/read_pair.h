// Two dates read as one pair: brought to the ground that they share, reduced to the model's input, and checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image/decode.h"
#include "core/image/pair_checks.h"

namespace ccx::image {

// Both files say where they lie, and it is not one place. Is no InputError of a file: each alone is fine.
class DifferentPlace : public InputError {
 public:
  using InputError::InputError;
};

// One picture: its file, or the files of its red, green and blue bands.
using PictureFiles = std::vector<std::string>;

struct ReadPair {
  Picture before;
  Picture after;
  std::vector<PairWarning> warnings;
  bool aligned = false;  // cropped or warped to what the dates share
};

// With size S > 0 both images come out S x S, resized as the model's preprocessing does; one large picture at a time is
// held in full. What one date lacks the other does not show either: there both are one colour. With size 0 they have
// their own sizes, and the warnings are those of pictures reduced to 256.
// Throws DecodeError naming the file, DifferentPlace naming both.
ReadPair read_pair(const PictureFiles& before, const PictureFiles& after, const ReadOptions& options, int size);

}  // namespace ccx::image
