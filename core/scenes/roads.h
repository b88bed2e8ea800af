// Axes of roads: straight, curved, branching; and the strip of land around an axis.
#pragma once

#include <vector>

#include "core/base/random.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// A point of an axis with its direction.
struct Station {
  Vec2 at;
  Vec2 along;
};

float axis_length(const std::vector<Vec2>& axis);
Station station(const std::vector<Vec2>& axis, float distance);

// An axis from `start` with `heading`, of pieces with constant curvature (1 / radius, in half metres).
struct Piece {
  float length;
  float curvature;
};
std::vector<Vec2> trace(Vec2 start, float heading, const std::vector<Piece>& pieces);

// Through `middle` in both directions until it has left the world.
std::vector<Vec2> through_axis(Vec2 middle, float heading, float curvature_ahead, float curvature_behind, float extent);

// Parallel to `axis`, moved sideways.
std::vector<Vec2> offset_axis(const std::vector<Vec2>& axis, float sideways);

// The strip of the given half width, its edges moved at random by up to `roughness` (dirt roads).
Polygon strip(const std::vector<Vec2>& axis, float half_width, float roughness, Rng rng);

// Closed outline around a point: an ellipse with a few bulges.
Polygon blob(Rng rng, Vec2 centre, float radius_x, float radius_y, float angle, float bulge);

// The polygon's edges cut into pieces of about 8 units and moved by up to `amount`, for natural outlines.
Polygon roughened(Rng rng, const Polygon& polygon, float amount);

}  // namespace ccx::scenes
