// Connected areas and their edges (collar.h).
#include "core/image/collar.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace ccx::image {

namespace {

constexpr double kAlone = 1e-30;  // nothing else is as near
constexpr double kVeryFrequent = 0.05;
constexpr double kFrequent = 0.01;       // of all values
constexpr double kSmallestArea = 0.002;  // of the picture
constexpr double kPlainEdge = 6;         // steps over it, times the root of the area: a corner's are 2.8 to 4
constexpr double kMuchAlike = 0.05;      // of the values' spread

bool is_float(SampleType type) {
  return type == SampleType::kFloat32 || type == SampleType::kFloat64;
}

double largest_of(SampleType type) {
  switch (type) {
    case SampleType::kInt8:
      return 127;
    case SampleType::kUint16:
      return 65535;
    case SampleType::kInt16:
      return 32767;
    case SampleType::kUint32:
      return 4294967295.0;
    case SampleType::kInt32:
      return 2147483647.0;
    default:
      return HUGE_VAL;
  }
}

struct Area {
  std::size_t pixels = 0;
  std::size_t rim = 0;   // of them kRim
  std::size_t far = 0;   // steps over its edge to other values
  std::size_t near = 0;  // and to values that are much like its own
  bool touches_edge = false;
};

// Walks over the area about `start` and gives its pixels `done`.
class AreaWalk {
 public:
  AreaWalk(std::vector<uint8_t>& marks, int width, int height)
      : marks_(marks), width_(static_cast<std::size_t>(width)), height_(static_cast<std::size_t>(height)) {}

  Area walk(std::size_t start, uint8_t from, uint8_t to) {
    Area area;
    const auto visit = [&](std::size_t at) {
      const uint8_t mark = marks_[at];
      if (mark == from || mark == kRim) {
        area.rim += mark == kRim ? 1 : 0;
        marks_[at] = to;
        open_.push_back(at);
      } else if (mark != to) {
        ++(mark == kNear ? area.near : area.far);
      }
    };
    marks_[start] = to;
    open_.assign(1, start);
    while (!open_.empty()) {
      const std::size_t at = open_.back();
      open_.pop_back();
      ++area.pixels;
      const std::size_t x = at % width_, y = at / width_;
      area.touches_edge = area.touches_edge || x == 0 || y == 0 || x + 1 == width_ || y + 1 == height_;
      if (x > 0) visit(at - 1);
      if (x + 1 < width_) visit(at + 1);
      if (y > 0) visit(at - width_);
      if (y + 1 < height_) visit(at + width_);
    }
    return area;
  }

 private:
  std::vector<uint8_t>& marks_;
  const std::size_t width_, height_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<Filling> possible_fillings(const ValueStatistics& found, SampleType type) {
  std::vector<Filling> out;
  if (found.count() == 0) return out;
  const double low = found.percentile(1), high = found.percentile(99);
  // 16-bit photographs have black shadows.
  const double lone = found.widening() ? 0 : found.lone_largest(type);
  const bool is_photograph =
      type == SampleType::kUint16 && (found.widening() || found.percentile(99.5 * (1 - lone)) >= 32768);
  const auto add = [&](double value) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const Filling& f) { return f.value == value; });
    if (known || found.share(value) < kFrequent) return;
    // Values are cut off at an end of their range. In its middle nothing makes one value of a whole area.
    const bool is_inside = low < value && value < high;
    const double spread = std::max(std::abs(high - value), std::abs(value - low));
    out.push_back({value, is_inside ? kAlone : std::max(kMuchAlike * spread, kAlone),
                   (value == 0 && !is_float(type) && !is_photograph) || (lone > 0 && value == found.largest())});
  };
  add(0);
  add(found.least());
  const bool is_end = is_float(type) || found.largest() == largest_of(type);
  if (is_end || found.share(found.largest()) >= kVeryFrequent) add(found.largest());
  return out;
}

double keep_collars(std::vector<uint8_t>& marks, int width, int height, const CollarRule& rule) {
  constexpr uint8_t kept = 4, passed = 5;
  AreaWalk walker(marks, width, height);
  const double all = static_cast<double>(marks.size());
  std::size_t pixels = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] != kFilled) continue;
    const Area area = walker.walk(i, kFilled, kept);
    const double size = static_cast<double>(area.pixels);
    const bool is_large = size >= std::max(kSmallestArea * all, 16.0);
    const bool is_abrupt =
        area.far > 0 && static_cast<double>(area.far) >= rule.abrupt * static_cast<double>(area.far + area.near);
    const bool is_plain = static_cast<double>(area.far + area.near) <= kPlainEdge * std::sqrt(size);
    const bool is_solid =
        static_cast<double>(area.pixels - area.rim) >= (is_plain ? rule.solid_if_plain : rule.solid) * size;
    if (is_large && is_abrupt && is_solid && (area.touches_edge || rule.anywhere)) {
      pixels += area.pixels;
    } else {
      walker.walk(i, kept, passed);
    }
  }
  const double share = static_cast<double>(pixels) / all;
  const bool enough = share >= rule.least;
  for (uint8_t& mark : marks) mark = mark == kept && enough ? kFilled : kFar;
  return enough ? share : 0;
}

}  // namespace ccx::image
