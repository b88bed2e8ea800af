// Puts a pair together: a place, a story, two looks, the captions.
#include "core/scenes/scenes.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/describe/captions.h"
#include "core/scenes/render.h"
#include "core/scenes/scenario.h"

namespace ccx::scenes {

namespace {

// Streams of a pair's random numbers. Numbers are part of the format: changing one changes every data set.
enum Stream : uint64_t {
  kPlan = 1,
  kWorld = 16,
  kLookBefore = 2,
  kLookAfter = 3,
  kDrawBefore = 4,
  kDrawAfter = 5,
  kWords = 6
};

PlaceKind draw_place(Rng& rng, bool changed) {
  return static_cast<PlaceKind>(changed ? rng.pick({0.62f, 0.25f, 0.08f, 0.05f})
                                        : rng.pick({0.44f, 0.43f, 0.08f, 0.05f}));
}

// Most of Texas is seen at half a metre a pixel, as in LEVIR-CC.
float draw_extent(Rng& rng, const Style& style) {
  const bool usual = rng.chance(style.name == WorldName::kTexas ? 0.8f : 0.4f);
  return 256.0f * (usual ? rng.range(0.86f, 1.08f) : rng.range(style.finest, style.coarsest));
}

}  // namespace

void require_valid(const SceneOptions& options) {
  if (options.size < kSmallestScene || options.size > kLargestScene)
    throw UsageError("size of a scene must lie in 64..1024, not " + std::to_string(options.size));
  if (options.map_cells < 0 || (options.map_cells > 0 && options.size % options.map_cells != 0)) {
    throw UsageError("a map's cells must divide the picture's side of " + std::to_string(options.size) + ", which " +
                     std::to_string(options.map_cells) + " do not");
  }
  if ((options.worlds & kAllWorlds) == 0) throw UsageError("scenes need at least one world to be drawn from");
  for (const float share : {options.changed_share, options.removed_share}) {
    if (!(share >= 0.0f && share <= 1.0f)) throw UsageError("a share must lie in 0..1, not " + std::to_string(share));
  }
}

Pair generate(uint64_t seed, const SceneOptions& options) {
  require_valid(options);
  const Rng key(seed);
  Rng plan = key.fork(kPlan);
  const bool wanted = plan.chance(options.changed_share);
  const bool backwards = plan.chance(options.removed_share);
  const Style& style = style_of(draw_world_name(plan, options.worlds));
  const Appearance before = draw_appearance(key.fork(kLookBefore), false, style);
  const Appearance after = draw_appearance(key.fork(kLookAfter), true, style);

  // A story can fail to show (no room, all of it outside of the picture): then another one is told.
  World world;
  Observation seen;
  for (uint64_t attempt = 0; attempt < 24; ++attempt) {
    const PlaceKind place = draw_place(plan, wanted);
    world = draw_world(key.fork(kWorld + attempt), place, wanted, draw_extent(plan, style), style);
    if (backwards) reverse(world);
    seen = observe(world, options.size, {before.shift, after.shift}, {before.lean, after.lean});
    if (seen.facts.changed() == wanted) break;
  }

  Pair pair;
  pair.seed = seed;
  pair.world = style.name;
  pair.changed = seen.facts.changed();
  const auto draw = [&](int date, const Appearance& look, uint64_t stream) {
    return image::Image{options.size, options.size, render(world, date, look, options.size, key.fork(stream))};
  };
  pair.before = draw(0, before, kDrawBefore);
  pair.after = draw(1, after, kDrawAfter);
  if (options.map_cells > 0) {
    pair.maps = draw_maps(world, seen.mask, seen.gone, options.size, options.map_cells, {before.shift, after.shift},
                          {before.lean, after.lean});
  }
  pair.mask = std::move(seen.mask);
  pair.gone = std::move(seen.gone);
  pair.kinds = std::move(seen.kinds);
  pair.kinds_turned = std::move(seen.kinds_turned);
  pair.sentences = describe::describe(seen.facts, key.fork(kWords));
  pair.facts = std::move(seen.facts);
  return pair;
}

Pair turned(Pair pair) {
  std::swap(pair.before, pair.after);
  for (size_t i = 0; i < pair.mask.size(); ++i) pair.gone[i] = pair.mask[i] != 0 && pair.gone[i] == 0 ? 1 : 0;
  std::swap(pair.kinds, pair.kinds_turned);
  if (pair.maps) pair.maps = turned(std::move(*pair.maps));
  pair.facts = turned(std::move(pair.facts));
  pair.sentences = describe::describe(pair.facts, Rng(pair.seed).fork(kWords));
  return pair;
}

uint64_t pair_seed(uint64_t seed, const std::string& split, uint64_t index) {
  // FNV-1a of the split's name picks one of 2^16 blocks of 2^48 pairs.
  const uint64_t hash = fnv1a(split);
  const uint64_t block = (hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48)) & 0xFFFFull;
  return (block << 48 | (index & 0xFFFFFFFFFFFFull)) ^ (seed * kGoldenGamma);
}

}  // namespace ccx::scenes
