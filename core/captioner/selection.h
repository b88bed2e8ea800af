// Which pairs a job is about.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/pairs.h"
#include "core/records/shard.h"

namespace ccx::captioner {

// The pairs that a job would caption, and notes about them.
struct Selection {
  std::vector<pairs::Pair> pairs;
  pairs::Layout layout = pairs::Layout::kAuto;
  std::size_t input_pairs = 0;  // before the shard was taken
  std::string input_ids;        // their digest (run_info.h)
  std::vector<std::string> notes;
};
Selection select_pairs(const pairs::PairSource& source, std::optional<std::size_t> limit, const records::Shard& shard);

}  // namespace ccx::captioner
