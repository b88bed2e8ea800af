// Which files of a folder belong together, by their names alone: the rules of `ccx caption`.
#pragma once

#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::wasm {

// names: relative to the folder, with '/'. The pairs' paths are names of the list, empty where an image is missing.
// Throws InputError where no pair is found or an id occurs twice.
pairs::PairList find_pairs_by_name(const std::vector<std::string>& names);

}  // namespace ccx::wasm
