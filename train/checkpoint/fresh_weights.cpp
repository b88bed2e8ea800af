#include "train/checkpoint/fresh_weights.h"

#include <cmath>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/model/difference.h"
#include "core/model/names.h"
#include "core/model/parts.h"
#include "train/checkpoint/patch_filters.h"

namespace ccx::train {

void FreshWeights::make(const std::string& name, const Shape& shape, std::vector<float>& values) const {
  const size_t count = values.size();
  Random random(derive_seed(seed_, fnv1a(name)));
  const auto in = static_cast<double>(shape.size() > 1 ? static_cast<int64_t>(count) / shape[0] : 1);
  const auto out = static_cast<double>(shape[0]);
  const bool table = model::is_table(name);
  const bool head = model::part_of(name) == model::Part::kChangeHead;
  if (model::is_kinds_bias(name)) {
    values[0] = 5.0f;  // most of a picture is unchanged
  } else if (model::is_added_context(name)) {
    // Nothing until it is trained.
  } else if (scaled_ && model::is_patch_filter(name)) {
    values = patch_filters(shape[0], shape[3]);
  } else if (scaled_ && model::is_place_table(name)) {
    // Where a token lies, legible from the first step.
    const auto grid = static_cast<int>(std::lround(std::sqrt(static_cast<double>(shape[0]))));
    if (shape[1] % 2 == 0 && static_cast<int64_t>(grid) * grid == shape[0]) {
      values = model::sine_position_code(grid, static_cast<int>(shape[1]));
      for (float& value : values) value *= 0.5f;
    }
  } else if (model::is_joined_projection(name)) {
    const double limit = std::sqrt(6.0 / (in + out));
    for (float& value : values) value = static_cast<float>((2 * random.uniform() - 1) * limit);
  } else if (shape.size() > 1) {
    // The head starts low: a tower's features are as large as they come.
    const bool convolution = shape.size() == 4 && !model::is_patch_filter(name);
    const double deviation = head                ? std::sqrt(1.0 / (3.0 * in))
                             : convolution       ? std::sqrt(2.0 / in)
                             : scaled_ && !table ? std::sqrt(2.0 / (in + out))
                                                 : 0.02;
    for (size_t i = 0; i < count; i += 2) {
      const auto [first, second] = random.normal_pair();
      values[i] = static_cast<float>(first * deviation);
      if (i + 1 < count) values[i + 1] = static_cast<float>(second * deviation);
    }
  } else if (name.ends_with(".weight")) {
    values.assign(count, 1.0f);  // the scale of a norm
  }
}

}  // namespace ccx::train
