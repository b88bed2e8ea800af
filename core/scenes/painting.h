// A picture of a world on its way, and its parts from the ground up. Each knows one kind of thing; render.cpp has their
// order.
#pragma once

#include "core/base/random.h"
#include "core/scenes/appearance.h"
#include "core/scenes/painter.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// A world at one of its dates, as all parts share it. The random stream is forked for each thing that is drawn.
struct Painting {
  const World& world;
  int date;
  const Appearance& look;
  Painter painter;
  Rng rng;
};

// painting_land.cpp: the ground and what people made of it.
void paint_ground(Painting& painting);   // the whole picture: meadow, patches, clearings, plots and their paths
void paint_gardens(Painting& painting);  // clutter, drives, pools

// painting_roads.cpp: roads, parking lots.
void paint_roads(Painting& painting);

// painting_objects.cpp: what stands on the ground: fences, shadows, cars, buildings, trees.
void paint_objects(Painting& painting);

}  // namespace ccx::scenes
