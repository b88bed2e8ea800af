// What the virtual rasters of a folder are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

struct VrtSources {
  std::vector<std::string> paths;  // as the text has them, those relative to the file's folder alone
  bool is_mosaic = false;          // a band takes several: pictures beside each other, that may be meant themselves
};

// Of the text of a .vrt; nothing of what is none.
VrtSources vrt_sources(std::string_view text);

}  // namespace ccx::pairs
