// What the pairs look like as a whole, beside numbers measured on 70 real pairs of LEVIR-CC (256 x 256, 0.5 m).
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/scenes/scenes.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::scenes;

namespace {

struct Statistics {
  double mean = 0.0;       // of luma
  double deviation = 0.0;  // of luma
  double edges = 0.0;      // mean length of the gradient of luma
};

std::vector<double> luma(const image::Image& image) {
  std::vector<double> l(image.rgb.size() / 3);
  for (size_t i = 0; i < l.size(); ++i) {
    l[i] = 0.299 * image.rgb[3 * i] + 0.587 * image.rgb[3 * i + 1] + 0.114 * image.rgb[3 * i + 2];
  }
  return l;
}

Statistics measure(const image::Image& image) {
  const std::vector<double> l = luma(image);
  const size_t w = static_cast<size_t>(image.width);
  Statistics s;
  for (double v : l) s.mean += v;
  s.mean /= static_cast<double>(l.size());
  for (double v : l) s.deviation += (v - s.mean) * (v - s.mean);
  s.deviation = std::sqrt(s.deviation / static_cast<double>(l.size()));
  for (size_t i = 0; i + w + 1 < l.size(); ++i) s.edges += std::hypot(l[i + 1] - l[i], l[i + w] - l[i]);
  s.edges /= static_cast<double>(l.size());
  return s;
}

// LEVIR-CC's pictures are of Texas; the other worlds look otherwise on purpose.
SceneOptions texas() {
  SceneOptions options;
  options.worlds = parse_worlds("texas");
  return options;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

TEST_CASE("brightness, contrast and edges lie where real pictures have them") {
  std::vector<double> mean[2], deviation[2], edges[2];
  for (uint64_t seed = 0; seed < 120; ++seed) {
    const Pair pair = generate(seed, texas());
    for (int d = 0; d < 2; ++d) {
      const Statistics s = measure(d == 0 ? pair.before : pair.after);
      mean[d].push_back(s.mean);
      deviation[d].push_back(s.deviation);
      edges[d].push_back(s.edges);
    }
  }
  // Medians of the real pictures before and after; the margin is about half the distance between their quartiles, wider
  // where scenes are drawn broader on purpose.
  CHECK(median(mean[0]) == Approx(100.9).margin(16.0));
  CHECK(median(mean[1]) == Approx(72.3).margin(13.0));
  CHECK(median(deviation[0]) == Approx(49.0).margin(9.0));
  CHECK(median(deviation[1]) == Approx(33.7).margin(7.0));
  CHECK(median(edges[0]) == Approx(20.8).margin(5.0));
  CHECK(median(edges[1]) == Approx(21.2).margin(5.0));
  // Appearance is drawn per date: the pictures of a pair are not equally bright.
  int apart = 0;
  for (size_t i = 0; i < mean[0].size(); ++i) apart += std::fabs(mean[0][i] - mean[1][i]) > 10.0 ? 1 : 0;
  CHECK(apart > 60);
}

TEST_CASE("two dates of unchanged land correlate as weakly as real ones, and changed land less") {
  std::vector<double> unchanged, changed;
  for (uint64_t seed = 0; seed < 120; ++seed) {
    const Pair pair = generate(seed, texas());
    const std::vector<double> a = luma(pair.before), b = luma(pair.after);
    const Statistics sa = measure(pair.before), sb = measure(pair.after);
    double covariance = 0.0;
    for (size_t i = 0; i < a.size(); ++i) covariance += (a[i] - sa.mean) * (b[i] - sb.mean);
    (pair.changed ? changed : unchanged)
        .push_back(covariance / static_cast<double>(a.size()) / (sa.deviation * sb.deviation));
  }
  CHECK(median(unchanged) == Approx(0.42).margin(0.12));  // quartiles of the real pairs 0.36 and 0.50
  CHECK(median(changed) == Approx(0.32).margin(0.14));    // 0.13 and 0.40
  CHECK(median(changed) < median(unchanged));
}

TEST_CASE("changes are small as often as they must be, and removals are frequent") {
  int small = 0, removed = 0, houses = 0, roads = 0, pairs = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Pair pair = generate(seed, {128, 1.0f, SceneOptions().removed_share});
    const auto building = std::count(pair.mask.begin(), pair.mask.end(), kMaskBuilding);
    const auto marked = building + std::count(pair.mask.begin(), pair.mask.end(), kMaskOther);
    const double share = static_cast<double>(marked) / static_cast<double>(pair.mask.size());
    int objects = 0;
    bool gone = false, house = false, road = false;
    for (const describe::Change& change : pair.facts.changes) {
      objects += change.count;
      gone = gone || !change.added;
      house =
          house || change.kind == describe::ChangeKind::kHouses || change.kind == describe::ChangeKind::kLargeBuilding;
      road = road || change.kind == describe::ChangeKind::kRoad || change.relation != describe::Relation::kNone;
    }
    small += share < 0.05 && objects <= 2 ? 1 : 0;
    removed += gone ? 1 : 0;
    houses += house ? 1 : 0;
    roads += road ? 1 : 0;
    ++pairs;
  }
  CHECK(small >= 0.40 * pairs);
  CHECK(small <= 0.65 * pairs);
  CHECK(removed >= 0.15 * pairs);
  CHECK(removed <= 0.40 * pairs);
  CHECK(houses >= 0.75 * pairs);  // people name a building in 88 % of changed pairs
  CHECK(roads >= 0.55 * pairs);   // and a road in 84 %
}
