// The pixels of a raster as 8-bit RGB: read in strips, stretched, with what holds no data filled.
#pragma once

#include <vector>

#include "core/image/raster_file.h"
#include "core/image/source.h"

namespace ccx::image {

struct RasterPicture {
  Image image;
  // Where no data is: [height * width], 1 for missing. Empty where there is data everywhere.
  std::vector<uint8_t> missing;
};

// Reads `window` of `view`, which is file.dataset() or made of it, and describes it in `info`. Beyond the picture
// itself (3 bytes a pixel, 4 with a mask) at most about 64 MiB of samples are held, and one strip or tile of the file
// where that is larger. Missing pixels become the mean of the others, except with `--stretch none`. Throws DecodeError.
RasterPicture read_raster(const RasterFile& file, GDALDataset& view, const Window& window, const TiffTags& tags,
                          const ReadOptions& options, ReadInfo& info);

}  // namespace ccx::image
