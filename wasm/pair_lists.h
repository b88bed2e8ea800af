// Pairs that a list names, among the files that somebody gave with it: lists of every form that `ccx caption` reads.
#pragma once

#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::wasm {

// names: of all files, relative to one folder, with '/'; list: the name of the list among them; text: its bytes. The
// pairs' paths are names, empty where an image is missing. Throws InputError as pairs::read_pair_set() does.
pairs::PairList find_pairs_in_list(const std::vector<std::string>& names, const std::string& list,
                                   const std::string& text);

}  // namespace ccx::wasm
