// What places are made of, before they are drawn: what differs between the dates without being a change.
#include <cmath>

#include "core/base/error.h"
#include "core/scenes/geometry.h"
#include "core/scenes/scenario.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::scenes;

TEST_CASE("no wood goes where nothing is reported") {
  for (const PlaceKind place : {PlaceKind::kSuburb, PlaceKind::kWild, PlaceKind::kCommercial, PlaceKind::kBareland}) {
    for (uint64_t seed = 0; seed < 150; ++seed) {
      const auto name = static_cast<WorldName>(seed % kWorldNames);
      const World world = draw_world(Rng(seed), place, false, 256.0f, style_of(name));
      float there[2] = {0.0f, 0.0f};
      for (const Tree& tree : world.trees) {
        for (int date = 0; date < 2; ++date) {
          if (tree.present[date] && tree.at.x > 0.0f && tree.at.y > 0.0f && tree.at.x < 256.0f && tree.at.y < 256.0f)
            there[date] += kPi * tree.radius * tree.radius;
        }
      }
      CAPTURE(static_cast<int>(place), seed);
      // Single trees fall, and small spots are kept bare: crowns of up to 0.15 of the picture in these 600, those that
      // overlap counted twice.
      CHECK(std::fabs(there[0] - there[1]) < 0.16f * 256.0f * 256.0f);
    }
  }
}

TEST_CASE("worlds are named exactly, and one can be left out") {
  CHECK(parse_worlds("all") == kAllWorlds);
  CHECK(parse_worlds("texas") == 1u);
  CHECK(parse_worlds("texas,desert") == parse_worlds("texas+desert"));
  CHECK((parse_worlds("all-desert") | parse_worlds("desert")) == kAllWorlds);
  CHECK((parse_worlds("all-desert") & parse_worlds("desert")) == 0u);
  CHECK(to_string(parse_worlds("northern,texas")) == "texas,northern");
  for (const char* wrong :
       {"", "mars", "all-mars", "texas,", "allmost", "all-texas-farmland-desert-redsoil-northern", "all,texas"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_worlds(wrong), ccx::UsageError);
  }
  const WorldSet others = parse_worlds("all-texas");
  int seen[kWorldNames] = {};
  Rng rng(1);
  for (int i = 0; i < 1000; ++i) ++seen[static_cast<int>(draw_world_name(rng, others))];
  CHECK(seen[0] == 0);
  for (int i = 1; i < kWorldNames; ++i) CHECK(seen[i] > 120);  // shares of 12 to 18 of 60 that are left
}
