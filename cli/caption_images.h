// What stands without an option behind `ccx caption`: two images or two folders, or one input.
#pragma once

#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::cli {

// Adds it to what --in, --before and --after name. Throws UsageError where there is nothing, too much, or one picture
// where two are needed.
void take_images(const std::vector<std::string>& images, pairs::PairSource& source);

}  // namespace ccx::cli
