// A pair as the trainer gets it: the same bytes for a seed, a mask that agrees with the flag, two dates that differ.
#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/scenes/scenes.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::scenes;

namespace {

uint64_t hash(const std::vector<uint8_t>& bytes, uint64_t h = 0xCBF29CE484222325ull) {
  for (const uint8_t byte : bytes) h = (h ^ byte) * 0x100000001B3ull;
  return h;
}

uint64_t hash(const Pair& pair) {
  uint64_t h = hash(pair.mask, hash(pair.after.rgb, hash(pair.before.rgb)));
  for (const std::string& sentence : pair.sentences) h = hash({sentence.begin(), sentence.end()}, h);
  return h;
}

}  // namespace

TEST_CASE("a seed gives the bytes it gave on the machine these values come from") {
  // Another compiler, optimiser or instruction set must not change a bit; whoever changes what scenes look like changes
  // these values too.
  CHECK(hash(generate(1)) == 0x0d94589a6064e35dull);
  CHECK(hash(generate(2)) == 0x4a08c9a0ae100ca5ull);
  CHECK(hash(generate(20261124)) == 0xcc436cd313ef2286ull);
  CHECK(hash(generate(7, {96, 1.0f, 1.0f})) == 0x9d463c407f8149a2ull);
}

TEST_CASE("generating in several threads gives the same pairs") {
  std::vector<uint64_t> alone(8), together(8);
  for (size_t i = 0; i < alone.size(); ++i) alone[i] = hash(generate(100 + i));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < together.size(); ++i) {
    threads.emplace_back([&together, i] { together[i] = hash(generate(100 + i)); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(alone == together);
}

TEST_CASE("the mask is empty exactly where nothing happened") {
  int changed = 0;
  for (uint64_t seed = 0; seed < 120; ++seed) {
    const Pair pair = generate(seed);
    const bool marked = std::any_of(pair.mask.begin(), pair.mask.end(), [](uint8_t m) { return m != 0; });
    CAPTURE(seed);
    CHECK(marked == pair.changed);
    CHECK(pair.facts.changed() == pair.changed);
    CHECK(std::all_of(pair.mask.begin(), pair.mask.end(),
                      [](uint8_t m) { return m == 0 || m == kMaskOther || m == kMaskBuilding; }));
    // Buildings are marked where the facts know of buildings.
    const bool building =
        std::any_of(pair.facts.changes.begin(), pair.facts.changes.end(), [](const describe::Change& c) {
          return c.kind == describe::ChangeKind::kHouses || c.kind == describe::ChangeKind::kLargeBuilding ||
                 c.kind == describe::ChangeKind::kExtension;
        });
    CHECK((std::count(pair.mask.begin(), pair.mask.end(), kMaskBuilding) > 0) == building);
    changed += pair.changed ? 1 : 0;
  }
  CHECK(changed > 40);  // about half: 60 of 120, four deviations are 22
  CHECK(changed < 80);
}

TEST_CASE("kinds agree with the mask, with what is told and with the order of the dates") {
  using Kind = ccx::ChangeKind;
  const auto told = [](const Pair& pair, auto&& of) {
    return std::any_of(pair.facts.changes.begin(), pair.facts.changes.end(), of);
  };
  const auto building = [](const describe::Change& c) {
    return c.kind == describe::ChangeKind::kHouses || c.kind == describe::ChangeKind::kLargeBuilding ||
           c.kind == describe::ChangeKind::kExtension;
  };
  int lost = 0;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    const Pair pair = generate(seed, {64, 0.7f, 0.4f});
    CAPTURE(seed);
    REQUIRE(pair.kinds.size() == pair.mask.size());
    const bool trees = std::abs(pair.facts.trees_lost) > describe::kTreesWorthAWord;
    bool agree = true, built = false, removed = false;
    for (size_t i = 0; i < pair.kinds.size(); ++i) {
      const auto kind = static_cast<Kind>(pair.kinds[i]);
      const bool is_building = kind == Kind::kBuildingBuilt || kind == Kind::kBuildingRemoved;
      built |= kind == Kind::kBuildingBuilt;
      removed |= kind == Kind::kBuildingRemoved;
      lost += kind == Kind::kVegetationLost ? 1 : 0;
      agree &= is_building == (pair.mask[i] == kMaskBuilding);
      agree &= !is_building || (kind == Kind::kBuildingRemoved) == (pair.gone[i] == 1);
      agree &= pair.mask[i] != kMaskOther || kind != Kind::kNone;
      // Only trees that went or came with something else are shown beyond the mask.
      agree &= pair.mask[i] != 0 || kind == Kind::kNone ||
               (trees && (kind == Kind::kVegetationLost || kind == Kind::kOther));
    }
    CHECK(agree);
    CHECK(built == told(pair, [&](const describe::Change& c) { return building(c) && c.added; }));
    CHECK(removed == told(pair, [&](const describe::Change& c) { return building(c) && !c.added; }));
    const Pair back = turned(pair);
    CHECK(turned(back).kinds == pair.kinds);
    const auto count = [](const Pair& p, Kind kind) {
      return std::count(p.kinds.begin(), p.kinds.end(), static_cast<uint8_t>(kind));
    };
    CHECK(count(back, Kind::kBuildingRemoved) == count(pair, Kind::kBuildingBuilt));
    CHECK(count(back, Kind::kBuildingBuilt) == count(pair, Kind::kBuildingRemoved));
    CHECK(count(back, Kind::kRoad) == count(pair, Kind::kRoad));
    CHECK(count(back, Kind::kOther) == count(pair, Kind::kVegetationLost));
  }
  CHECK(lost > 0);
}

TEST_CASE("the share of changed pairs is what was asked for") {
  for (uint64_t seed = 0; seed < 25; ++seed) {
    CHECK_FALSE(generate(seed, {64, 0.0f, 0.2f}).changed);
    CHECK(generate(seed, {64, 1.0f, 0.2f}).changed);
  }
}

TEST_CASE("the two dates of an unchanged pair differ all over the picture") {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    const Pair pair = generate(seed, {256, 0.0f, 0.0f});
    double difference = 0.0;
    for (size_t i = 0; i < pair.before.rgb.size(); ++i) difference += std::abs(pair.before.rgb[i] - pair.after.rgb[i]);
    CHECK(difference / static_cast<double>(pair.before.rgb.size()) > 8.0);
  }
}

