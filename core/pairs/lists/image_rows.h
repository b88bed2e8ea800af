// Lists with a row for each image: its place in one column, its date or role in another.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// Puts the images of a place together where every record names one image, when it was taken (ListedPair::time) and, by
// ListedPair::group or an id that several share, of which place; other lists stay as they are. Returns how many images
// were put together, 0 where the list is none of this kind. Throws InputError, naming the place, where one has three
// images or more, or two of one time.
std::size_t pair_image_rows(List& list);

}  // namespace ccx::pairs
