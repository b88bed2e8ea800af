// The pixels of a JPEG through libjpeg, which says on the way whether its data were whole.
#pragma once

#include <string>

#include "core/image/container.h"
#include "core/image/image.h"

namespace ccx::image {

struct JpegPixels {
  Image image;
  int components = 3;  // 1 grey, 3 colour, 4 CMYK
  std::string doubt;   // as ReadInfo's
};

// `container`: what open_jpeg returned. The values are those of libjpeg's own settings, which Pillow and OpenCV have
// too. Throws DecodeError where the entropy-coded data end early or make no sense: libjpeg then fills the rest with
// grey.
JpegPixels jpeg_pixels(const Container& container);

}  // namespace ccx::image
