// Masks as COCO's run lengths, which pycocotools and most tools of the field read.
#pragma once

#include <string>
#include <vector>

#include "core/change/change_map.h"

namespace ccx::change {

// Run lengths of the pixels of one kind, column by column from the left, beginning with pixels that are not of it.
// Their sum is width * height; a mask without such pixels is one run.
std::vector<unsigned> run_lengths(const KindMask& mask, ChangeKind kind);

// The compressed form of COCO's "counts": from the third run on each length is written as its difference from the one
// two before, in groups of five bits, the least first, a sixth bit saying that more follow, plus 48: printable ASCII.
std::string coco_counts(const std::vector<unsigned>& lengths);

}  // namespace ccx::change