TEST_CASE("turning a pair exchanges its pictures and its story, and twice gives it back") {
  for (const uint64_t seed : {3u, 4u, 5u, 6u, 7u, 8u}) {
    const Pair pair = generate(seed, {128, 1.0f, 0.5f});
    const Pair back = turned(pair);
    CHECK(back.before == pair.after);
    CHECK(back.after == pair.before);
    CHECK(back.mask == pair.mask);
    REQUIRE(back.facts.changes.size() == pair.facts.changes.size());
    for (size_t i = 0; i < pair.facts.changes.size(); ++i) {
      CHECK(back.facts.changes[i].added != pair.facts.changes[i].added);
    }
    CHECK(back.sentences != pair.sentences);
    CHECK(hash(turned(back)) == hash(pair));
  }
}

TEST_CASE("pictures have the size asked for, and sizes that cannot be drawn are refused") {
  const Pair pair = generate(1, {160, 0.5f, 0.2f});
  CHECK(pair.before.width == 160);
  CHECK(pair.after.height == 160);
  CHECK(pair.before.rgb.size() == 160u * 160u * 3u);
  CHECK(pair.mask.size() == 160u * 160u);
  CHECK_THROWS_AS(generate(1, {16, 0.5f, 0.2f}), UsageError);
  CHECK_THROWS_AS(generate(1, {100000, 0.5f, 0.2f}), UsageError);
  CHECK_THROWS_AS(generate(1, {256, 1.5f, 0.2f}), UsageError);
  CHECK_THROWS_AS(generate(1, {256, 0.5f, -0.1f}), UsageError);
}

TEST_CASE("splits and seeds never share a pair") {
  std::vector<uint64_t> seeds;
  for (const char* split : {"train", "val", "test"}) {
    for (uint64_t i = 0; i < 500; ++i) seeds.push_back(pair_seed(1, split, i));
  }
  for (uint64_t i = 0; i < 500; ++i) seeds.push_back(pair_seed(2, "train", i));
  std::sort(seeds.begin(), seeds.end());
  CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
  // Whole blocks of 2^48: no index of one split can reach another's.
  CHECK(pair_seed(1, "train", 0) >> 48 != pair_seed(1, "val", 0) >> 48);
  CHECK(pair_seed(1, "train", 0) >> 48 != pair_seed(1, "test", 0) >> 48);
  CHECK(pair_seed(1, "val", 0) >> 48 != pair_seed(1, "test", 0) >> 48);
}
