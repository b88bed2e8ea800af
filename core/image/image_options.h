// The options that say how pictures are read.
#pragma once

#include "core/image/read_options.h"
#include "core/options/option_set.h"

namespace ccx::image {

// --bands and --stretch.
void declare_image_options(options::OptionSet& options, ReadOptions& images);

}  // namespace ccx::image
