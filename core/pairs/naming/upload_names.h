// What tools for labels add to the names of pictures that are uploaded or exported: Roboflow and Label Studio. No file
// system.
#pragma once

#include <string_view>

namespace ccx::pairs {

// A name (without extension) as it was before: "scene1_A" of "scene1_A_png.rf.0a1b2c3d4e5f60718293a4b5c6d7e8f9" and
// "tile1_before" of "0a1b2c3d-tile1_before"; other names as they are. `hash` is what was taken away.
std::string_view without_upload_hash(std::string_view stem, std::string_view* hash = nullptr);

}  // namespace ccx::pairs
