// Where on the ground two rasters lie, and what they share.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/image/raster_file.h"

namespace ccx::image {

// How the two dates of a pair are brought together.
struct Alignment {
  enum class Kind {
    kNone,       // not both say where they are: nothing is known, nothing is done
    kSame,       // one grid
    kCropped,    // both are cut to the ground that they share
    kWarped,     // the after picture is resampled to a part of the before picture's grid
    kUnaligned,  // both say where they are, but not so that they can be brought together; left as they are
    kDifferent,  // they share no ground, or too little
  };
  Kind kind = Kind::kNone;
  Window before;          // kCropped, kWarped: of the before raster
  Window after;           // kCropped: of the after raster. kWarped: of `warped`
  DatasetPointer warped;  // kWarped: the after raster on the before raster's grid; refers to it
  double scale = 1;       // ground size of an after pixel over that of a before pixel; 1 for kNone, kUnaligned
  std::string message;    // kDifferent: what each covers. kUnaligned: why
  double shared = 1;      // of the ground of the smaller raster, 0..1
  int turned = 1;         // EXIF's 1..8 that brings north up in both as they are cropped and warped
  std::array<int, 2> north = {1, 1};  // the same of each date as it lies, where that is not to be relied on

  bool is_on_ground() const { return kind == Kind::kSame || kind == Kind::kCropped || kind == Kind::kWarped; }
};

// Null: a date that is no raster. Throws DecodeError where a coordinate system cannot be understood.
Alignment align(const RasterFile* before, const RasterFile* after);

}  // namespace ccx::image
