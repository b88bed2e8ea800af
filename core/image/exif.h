// What a JPEG, PNG or WebP file says of how its picture is to be turned. Plain C++, shared with WebAssembly.
#pragma once

#include <string_view>

namespace ccx::image {

// EXIF's 1 to 8 (1 as it lies, 2 mirrored, 3 half round, 4 upside down, 5 to 8 on its side) of a whole file, or of one
// whose first bytes hold all that stands before a JPEG's pixels; 1 where it says nothing that can be read.
int exif_orientation(std::string_view file);

}  // namespace ccx::image
