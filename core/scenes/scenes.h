// Drawn pairs of overhead pictures with captions: the data that needs no download. Everything is a function of the
// seed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/scenes/maps.h"
#include "core/scenes/observation.h"
#include "core/scenes/style.h"

namespace ccx::scenes {

inline constexpr int kSmallestScene = 64, kLargestScene = 1024;  // pixels a side

struct SceneOptions {
  int size = 256;  // pixels a side, kSmallestScene to kLargestScene; the land shown is the same, 80 to 205 m
  float changed_share = 0.5f;   // chance that something happens
  float removed_share = 0.22f;  // chance that a story is told backwards: torn down instead of built
  int map_cells = 0;            // cells a side of Pair::maps, a divisor of `size`; 0: no maps
  WorldSet worlds = kAllWorlds;
};

// Throws UsageError naming what is out of range.
void require_valid(const SceneOptions& options);

// A pair without a change has five stock sentences; a changed one five sentences that say what, how much and where.
using Sentences = std::array<std::string, 5>;

struct Pair {
  image::Image before;
  image::Image after;
  std::vector<uint8_t> mask;  // size x size: kMaskBuilding, kMaskOther or 0
  std::vector<uint8_t> gone;  // size x size: 1 where what the mask shows stood before and went
  // size x size, values of ccx::ChangeKind; and what it is with the dates exchanged.
  std::vector<uint8_t> kinds, kinds_turned;
  bool changed = false;
  Sentences sentences;
  describe::Facts facts;
  std::optional<Maps> maps;  // where asked for
  uint64_t seed = 0;
  WorldName world = WorldName::kTexas;
};

// One pair. The same seed and options give the same bytes on every machine. Thread-safe. Throws UsageError for options
// out of range.
Pair generate(uint64_t seed, const SceneOptions& options = {});

// The same pair with its dates exchanged and its sentences turned: what was built is now removed.
Pair turned(Pair pair);

// The seed of pair `index` of a split of a data set drawn with `seed`. Splits ("train", "val", "test" or another name)
// never share a seed.
uint64_t pair_seed(uint64_t seed, const std::string& split, uint64_t index);

}  // namespace ccx::scenes
