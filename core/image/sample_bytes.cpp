#include "core/image/sample_bytes.h"

namespace ccx::image {

std::optional<double> usual_filling(const ValueStatistics& found) {
  if (found.count() == 0) return std::nullopt;
  const double least = found.least();
  const bool is_usual = least == -9999 || least == -99999 || least == -32768 || least == -32767 || least <= -1e30;
  return is_usual ? std::optional(least) : std::nullopt;
}

void find_levels(ReadInfo& info, const Stretch& stretch, int sensor_bits,
                 const std::function<void(ValueStatistics&)>& collect,
                 const std::function<bool(const ValueStatistics&)>& find_gaps) {
  const bool looks = needs_statistics(stretch, info.type);
  ValueStatistics found;
  if (looks || is_deep(info.type)) {
    collect(found);
    // They would be black, and everything else white.
    for (int tries = 0; tries < 3 && find_gaps(found); ++tries) {
      found = {};
      collect(found);
    }
  }
  info.levels = levels_of(stretch, info.type, sensor_bits, found);
  if (info.levels && looks) info.is_nearly_one_value = is_nearly_one_value(*info.levels, info.type);
}

}  // namespace ccx::image
