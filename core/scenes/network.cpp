// The streets of a place: one that runs through the picture, and what branches from it or runs beside it.
#include <utility>

#include "core/scenes/planner.h"

namespace ccx::scenes {

namespace {

// Straight, or bent to either side with a radius of 45 to 210 metres.
float draw_curvature(Rng& rng, float chance) {
  if (!rng.chance(chance)) return 0.0f;
  const float side = rng.chance(0.5f) ? 1.0f : -1.0f;
  return side / rng.range(90.0f, 420.0f);
}

// `length` along `heading`, a unit vector. Bends by stepping and turning, so no arctangent is needed.
std::vector<Vec2> bent_axis(Vec2 from, Vec2 heading, float length, float curvature) {
  std::vector<Vec2> axis{from, from + heading * 6.0f};
  float heading_x = heading.x, heading_y = heading.y;
  const int steps = static_cast<int>(length / 6.0f);
  const float c = cosine(6.0f * curvature), sn = sine(6.0f * curvature);
  for (int i = 1; i < steps; ++i) {
    axis.push_back(axis.back() + Vec2{heading_x, heading_y} * 6.0f);
    const float nx = heading_x * c - heading_y * sn;
    heading_y = heading_x * sn + heading_y * c;
    heading_x = nx;
  }
  return axis;
}

// The roads of one network, as they are added to a planner's world.
class Network {
 public:
  Network(Planner& planner, const Road& like) : p_(planner), like_(like) {
    Road first = like;
    first.axis = draw_main_axis();
    roads_.push_back(p_.add_road(first));
    main_axis_ = p_.world.roads[roads_[0]].axis;
  }

  const std::vector<int>& roads() const { return roads_; }
  float beyond_the_picture() const { return 2.0f * p_.world.extent; }

  // A place on the main axis near the picture's middle.
  float visible_distance() {
    const float total = axis_length(main_axis_);
    for (int tries = 0; tries < 20; ++tries) {
      const float d = p_.rng.range(0.15f, 0.85f) * total;
      if (p_.in_picture(station(main_axis_, d).at, 0.12f * p_.world.extent)) return d;
    }
    return 0.5f * total;
  }

  // To the left (side 1) or right (-1) of the main axis, about at right angles.
  void branch(float distance, float side, float length) { add(draw_branch(distance, side, length)); }

  void cul_de_sac(float distance, float side, float length) {
    Road road = draw_branch(distance, side, length);
    road.bulb = p_.rng.range(18.0f, 25.0f);
    road.island = p_.rng.chance(0.3f);
    add(std::move(road));
  }

  void parallel(float offset) { add(street(offset_axis(main_axis_, offset))); }

 private:
  std::vector<Vec2> draw_main_axis() {
    Rng& rng = p_.rng;
    const float e = p_.world.extent;
    const float axis = rng.chance(0.5f) ? 0.0f : 0.5f * kPi;
    const float heading = axis + (rng.chance(0.35f) ? 0.12f * rng.bell() : rng.range(-0.8f, 0.8f));
    const Vec2 middle{rng.range(0.12f, 0.88f) * e, rng.range(0.12f, 0.88f) * e};
    const float ahead = draw_curvature(rng, 0.5f), behind = rng.chance(0.5f) ? ahead : draw_curvature(rng, 0.5f);
    return through_axis(middle, heading, ahead, behind, e);
  }

  Road draw_branch(float distance, float side, float length) {
    Rng& rng = p_.rng;
    const Station s = station(main_axis_, distance);
    const Vec2 n = perpendicular(s.along) * side;
    const float angle_jitter = rng.chance(0.6f) ? 0.0f : rng.range(-0.35f, 0.35f);
    const Vec2 heading = n * cosine(angle_jitter) + s.along * sine(angle_jitter);
    return street(bent_axis(s.at, heading, length, draw_curvature(rng, 0.4f)));
  }

  Road street(std::vector<Vec2> axis) const {
    Road road = like_;
    road.axis = std::move(axis);
    road.lane_marks = false;
    return road;
  }

  void add(Road road) { roads_.push_back(p_.add_road(std::move(road))); }

  Planner& p_;
  const Road& like_;
  std::vector<int> roads_;
  std::vector<Vec2> main_axis_;
};

}  // namespace

std::vector<int> Planner::network(const Road& like, bool dense) {
  Network network(*this, like);
  const float side = rng.chance(0.5f) ? 1.0f : -1.0f;
  const float pitch = dense ? rng.range(104.0f, 138.0f) : rng.range(150.0f, 230.0f);
  const float through = network.beyond_the_picture();
  // What is drawn for one road is drawn in this order; arguments of a call have none.
  const auto cul_de_sac = [&](float to, float longest) {
    const float length = rng.range(60.0f, longest);
    network.cul_de_sac(network.visible_distance(), to, length);
  };
  switch (rng.pick({0.2f, 0.16f, 0.08f, 0.18f, 0.26f, 0.12f})) {
    case 0:  // one street
      break;
    case 1:  // T junction
      network.branch(network.visible_distance(), side, through);
      break;
    case 2: {  // cross
      const float d = network.visible_distance();
      network.branch(d, 1.0f, through);
      network.branch(d, -1.0f, through);
      break;
    }
    case 3: {  // cul-de-sacs
      cul_de_sac(side, 130.0f);
      if (rng.chance(0.4f)) cul_de_sac(-side, 130.0f);
      break;
    }
    case 4: {  // parallel streets, perhaps joined
      for (int k = -2; k <= 2; ++k) {
        if (k != 0) network.parallel(static_cast<float>(k) * pitch);
      }
      if (rng.chance(0.5f)) {
        const float length = rng.chance(0.5f) ? pitch : through;
        network.branch(network.visible_distance(), side, length);
      }
      break;
    }
    default: {  // parallel streets, one of which ends
      network.parallel(side * pitch);
      cul_de_sac(-side, 120.0f);
      break;
    }
  }
  return network.roads();
}

}  // namespace ccx::scenes
