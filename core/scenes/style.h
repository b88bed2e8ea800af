// The worlds that scenes are drawn from: how land, houses and streets look and lie in one part of the earth. They
// differ in what a network could learn by heart, so that leaving one out of training tests whether it learnt to see
// change.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/base/random.h"
#include "core/scenes/canvas.h"

namespace ccx::scenes {

// Texas: what LEVIR-CC shows. The others are made up of what is common in such places.
enum class WorldName : uint8_t { kTexas, kFarmland, kDesert, kRedSoil, kNorthern };
inline constexpr int kWorldNames = 5;
inline constexpr std::array<const char*, kWorldNames> kWorldNameTexts = {"texas", "farmland", "desert", "redsoil",
                                                                         "northern"};

// A set of worlds, one bit each by its number.
using WorldSet = uint32_t;
inline constexpr WorldSet kAllWorlds = (1u << kWorldNames) - 1;

// "all", "texas", "texas,desert" (or with +), or all but some: "all-desert", "all-desert-texas". Throws UsageError.
WorldSet parse_worlds(const std::string& text);
std::string to_string(WorldSet worlds);  // "all" or names with commas

// Colours are moved towards a target of their own brightness by a share.
struct Tint {
  Colour towards;
  float share = 0.0f;
};

// Lengths in half metres.
struct Style {
  WorldName name = WorldName::kTexas;
  // Colour.
  Tint grass, green, soil, roof, leaves;
  float ground_light = 1.0f;  // of grass and soil
  // Land. Odds of forest, woodland, scrub, meadow are multiplied; the share of parcels that are fields; lakes.
  std::array<float, 4> wild{1.0f, 1.0f, 1.0f, 1.0f};
  float fields = 0.1f;
  float lakes = 0.05f;
  std::array<float, 4> trees{1.0f, 1.0f, 1.0f, 1.0f};  // by TreeKind, times the planner's own
  float leafless = 1.0f;                               // times the chance that a date is leafless
  // What one pixel of a 256 picture may show, in half metres: the picture's side over 256.
  float finest = 0.72f, coarsest = 1.35f;
  // Houses. Sizes against a Texan suburb's; chance of hipped roofs; odds of shingle, tile, metal, white.
  float house = 1.0f;
  float hips = 0.75f;
  std::array<float, 4> roofs{0.86f, 0.07f, 0.05f, 0.02f};
  float two_storeys = 0.3f;
  float flat_roofs = 0.0f;
  float lawns = 1.0f, fences = 1.0f, pools = 1.0f, garden_trees = 1.0f;
  float dirt_streets = 0.0f;  // streets of a suburb that are dirt at both dates
  float kerbs = 1.0f;
  float flats = 0.05f;  // share of large buildings that are blocks of flats
};

const Style& style_of(WorldName name);

// One of the set, in proportion to the shares of the worlds: texas 40, farmland 17, desert 12, redsoil 13, northern 18.
WorldName draw_world_name(Rng& rng, WorldSet worlds);

}  // namespace ccx::scenes
