#include "core/scenes/style.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/base/joined.h"

namespace ccx::scenes {

namespace {

constexpr std::array<float, kWorldNames> kShares = {0.40f, 0.17f, 0.12f, 0.13f, 0.18f};

// Over 60 lines: a table, one row after the other of what a world has other than Texas.
std::array<Style, kWorldNames> make_styles() {
  std::array<Style, kWorldNames> styles;

  Style& texas = styles[0];
  texas.name = WorldName::kTexas;

  Style& farmland = styles[1];  // western Europe: parcels, tile roofs, villages
  farmland.name = WorldName::kFarmland;
  farmland.grass = {{118, 128, 78}, 0.6f};
  farmland.green = {{86, 122, 56}, 0.5f};
  farmland.soil = {{158, 136, 108}, 0.5f};
  farmland.roof = {{150, 92, 70}, 0.25f};
  farmland.leaves = {{64, 96, 48}, 0.45f};
  farmland.wild = {0.7f, 0.8f, 0.3f, 2.2f};
  farmland.fields = 0.75f;
  farmland.lakes = 0.06f;
  farmland.trees = {0.5f, 0.1f, 3.0f, 0.8f};
  farmland.leafless = 1.2f;
  farmland.finest = 0.62f, farmland.coarsest = 1.5f;
  farmland.house = 0.74f;
  farmland.hips = 0.3f;
  farmland.roofs = {0.3f, 0.58f, 0.08f, 0.04f};
  farmland.two_storeys = 0.6f;
  farmland.fences = 0.4f, farmland.pools = 0.7f, farmland.garden_trees = 1.3f;
  farmland.flats = 0.35f;

  Style& desert = styles[2];  // pale soil, flat and tiled roofs, walls, few trees
  desert.name = WorldName::kDesert;
  desert.grass = {{188, 160, 122}, 0.75f};
  desert.green = {{150, 140, 104}, 0.6f};
  desert.soil = {{204, 176, 138}, 0.6f};
  desert.roof = {{176, 150, 124}, 0.5f};
  desert.leaves = {{92, 98, 70}, 0.5f};
  desert.ground_light = 1.12f;
  desert.wild = {0.05f, 0.3f, 1.6f, 2.2f};
  desert.fields = 0.08f;
  desert.lakes = 0.02f;
  desert.trees = {0.7f, 0.3f, 0.2f, 2.5f};
  desert.leafless = 0.1f;
  desert.finest = 0.66f, desert.coarsest = 1.6f;
  desert.house = 0.92f;
  desert.hips = 0.55f;
  desert.roofs = {0.25f, 0.5f, 0.03f, 0.22f};
  desert.two_storeys = 0.25f;
  desert.flat_roofs = 0.4f;
  desert.lawns = 0.3f, desert.fences = 1.2f, desert.pools = 2.2f, desert.garden_trees = 0.5f;
  desert.flats = 0.2f;

  Style& red_soil = styles[3];  // laterite, metal roofs, dirt streets, houses close together
  red_soil.name = WorldName::kRedSoil;
  red_soil.grass = {{136, 120, 78}, 0.5f};
  red_soil.green = {{82, 112, 60}, 0.5f};
  red_soil.soil = {{178, 106, 72}, 0.75f};
  red_soil.roof = {{150, 140, 134}, 0.4f};
  red_soil.leaves = {{58, 92, 46}, 0.4f};
  red_soil.wild = {0.9f, 0.9f, 1.4f, 0.9f};
  red_soil.fields = 0.3f;
  red_soil.lakes = 0.04f;
  red_soil.trees = {1.0f, 0.2f, 0.8f, 1.6f};
  red_soil.leafless = 0.3f;
  red_soil.finest = 0.62f, red_soil.coarsest = 1.35f;
  red_soil.house = 0.6f;
  red_soil.hips = 0.35f;
  red_soil.roofs = {0.12f, 0.2f, 0.55f, 0.13f};
  red_soil.two_storeys = 0.1f;
  red_soil.flat_roofs = 0.15f;
  red_soil.lawns = 0.25f, red_soil.fences = 0.6f, red_soil.pools = 0.15f, red_soil.garden_trees = 1.2f;
  red_soil.dirt_streets = 0.55f, red_soil.kerbs = 0.4f;
  red_soil.flats = 0.1f;

  Style& northern = styles[4];  // conifers, lakes, dark roofs, large gardens
  northern.name = WorldName::kNorthern;
  northern.grass = {{104, 112, 76}, 0.5f};
  northern.green = {{74, 104, 58}, 0.5f};
  northern.soil = {{150, 138, 124}, 0.5f};
  northern.roof = {{84, 82, 86}, 0.4f};
  northern.leaves = {{50, 76, 54}, 0.5f};
  northern.wild = {1.8f, 1.3f, 0.4f, 0.8f};
  northern.fields = 0.2f;
  northern.lakes = 0.22f;
  northern.trees = {0.2f, 2.2f, 1.6f, 0.5f};
  northern.leafless = 1.3f;
  northern.finest = 0.62f, northern.coarsest = 1.6f;
  northern.house = 0.82f;
  northern.hips = 0.25f;
  northern.roofs = {0.6f, 0.22f, 0.14f, 0.04f};
  northern.two_storeys = 0.5f;
  northern.fences = 0.25f, northern.pools = 0.25f, northern.garden_trees = 1.8f;
  northern.dirt_streets = 0.12f, northern.kerbs = 0.6f;
  northern.flats = 0.3f;
  return styles;
}

}  // namespace

const Style& style_of(WorldName name) {
  static const std::array<Style, kWorldNames> kStyles = make_styles();
  return kStyles[static_cast<size_t>(name)];
}

WorldName draw_world_name(Rng& rng, WorldSet worlds) {
  float total = 0.0f;
  for (int i = 0; i < kWorldNames; ++i) total += (worlds >> i & 1u) != 0 ? kShares[static_cast<size_t>(i)] : 0.0f;
  float at = rng.uniform() * total;
  int last = 0;
  for (int i = 0; i < kWorldNames; ++i) {
    if ((worlds >> i & 1u) == 0) continue;
    last = i;
    if (at < kShares[static_cast<size_t>(i)]) break;
    at -= kShares[static_cast<size_t>(i)];
  }
  return static_cast<WorldName>(last);
}

WorldSet parse_worlds(const std::string& text) {
  const auto fail = [&](const std::string& name) {
    return UsageError("no world \"" + name + "\" in \"" + text + "\"; worlds are " +
                      joined_text(kWorldNameTexts, ", ") +
                      ": name one or several (texas,desert), all, or all but some (all-desert)");
  };
  const auto bit = [&](const std::string& name) -> WorldSet {
    for (size_t i = 0; i < kWorldNameTexts.size(); ++i) {
      if (name == kWorldNameTexts[i]) return 1u << i;
    }
    throw fail(name);
  };
  const bool all = text.rfind("all", 0) == 0;
  if (text == "all") return kAllWorlds;
  const char separator = all ? '-' : ',';
  WorldSet set = all ? kAllWorlds : 0;
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator || (!all && c == '+')) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (size_t i = all ? 1 : 0; i < parts.size(); ++i) set = all ? set & ~bit(parts[i]) : set | bit(parts[i]);
  if ((all && parts[0] != "all") || set == 0) throw fail(all ? parts[0] : text);
  return set;
}

std::string to_string(WorldSet worlds) {
  if (worlds == kAllWorlds) return "all";
  std::string text;
  for (size_t i = 0; i < kWorldNameTexts.size(); ++i) {
    if ((worlds >> i & 1u) != 0) text += (text.empty() ? "" : ",") + std::string(kWorldNameTexts[i]);
  }
  return text;
}

}  // namespace ccx::scenes
