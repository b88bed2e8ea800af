// Whether a pair of pictures can be trusted to show one place at two dates. Plain C++, shared with WebAssembly.
//
// A model answers whatever it is shown. Each check finds one kind of pair whose caption says little, whatever it is;
// none of them may fire on ordinary pairs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/image/read_options.h"

namespace ccx::image {

enum class WarningCode {
  kLowContrast,          // nearly one value
  kGrey,                 // one band, or three that are equal
  kNodata,               // a part of a picture holds no data
  kSizeDiffers,          // pixels of the two dates
  kScaleDiffers,         // ground size of their pixels
  kShifted,              // the same picture, moved
  kSameImage,            // pixel for pixel
  kMuchLargerThanModel,  // reduced so far that what changed is lost
  kDamaged,              // a file can be read, and yet something in it cannot be right
  kBandsUnclear,         // which bands are red, green and blue is a guess
  kUnaligned,            // both say where they lie, but not so that they could be brought together
  kTurned,               // a file asks for its picture to be turned, and it was not
  kSeveralPages,         // a file holds several pictures, and which is to be shown is a guess
  kLittleShared,         // the ground that both show is a small part of either
};

std::string warning_name(WarningCode code);  // "low_contrast", ...
std::vector<std::string> all_warning_names();

struct PairWarning {
  WarningCode code = WarningCode::kLowContrast;
  std::string message;
  // kShifted: how far the after picture has to be moved right and down to lie on the before picture, in its own pixels.
  std::optional<std::array<double, 2>> shift;
};

// What is known of one date.
struct DateFacts {
  ReadInfo info;
  int width = 0;  // of what is shown
  int height = 0;
  Image small;                        // what is shown, S x S: the model's input before it is normalised
  std::vector<uint8_t> missing = {};  // [S * S], 1 where it has no data; empty: it has everywhere
};

// What is known of where the two lie.
struct PairPlace {
  std::optional<double> scale = {};   // ground size of an after pixel over that of a before pixel, where both say it
  std::string unaligned = {};         // why they could not be brought together; empty: they were, or nothing is known
  double shared = 1;                  // of the ground of the smaller one, 0..1
  std::array<int, 2> north = {1, 1};  // EXIF's 1..8 that would bring either date's north up, where that was not done
};

// `model_size` is S. The warnings stand in the order of WarningCode.
std::vector<PairWarning> check_pair_images(const DateFacts& before, const DateFacts& after, int model_size,
                                           const PairPlace& place = {});

}  // namespace ccx::image
