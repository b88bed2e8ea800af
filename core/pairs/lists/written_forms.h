// The text of a list of pairs in each form that ccx writes. Paths and splits are written as the pairs have them.
#pragma once

#include <string>
#include <vector>

#include "core/pairs/lists/pair_set.h"

namespace ccx::pairs {

// LEVIR-CC's captions file; names: of each pair's pictures, without folder.
std::string levir_list(const std::vector<AnnotatedPair>& pairs, const std::vector<std::string>& names);
std::string universal_list(const std::vector<AnnotatedPair>& pairs);
std::string coco_list(const std::vector<AnnotatedPair>& pairs, const std::vector<std::string>& names);
std::string json_lines(const std::vector<AnnotatedPair>& pairs);

}  // namespace ccx::pairs
