// One pair of a dataset before anything of it is read: where its pictures are, and its captions.
#pragma once

#include <cstdint>
#include <optional>

#include "core/pairs/lists/pair_set.h"

namespace ccx::train {

// A pair as any list gives it (core/pairs/lists), or a drawn one, whose paths are empty and whose captions come with
// the picture. Paths of pictures that are not there are kept: reading them fails with their name.
struct PairItem : pairs::AnnotatedPair {
  std::optional<uint64_t> scene_seed = std::nullopt;
  uint32_t scene_worlds = ~0u;  // which worlds it is drawn from, a scenes::WorldSet
  std::string kinds = {},
              label = {};  // the mask, by what its values mean (train/data/change_targets.h); empty where there is none
};

}  // namespace ccx::train
