// Several records of one pair: a row for each of its captions, a file's name in several places.
#pragma once

#include <cstddef>

#include "core/pairs/lists/list.h"

namespace ccx::pairs {

struct JoinedRecords {
  std::size_t with_captions = 0;
  std::size_t repeated = 0;  // that say nothing more
};

// Makes one pair of the records without an id that name the same two pictures in one split. Throws InputError where
// one is changed and another unchanged.
JoinedRecords join_unnamed(List& list);

// A file's name that several places have in one split is no id: the place is part of it, "beirut/1". Returns how many
// records are renamed.
std::size_t part_by_place(List& list);

// Joins the records of one id and the same pictures, each of which has some of its captions. Returns how many were
// added to another. Throws InputError likewise.
std::size_t join_records(List& list);

// Records whose two pictures are those of another with another id.
std::size_t count_under_other_ids(const List& list);

}  // namespace ccx::pairs
