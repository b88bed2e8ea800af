// Splitting a run over machines (shard.h).
#include "core/records/shard.h"

#include <charconv>

#include "core/base/error.h"
#include "core/pairs/naming/names.h"

namespace ccx::records {
namespace {

std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Shard shard_of_job_array(const Environment& environment) {
  const auto variable = [&](const char* name, std::optional<uint64_t> otherwise) {
    const char* text = environment(name);
    const auto value = text == nullptr ? otherwise : whole_number(text);
    if (!value) {
      throw UsageError(std::string("--shard auto needs ") + name +
                       (text == nullptr ? ", which is not set" : " to be a number") +
                       ": run it in a SLURM job array, or name the shard as i/n");
    }
    return *value;
  };
  const uint64_t id = variable("SLURM_ARRAY_TASK_ID", std::nullopt);
  const uint64_t count = variable("SLURM_ARRAY_TASK_COUNT", std::nullopt);
  const uint64_t first = variable("SLURM_ARRAY_TASK_MIN", 0);
  const uint64_t step = variable("SLURM_ARRAY_TASK_STEP", 1);
  const bool is_regular = step > 0 && id >= first && (id - first) % step == 0 && (id - first) / step < count;
  if (!is_regular) {
    throw UsageError("--shard auto cannot number the tasks of this job array (task " + std::to_string(id) + " of " +
                     std::to_string(count) + " from " + std::to_string(first) + "): use an array as 0-7");
  }
  return {(id - first) / step, count, false};
}

}  // namespace

bool Shard::holds(std::string_view id) const {
  return count <= 1 || pairs::stable_hash(id) % count == index;
}

Shard parse_shard(const std::string& text, const Environment& environment) {
  if (text == "auto") return shard_of_job_array(environment);
  const std::size_t slash = text.find('/');
  const auto index = whole_number(text.substr(0, slash));
  const auto count = slash == std::string::npos ? std::nullopt : whole_number(text.substr(slash + 1));
  if (!index || !count || *count == 0 || *index > *count) {
    throw UsageError("--shard " + text + ": expected i/n with i from 0 to n - 1 (or 1 to n), or auto");
  }
  return {*index % *count, *count, *index == *count};
}

std::string shard_text(const Shard& shard) {
  return std::to_string(shard.is_named_last ? shard.count : shard.index) + "/" + std::to_string(shard.count);
}

}  // namespace ccx::records
