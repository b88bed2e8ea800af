// A picture as the browser decodes it, on its way to the model's input: RGBA row after row, or the samples of a raster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/exif.h"
#include "core/image/frames.h"
#include "core/image/image.h"
#include "core/image/pair_checks.h"
#include "core/image/read_options.h"

namespace ccx::wasm {

// What is known of samples besides their values.
struct SampleFacts {
  image::SampleType type = image::SampleType::kUint8;
  int sensor_bits = 8;  // of integers
  int bands_in_file = 1;
  std::vector<int> bands;  // which of them these are, from 1: one, or three
  image::BandsBy by = image::BandsBy::kColours;
  std::string doubt;             // as ReadInfo::bands_doubt
  bool has_other_bands = false;  // as ReadInfo's
  bool has_alpha = false;        // beside them
  std::optional<double> nodata;  // the value that stands for none
  bool white_is_zero = false;    // of one band
  // Alpha that colours of 8 bits were multiplied by, a value a pixel; empty: they were not.
  std::vector<uint8_t> multiplied_by;
};

class Picture {
 public:
  // Takes rows in bands, so that a large picture never lies in memory as RGBA and RGB at once. Alpha is dropped without
  // compositing, as the command does. Throws InputError for a size below 1x1, std::bad_alloc for one that does not fit.
  Picture(int width, int height, bool is_grey);

  // Whole rows, 4 bytes a pixel. Throws std::invalid_argument for part of a row or more rows than the picture has.
  void add_rows(std::span<const unsigned char> rgba);

  // What the file that it came from says of how it is to be turned, which is not done, and of further frames, which are
  // not read: its first bytes, or all.
  void keep_facts(std::string_view file) {
    info_.orientation = image::exif_orientation(file);
    info_.page_note = image::frames_note(file);
  }
  // Which of a TIFF's pages it is, where that is to be told.
  void keep_page(std::string note) { info_.page_note = std::move(note); }

  // From the samples of bands, [height * width] each, by the command's rules (core/image/stretch.h). `mask`: 1 where
  // the file says that there is no data, or empty. T: uint8_t, int16_t, uint16_t, float or double, as wide as
  // facts.type needs. Throws InputError for bands of another size.
  template <typename T>
  static Picture of_samples(int width, int height, const std::vector<std::vector<T>>& bands, std::vector<uint8_t> mask,
                            const SampleFacts& facts);

  // RGBA of the picture made width x height, to be looked at: what the model sees, but for its size.
  std::vector<unsigned char> shown(int width, int height) const;

  // Both throw InputError until all rows are there.
  const image::Image& image() const;
  const image::ReadInfo& info() const;
  const std::vector<uint8_t>& missing() const { return missing_; }

 private:
  image::Image image_;
  std::size_t filled_ = 0;  // bytes of image_.rgb
  std::size_t clear_ = 0;   // pixels without any opacity, shown all the same and told as without data
  mutable image::ReadInfo info_;
  mutable bool is_hashed_ = false;
  std::vector<uint8_t> missing_;  // [height * width], or empty
};

// A pair as the model gets it, and what a person should know of it.
struct PreparedPair {
  std::vector<float> before, after;  // [3, size, size], normalised
  std::vector<image::PairWarning> warnings;
};

// As image::read_pair(), but that two rasters that lie on the ground are not brought to one grid.
PreparedPair prepare_pair(const Picture& before, const Picture& after, int size, const image::PairPlace& place);
std::vector<image::PairWarning> pair_warnings(const Picture& before, const Picture& after, int size,
                                              const image::PairPlace& place);

}  // namespace ccx::wasm
