// Records that are counted: numbers that are ids where nothing else is, and sums below a table.
#pragma once

#include <cstddef>

#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// Makes the records' numbers their ids where none has an id, all have two pictures and a number, and no two share
// either.
void take_numbers_for_ids(List& list);

// Whether a row names no picture and says "Total: 12" or the like, in any of its cells, and nothing else but numbers.
bool is_sum(const ListRow& row);

}  // namespace ccx::pairs
