// Brushes: polygons in a textured colour, lines, crowns and cast shadows, in world units, under one date's view.
#pragma once

#include "core/scenes/appearance.h"
#include "core/scenes/canvas.h"
#include "core/scenes/crowns.h"
#include "core/scenes/noise.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// A colour and how it varies from pixel to pixel, as shares of its brightness.
struct Paint {
  Colour colour;
  float fine = 0.0f;    // 2 to 4 pixels
  float patchy = 0.0f;  // 6 to 24 pixels
  float opacity = 1.0f;
  float ragged = 0.0f;  // how much noise eats into a soft edge, 0 for a clean one
};

class Painter {
 public:
  Painter(const Appearance& look, int size, float extent)
      : canvas(size), look_(look), filler_(size), zoom_(static_cast<float>(size) / extent) {}

  Canvas canvas;

  float zoom() const { return zoom_; }
  // World to pixels, for a point that lies `height` above the ground.
  Vec2 project(Vec2 p, float height = 0.0f) const { return (p + look_.lean * height) * zoom_ + look_.shift; }

  void polygon(const Polygon& outline, const Paint& paint);
  // The same for points already in pixels.
  void pixels(std::span<const Vec2> outline, const Paint& paint);
  void line(Vec2 from, Vec2 to, float width, const Paint& paint);
  // Stripes along `angle` with the given period towards another colour.
  void stripes(const Polygon& outline, const Paint& paint, Colour other, float angle, float period, float strength);
  void shadow_polygon(std::span<const Vec2> pixels, float strength);
  // The shadow of a prism of the given height over a convex footprint.
  void shadow_of(const Polygon& footprint, float height);
  void shadow_of_crown(const Crown& crown, Vec2 pixel, Vec2 offset, float strength);
  // Leaves between `dark` (in each other's shade) and `lit`.
  void crown(const Crown& crown, Vec2 pixel, Colour dark, Colour lit, float relief, float texture, float opacity);
  // Darkens everything painted so far by the shadow plane and clears the plane.
  void cast_shadows();

 private:
  const Appearance& look_;
  Filler filler_;
  float zoom_;
  Polygon scratch_;
};

// The smallest convex polygon around the points.
Polygon convex_hull(Polygon points);

}  // namespace ccx::scenes
