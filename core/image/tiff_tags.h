// The tags of a TIFF that GDAL does not tell of, or tells otherwise than PIL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "core/image/source.h"

namespace ccx::image {

// Up to `count` bytes from `offset`; fewer at the file's end.
using Fetch = std::function<std::string(uint64_t offset, std::size_t count)>;

// Those of the first directory. Throws DecodeError for a tag that was cut off (GDAL would go on without it, and show a
// palette's numbers as greys) and for colours that GDAL would hand out as if they were red, green and blue.
TiffTags tiff_tags(const Fetch& fetch);

}  // namespace ccx::image
