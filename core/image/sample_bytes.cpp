#include "core/image/sample_bytes.h"

namespace ccx::image {
namespace {

bool is_usual_filling(double value) {
  return value == -9999 || value == -99999 || value == -32768 || value == -32767 || value <= -1e30;
}

}  // namespace

void find_levels(ReadInfo& info, const Stretch& stretch, int sensor_bits,
                 const std::function<void(ValueStatistics&)>& collect,
                 const std::function<void(double)>& take_as_missing) {
  const bool looks = needs_statistics(stretch, info.type);
  ValueStatistics found;
  if (looks) collect(found);
  if (take_as_missing && found.count() > 0 && is_usual_filling(found.least())) {
    // It would be black, and everything else white.
    take_as_missing(found.least());
    found = {};
    collect(found);
  }
  info.levels = levels_of(stretch, info.type, sensor_bits, found);
  if (info.levels && looks) info.is_nearly_one_value = is_nearly_one_value(*info.levels, info.type);
}

}  // namespace ccx::image
