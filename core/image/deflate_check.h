// The checksums of a TIFF's Deflate data, which libtiff does not always look at.
#pragma once

#include "core/image/raster_file.h"

namespace ccx::image {

// Every strip and tile of a Deflate-compressed TIFF that `window` touches must be whole and have the right checksum.
// libtiff demands it only of data that give no more bytes than a strip needs: after a changed bit they often give more,
// and the picture is wrong from there on. Does nothing for files of other kinds. Throws DecodeError.
void check_deflate(const RasterFile& file, const Window& window);

}  // namespace ccx::image
