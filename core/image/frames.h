// What an animated PNG or WebP holds beside the picture that is read, its first frame. Plain C++, shared with
// WebAssembly.
#pragma once

#include <string>
#include <string_view>

namespace ccx::image {

// ReadInfo's `page_note` of a whole file; empty for one that is not animated, and for other formats.
std::string frames_note(std::string_view file);

}  // namespace ccx::image
