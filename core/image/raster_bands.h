// What the bands of a raster mean: which are shown, what is alpha, what stands for no data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image/raster_file.h"

namespace ccx::image {

struct RasterBands {
  SampleType type = SampleType::kUint8;
  int sensor_bits = 8;    // of integers: what the file says, else what its type holds
  std::vector<int> read;  // bands that make the picture, from 1: 1, 3, or 4 for CMYK
  BandsBy by = BandsBy::kColours;
  std::string doubt;  // as ReadInfo's
  bool cmyk = false;
  bool white_is_zero = false;
  std::vector<std::array<uint8_t, 3>> palette;  // colours by value; empty for none
  int alpha = 0;                                // its band, 0 for none
  bool premultiplied = false;                   // the colours were multiplied by alpha
  bool masked = false;                          // alpha or a mask says which pixels hold data
  std::vector<std::optional<double>> nodata;    // of each band read

  bool is_grey() const { return read.size() == 1 && palette.empty(); }
  bool has_nodata() const { return nodata[0].has_value(); }
};

// Writers call the fourth band of bytes alpha without being asked: not so where its name says that it was measured.
bool is_alpha(GDALRasterBand& band);

// Throws DecodeError where `bands` names one that is not there, or the samples are no real numbers.
RasterBands bands_of(GDALDataset& dataset, const std::vector<int>& bands);

}  // namespace ccx::image
