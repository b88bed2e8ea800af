#include "core/report/reliability.h"

#include <algorithm>
#include <cmath>

#include "core/base/counted.h"
#include "core/report/svg.h"

namespace ccx::report {
namespace {

constexpr double kSide = 120;
constexpr double kWidth = 320;  // of the diagram's figure, as of a histogram's
constexpr double kLeft = 48 + (kWidth - kSide) / 2;
constexpr double kTop = 8;
constexpr double kBottom = 18;
constexpr double kLargest = 11;  // radius of the dot that all pairs would make
constexpr double kSmallest = 1.5;

std::string dot_of(const metrics::Calibration::Bin& bin, std::size_t all) {
  const double share = static_cast<double>(bin.n) / static_cast<double>(all);
  const double radius = std::max(kSmallest, kLargest * std::sqrt(share));
  return titled_dot(
      "dot", {number(kLeft + kSide * bin.mean_p), number(kTop + kSide * (1 - bin.changed_share)), number(radius)},
      counted(bin.n, "pair") + ": said " + format("%.2f", bin.mean_p) + ", changed " +
          format("%.2f", bin.changed_share));
}

}  // namespace

std::string draw(const metrics::Calibration& calibration) {
  if (calibration.n == 0) return "";
  const double bottom = kTop + kSide;
  std::string svg =
      path("axis", "M" + number(kLeft) + " " + number(kTop) + "v" + number(kSide) + "h" + number(kSide)) +
      path("grid", "M" + number(kLeft) + " " + number(bottom) + "l" + number(kSide) + " " + number(-kSide));
  for (const auto& bin : calibration.bins) {
    if (bin.n != 0) svg += dot_of(bin, calibration.n);
  }
  svg += text(kLeft - 5, kTop + 8, "end", "all changed") + text(kLeft - 5, bottom, "end", "none") +
         text(kLeft, bottom + 14, "start", "0") + text(kLeft + kSide / 2, bottom + 14, "middle", "p(change)") +
         text(kLeft + kSide, bottom + 14, "end", "1");
  return figure({.look = {},
                 .title = "What the probability is worth",
                 .legend = "calibration error " + format("%.3f", calibration.ece),
                 .label = "Share of changed pairs by the probability that was told",
                 .width = number(48 + kWidth + 4),
                 .height = number(kTop + kSide + kBottom),
                 .svg = svg});
}

}  // namespace ccx::report
