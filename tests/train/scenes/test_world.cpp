// What places are made of, before they are drawn: what differs between the dates without being a change.
#include <cmath>

#include "tests/support/catch.h"
#include "train/scenes/geometry.h"
#include "train/scenes/scenario.h"

using namespace ccx::scenes;

TEST_CASE("no wood goes where nothing is reported") {
  for (const PlaceKind place : {PlaceKind::kSuburb, PlaceKind::kWild, PlaceKind::kCommercial, PlaceKind::kBareland}) {
    for (uint64_t seed = 0; seed < 150; ++seed) {
      const World world = draw_world(Rng(seed), place, false, 256.0f);
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
