// Splitting a run over machines: exact parts of a list of pairs by a stable hash of the id.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ccx::records {

// A pair belongs to the shard whose index is stable_hash(id) modulo count (names.h): it depends on nothing but the id.
struct Shard {
  uint64_t index = 0;  // 0 .. count - 1
  uint64_t count = 1;
  bool is_named_last = false;  // shard 0 that was typed as n/n, and is told so
  bool holds(std::string_view id) const;
  friend bool operator==(const Shard& a, const Shard& b) { return a.index == b.index && a.count == b.count; }
};

// Reads an environment variable; nullptr when it is not set.
using Environment = std::function<const char*(const char* name)>;

// "i/n" with i from 0 to n, where n/n is 0/n: counting from 0 or from 1 are both exact partitions. "auto" takes
// SLURM_ARRAY_TASK_ID, _COUNT, _MIN and _STEP of a job array. Throws UsageError saying what is wrong.
Shard parse_shard(const std::string& text, const Environment& environment);

// As it was typed: "2/8", "8/8".
std::string shard_text(const Shard& shard);

}  // namespace ccx::records
