// What stands on a settled plot: the house and its drive, fences, a pool, a shed, trees, cars.
#include <algorithm>
#include <utility>

#include "core/scenes/house.h"
#include "core/scenes/planner.h"

namespace ccx::scenes {

namespace {

// One plot while it is furnished. Each step knows where the house stands.
class Homestead {
 public:
  Homestead(Planner& planner, Plot& plot, const PlotStyle& lots, size_t index)
      : p_(planner), rng_(planner.rng), plot_(plot), lots_(lots), index_(index) {}

  void furnish() {
    build_house();
    lay_drive();
    if (plot_.fenced) fence_in();
    if (always_settled() && rng_.chance(0.15f)) plot_.drive_paved[rng_.between(0, 1)] = false;
    const float garden = plot_.depth - middle_ - 0.5f * depth_;  // between house and back fence
    if (garden > 12.0f && rng_.chance((plot_.fenced ? 0.10f : 0.22f) * p_.style.pools)) dig_pool(garden);
    if (garden > 10.0f && rng_.chance(0.15f)) put_up_shed();
    shade_house();
    plant_trees();
    park_cars();
  }

 private:
  bool always_settled() const { return plot_.settled[0] && plot_.settled[1]; }

  void build_house() {
    width_ = std::min(lots_.house_width * rng_.range(0.88f, 1.1f), plot_.width - 4.0f);
    depth_ = lots_.house_depth * rng_.range(0.88f, 1.1f);
    const float slack = std::max(0.0f, 0.5f * (plot_.width - width_) - 3.0f);
    shift_ = rng_.range(-slack, slack) * 0.7f;
    middle_ = lots_.setback + 0.5f * depth_;
    Frame frame = plot_.frame;
    frame.origin = plot_.frame.at(shift_, middle_);
    if (!plot_.fenced && rng_.chance(0.4f)) {  // estates turn their houses
      const float turn = rng_.range(-0.5f, 0.5f), c = cosine(turn), s = sine(turn);
      frame.along = plot_.frame.along * c + plot_.frame.across * s;
      frame.across = plot_.frame.across * c - plot_.frame.along * s;
    }
    centre_ = frame.origin;
    Building house = make_house(rng_.fork(1000 + index_), frame, width_, depth_, p_.style);
    house.present = plot_.settled;
    house.road = plot_.road;
    house.side = plot_.side;
    // Half built: a new house is not finished yet, or one that stands was not finished then.
    if (plot_.settled[1] && rng_.chance(plot_.settled[0] ? 0.03f : 0.07f)) house.raw[plot_.settled[0] ? 0 : 1] = true;
    if (rng_.chance(0.12f)) house.tone[1] += 0.8f * rng_.bell();  // roofed anew, which nobody reports
    plot_.building = static_cast<int>(p_.world.buildings.size());
    p_.world.buildings.push_back(std::move(house));
  }

  void lay_drive() {
    const float side = rng_.chance(0.5f) ? 1.0f : -1.0f;
    drive_at_ = shift_ + side * 0.27f * width_;
    const float half_drive = rng_.range(4.0f, 7.5f);
    const float front = -2.0f, back = lots_.setback + 0.2f * depth_;
    plot_.drive = plot_.frame.rectangle(drive_at_ - half_drive, front, drive_at_ + half_drive, back);
    if (lots_.setback <= 20.0f) return;
    // Long drives bend and widen into a yard.
    const float sway = rng_.range(-12.0f, 12.0f);
    Polygon left, right;
    for (int k = 0; k <= 6; ++k) {
      const float t = static_cast<float>(k) / 6.0f;
      const float centre = drive_at_ + sway * (1.0f - t) * (1.0f - t);
      const float half = mix(3.2f, half_drive + 1.5f, clamp01(2.5f * (t - 0.6f)));
      left.push_back(plot_.frame.at(centre - half, mix(front, back, t)));
      right.push_back(plot_.frame.at(centre + half, mix(front, back, t)));
    }
    plot_.drive = left;
    plot_.drive.insert(plot_.drive.end(), right.rbegin(), right.rend());
  }

  void fence_in() {
    const float half = 0.5f * plot_.width, front = lots_.setback + rng_.range(0.3f, 0.9f) * depth_;
    const auto fence = [&](Vec2 a, Vec2 b) { p_.world.fences.push_back({a, b, false, plot_.settled}); };
    fence(plot_.frame.at(-half, front), plot_.frame.at(-half, plot_.depth));
    fence(plot_.frame.at(half, front), plot_.frame.at(half, plot_.depth));
    fence(plot_.frame.at(-half, plot_.depth), plot_.frame.at(half, plot_.depth));
  }

