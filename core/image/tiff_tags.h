// The tags of a TIFF that GDAL does not tell of, or tells otherwise than PIL.
#pragma once

#include "core/image/source.h"
#include "core/image/tiff_directory.h"

namespace ccx::image {

// Those of the page that is the picture. Throws DecodeError for a tag that was cut off (GDAL would go on without it,
// and show a palette's numbers as greys) and for colours that GDAL would hand out as if they were red, green and blue.
TiffTags tiff_tags(const Fetch& fetch);

}  // namespace ccx::image
