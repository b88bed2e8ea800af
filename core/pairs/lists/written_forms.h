// The text of a list of pairs in each form that ccx writes. Paths and splits are written as the pairs have them.
#pragma once

#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::pairs {

// LEVIR-CC's captions file; names: of each pair's pictures, without folder.
std::string levir_list(const std::vector<Pair>& pairs, const std::vector<std::string>& names);
std::string universal_list(const std::vector<Pair>& pairs);
std::string coco_list(const std::vector<Pair>& pairs, const std::vector<std::string>& names);
std::string json_lines(const std::vector<Pair>& pairs);

}  // namespace ccx::pairs