  void dig_pool(float garden) {
    const Vec2 at = plot_.frame.at(rng_.range(-0.25f, 0.25f) * plot_.width, middle_ + 0.5f * depth_ + 0.45f * garden);
    const float angle = rng_.range(-kPi, kPi);
    const float radius_y = rng_.range(3.0f, 4.5f), radius_x = rng_.range(4.5f, 8.0f);
    Pool pool{blob(rng_, at, radius_x, radius_y, angle, 0.25f), plot_.settled};
    if (always_settled() && rng_.chance(0.35f)) pool.present[rng_.between(0, 1)] = false;
    p_.world.pools.push_back(std::move(pool));
  }

  void put_up_shed() {
    Frame frame = plot_.frame;
    frame.origin = plot_.frame.at((rng_.chance(0.5f) ? 0.38f : -0.38f) * plot_.width, plot_.depth - 6.0f);
    const float depth = rng_.range(4.0f, 7.0f), width = rng_.range(5.0f, 8.0f);
    Building shed = make_shed(rng_.fork(5000 + index_), frame, width, depth);
    shed.present = plot_.settled;
    p_.world.buildings.push_back(std::move(shed));
  }

  void shade_house() {
    const int crowns = static_cast<int>(lots_.shade * rng_.range(2.0f, 7.0f));
    for (int i = 0; i < crowns; ++i) {
      const float distance = width_ * rng_.range(0.42f, 0.85f);
      const Vec2 at = centre_ + direction(rng_.range(-kPi, kPi)) * distance;
      const TreeKind kind = rng_.chance(0.5f) ? TreeKind::kOak : TreeKind::kDeciduous;
      // Old trees: they were there before a house came among them, and stay where one goes.
      const bool old = rng_.chance(0.75f);
      p_.world.trees.push_back(
          {at, rng_.range(4.0f, 11.0f), kind, rng_.bell(), old ? Dates<bool>{true, true} : plot_.settled});
    }
  }

  void plant_trees() {
    const int trees =
        static_cast<int>(static_cast<float>(rng_.between(0, plot_.fenced ? 3 : 5)) * p_.style.garden_trees);
    for (int i = 0; i < trees; ++i) {
      const bool back = rng_.chance(0.6f);
      const float v =
          back ? mix(middle_ + 0.55f * depth_, plot_.depth, rng_.uniform()) : rng_.range(2.0f, lots_.setback);
      const Vec2 at = plot_.frame.at(rng_.range(-0.48f, 0.48f) * plot_.width, v);
      if (length(at - centre_) < 0.45f * width_) continue;
      const TreeKind kind = static_cast<TreeKind>(rng_.pick({0.45f, 0.1f, 0.3f, 0.15f}));
      Tree tree{at, rng_.range(2.0f, 7.5f), kind, rng_.bell(), plot_.settled};
      if (rng_.chance(0.12f)) tree.present[rng_.between(0, 1)] = false;  // nobody calls that a change
      p_.world.trees.push_back(tree);
    }
  }

  void park_cars() {
    for (uint8_t date = 0; date < 2; ++date) {
      if (!plot_.settled[date] || !rng_.chance(0.4f)) continue;
      const float v = rng_.range(2.0f, lots_.setback - 2.0f);
      const Vec2 at = plot_.frame.at(drive_at_ + rng_.range(-2.0f, 2.0f), v);
      p_.world.cars.push_back({at, plot_.frame.across, static_cast<uint8_t>(rng_.between(0, 7)), date, 1.0f});
    }
  }

  Planner& p_;
  Rng& rng_;
  Plot& plot_;
  const PlotStyle& lots_;
  size_t index_;
  // The house, in the plot's frame: its width and depth, its middle's distance from the plot's axis and from the front.
  float width_ = 0.0f, depth_ = 0.0f, shift_ = 0.0f, middle_ = 0.0f;
  Vec2 centre_;  // of the house, in the world
  float drive_at_ = 0.0f;
};

}  // namespace

void Planner::furnish(size_t index) {
  Plot& plot = world.plots[index];
  if (plot.settled[0] || plot.settled[1]) Homestead(*this, plot, styles_[index], index).furnish();
}

}  // namespace ccx::scenes
