// Roads with their kerbs, marks and turning circles, and parking lots.
#include "core/scenes/painting.h"
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {

class RoadPainter {
 public:
  explicit RoadPainter(Painting& painting) : in_(painting) {}

  void roads() {
    // Kerbs of all roads first, so that junctions are open.
    for (const Road& road : in_.world.roads) {
      if (road.surface[in_.date] != Surface::kPaved || !road.kerb) continue;
      const Paint kerb{mix(in_.look.palette.concrete, in_.look.palette.asphalt, 0.25f), 0.02f, 0.02f, 0.9f, 0.0f};
      in_.painter.polygon(strip(road.axis, road.half_width + 1.2f, 0.0f, in_.rng), kerb);
      if (road.bulb > 0.0f) in_.painter.polygon(circle(road.axis.back(), road.bulb + 1.2f), kerb);
    }
    for (size_t i = 0; i < in_.world.roads.size(); ++i) {
      const Road& road = in_.world.roads[i];
      Rng rng = in_.rng.fork(300 + i);
      switch (road.surface[in_.date]) {
        case Surface::kNone:
          break;
        case Surface::kTrack:
          track(road, rng);
          break;
        case Surface::kDirt:
          in_.painter.polygon(strip(road.axis, road.half_width + 2.0f, 1.5f, rng),
                              {in_.look.palette.bare, 0.03f, 0.05f, 0.7f, 0.6f});
          in_.painter.polygon(strip(road.axis, road.half_width, 0.9f, rng),
                              {in_.look.palette.dirt_road, 0.02f, 0.03f, 1.0f, 0.0f});
          if (road.bulb > 0.0f)
            in_.painter.polygon(circle(road.axis.back(), road.bulb),
                                {in_.look.palette.dirt_road, 0.02f, 0.03f, 1.0f, 0.0f});
          break;
        case Surface::kPaved:
          paved(road, rng);
          break;
      }
    }
  }

  void paint_lot(const ParkingLot& lot) {
    if (!lot.present[in_.date]) return;
    const float w = 0.5f * lot.width, h = 0.5f * lot.depth;
    const Colour surface = lot.dark[in_.date] ? in_.look.palette.asphalt * 0.85f
                                              : mix(in_.look.palette.asphalt, in_.look.palette.concrete, 0.3f);
    in_.painter.polygon(lot.frame.rectangle(-w - 1.0f, -h - 1.0f, w + 1.0f, h + 1.0f),
                        {in_.look.palette.concrete, 0.02f, 0.0f, 1.0f, 0.0f});
    in_.painter.polygon(lot.frame.rectangle(-w, -h, w, h), {surface, 0.015f, 0.025f, 1.0f, 0.0f});
    const Paint mark{in_.look.palette.concrete, 0.0f, 0.0f, 0.6f, 0.0f};
    for (float v = -h; v + 11.0f <= h + 0.5f; v += 32.0f) {
      for (float u = -w + 4.0f; u < w - 2.0f; u += 5.6f) {
        in_.painter.line(lot.frame.at(u, v + 1.0f), lot.frame.at(u, v + 10.0f), 0.7f, mark);
      }
    }
  }

 private:
  void track(const Road& road, Rng& rng) {
    const float half = 0.42f * road.half_width;
    const Paint wheel{in_.look.palette.bare, 0.04f, 0.05f, 0.75f, 0.8f};
    in_.painter.polygon(strip(offset_axis(road.axis, half), 0.22f * road.half_width, 0.3f, rng), wheel);
    in_.painter.polygon(strip(offset_axis(road.axis, -half), 0.22f * road.half_width, 0.3f, rng), wheel);
  }

  void paved(const Road& road, Rng& rng) {
    // Worn pale or tarred anew, each road for itself and each date.
    const float age = rng.chance(0.25f) ? rng.range(-0.28f, 0.28f) : 0.04f * rng.bell();
    const Paint asphalt{in_.look.palette.asphalt * (1.0f + age), 0.012f, 0.02f, 1.0f, 0.0f};
    in_.painter.polygon(strip(road.axis, road.half_width, 0.0f, rng), asphalt);
    if (road.bulb > 0.0f) {
      in_.painter.polygon(circle(road.axis.back(), road.bulb), asphalt);
      if (road.island) {
        in_.painter.polygon(circle(road.axis.back(), 0.45f * road.bulb),
                            {in_.look.palette.concrete, 0.02f, 0.0f, 1.0f, 0.0f});
        in_.painter.polygon(
            circle(road.axis.back(), 0.38f * road.bulb),
            {mix(in_.look.palette.bare, in_.look.palette.lawn, rng.uniform()), 0.06f, 0.06f, 1.0f, 0.0f});
      }
    }
    if (!road.lane_marks) return;
    const Paint mark{mix(in_.look.palette.concrete, in_.look.palette.graded, 0.3f), 0.0f, 0.0f, 0.55f, 0.0f};
    in_.painter.polygon(strip(offset_axis(road.axis, 0.88f * road.half_width), 0.5f, 0.0f, rng), mark);
    in_.painter.polygon(strip(offset_axis(road.axis, -0.88f * road.half_width), 0.5f, 0.0f, rng), mark);
    in_.painter.polygon(strip(road.axis, 0.5f, 0.0f, rng), mark);
  }

  static Polygon circle(Vec2 centre, float radius) {
    Polygon outline;
    for (int i = 0; i < 28; ++i)
      outline.push_back(centre + direction(2.0f * kPi * static_cast<float>(i) / 28.0f) * radius);
    return outline;
  }

  Painting& in_;
};

}  // namespace

void paint_roads(Painting& painting) {
  RoadPainter painter(painting);
  painter.roads();
  for (const ParkingLot& lot : painting.world.lots) painter.paint_lot(lot);
}

}  // namespace ccx::scenes
