// One pair of a dataset before anything of it is read: where its pictures are, and its captions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ccx::train {

struct PairItem {
  std::string id;
  std::filesystem::path before, after;   // empty where the pair is drawn
  std::filesystem::path kinds, label;    // change masks (train/data/change_targets.h); empty where there are none
  std::optional<uint64_t> scene_seed;    // of a drawn pair, whose captions come with the picture
  uint32_t scene_worlds = ~0u;           // which worlds it is drawn from, a scenes::WorldSet
  std::vector<std::string> captions;
  std::optional<bool> changed;           // what the dataset says; unset where it says nothing
  std::string split;                     // "train", "val", "test"; empty where the dataset knows none
};

}  // namespace ccx::train
