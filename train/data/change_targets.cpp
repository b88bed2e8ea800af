#include "train/data/change_targets.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/model/change_head.h"

namespace ccx::train {

ChangeMask load_change_mask(const std::filesystem::path& path, ChangeMask::Form form) {
  const image::Image picture = image::load_image(path);
  ChangeMask mask{form, picture.width, picture.height, std::vector<uint8_t>(picture.rgb.size() / 3)};
  for (size_t i = 0; i < mask.values.size(); ++i) {
    mask.values[i] = picture.rgb[3 * i];
    if (form == ChangeMask::Form::kKinds && mask.values[i] >= model::kChangeKinds) {
      throw InputError(path.string() + " holds the value " + std::to_string(mask.values[i]) +
                       ", which is no kind of change; they are 0 to " + std::to_string(model::kChangeKinds - 1));
    }
  }
  return mask;
}

ChangeTargets change_targets(const ChangeMask& mask, const ChangeGrid& grid, bool changed) {
  ChangeTargets targets;
  targets.form = mask.form;
  targets.changed = changed;
  if (mask.form == ChangeMask::Form::kNone) return targets;
  const auto channel = [&](uint8_t value) -> size_t {
    if (mask.form == ChangeMask::Form::kKinds) return value;
    return value == 0 ? 0 : value == 255 ? 1 : 2;
  };
  const size_t channels = mask.form == ChangeMask::Form::kKinds ? model::kChangeKinds : 3;
  const auto cells = static_cast<size_t>(grid.cells);
  targets.shares.assign(channels * cells * cells, 0.0f);
  const float share = 1.0f / static_cast<float>(grid.pixels * grid.pixels);
  // The nearest pixel of the mask under the centre of each of the picture's.
  const auto source = [&](int at, int size) { return std::min(size - 1, (2 * at + 1) * size / (2 * grid.image_size)); };
  for (int y = 0; y < grid.cells * grid.pixels; ++y) {
    const uint8_t* row = &mask.values[static_cast<size_t>(source(y, mask.height)) * static_cast<size_t>(mask.width)];
    for (int x = 0; x < grid.cells * grid.pixels; ++x) {
      const size_t cell = static_cast<size_t>(y / grid.pixels) * cells + static_cast<size_t>(x / grid.pixels);
      targets.shares[channel(row[source(x, mask.width)]) * cells * cells + cell] += share;
    }
  }
  return targets;
}

}  // namespace ccx::train
