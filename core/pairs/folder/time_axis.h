// Pictures whose names differ only in what may be a time: which of the differences is the time, and which are places.
#pragma once

#include <cstddef>
#include <vector>

#include "core/pairs/naming/markers.h"

namespace ccx::pairs {

struct Reading {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t time = kNone;    // the slot that tells the time; kNone: no slot does
  std::vector<bool> is_place;  // slots that tell places apart; they and those that are equal in all names stay in ids
  std::vector<bool> varies;    // slots that are not equal in all names
  // The pictures of each place by rising time; a place may have one picture alone.
  std::vector<std::vector<std::size_t>> places;
  // A slot of the places that may be the time as well: the names could be read the other way.
  std::size_t rival = kNone;
  bool contradicts_dates = false;  // a role says "before" of the later date
};

// Of names that hold several dates each, which of these differs from name to name: the others, as of a survey or of
// processing, tell nothing. names: the slots of each picture, all of the same kinds.
void choose_dates(std::vector<std::vector<Slot>>& names);

// Of names among which T0 or T1 stands beside T-1: there the line is a minus, and the number is negative. Returns
// whether it stands in all of them, T-1 and T-2, so that nothing tells; it is none then.
bool choose_signs(std::vector<std::vector<Slot>>& names);

// names: the slots of each picture, all of the same kinds; no two are equal in all values. Roles are believed before
// dates, words before numbers and letters, folders before files, and a reading must leave no more than half of the
// pictures alone.
Reading read_group(const std::vector<std::vector<Slot>>& names);

// Whether these values of a slot, each once and rising, can be times at all: a and b but not a, b, c; img1 and img2 but
// not img3 and img7.
bool may_be_times(SlotKind kind, const std::vector<int64_t>& values);

}  // namespace ccx::pairs
