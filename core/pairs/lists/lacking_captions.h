// Predictions with no caption, or with more around it than the caption.
#pragma once

#include <cstddef>
#include <string>

#include "core/pairs/lists/list.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::pairs {

// Captions that are null or nan, in a record or in a cell.
struct LackingCaptions {
  std::string key;  // of the captions before
  std::size_t null = 0;
  std::string null_example;  // the place of the first
};

// The error of a record whose caption is null, under `key` or where the records before have theirs: it fails as one
// with "error" does. Throws InputError for a record without any caption.
std::string error_without_caption(const std::string& key, const ListRow& row, LackingCaptions& lacking);

// Leaves out what programs put around captions (caption_marks.h); says so, and what captions are missing or empty.
// Throws InputError naming `name` where all are missing.
void look_over(PredictionList& list, const LackingCaptions& lacking, const std::string& name);

}  // namespace ccx::pairs
