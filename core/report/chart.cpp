#include "core/report/chart.h"

#include <algorithm>
#include <cmath>

#include "core/report/svg.h"

namespace ccx::report {
namespace {

constexpr double kWidth = 320;
constexpr double kHeight = 120;
constexpr double kLeft = 48;
constexpr double kTop = 8;
constexpr double kBottom = 18;

std::vector<int> count(const std::vector<double>& values, const Histogram& h) {
  std::vector<int> counts(static_cast<std::size_t>(h.bins), 0);
  for (double value : values) {
    if (!std::isfinite(value)) continue;
    const double place = (value - h.low) / (h.high - h.low) * h.bins;
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, h.bins - 1.0))];
  }
  return counts;
}

std::string bar_of(double x, double width, double height, const char* look, const std::string& tip) {
  return titled_box(look, {number(x), number(kTop + kHeight - height), number(width), number(height)}, tip);
}

}  // namespace

std::string draw(const Histogram& h) {
  if (h.values.empty() && h.others.empty()) return "";
  const std::vector<int> first = count(h.values, h);
  const std::vector<int> second = count(h.others, h);
  const auto share = [](int n, const std::vector<double>& all) {
    return all.empty() ? 0.0 : n / static_cast<double>(all.size());
  };
  double most = 0.01;
  for (std::size_t bin = 0; bin < first.size(); ++bin) {
    most = std::max({most, share(first[bin], h.values), share(second[bin], h.others)});
  }
  const bool two = !h.others.empty() && !h.values.empty();
  const double step = kWidth / h.bins;
  const double bar = (step - 1) / (two ? 2 : 1);
  std::string svg;
  for (int bin = 0; bin < h.bins; ++bin) {
    const double from = h.low + (h.high - h.low) * bin / h.bins;
    const double to = h.low + (h.high - h.low) * (bin + 1) / h.bins;
    const std::string range = number(from) + " to " + number(to) + ": ";
    const double x = kLeft + step * bin;
    const int a = first[static_cast<std::size_t>(bin)];
    const int b = second[static_cast<std::size_t>(bin)];
    if (a != 0) {
      svg +=
          bar_of(x, bar, kHeight * share(a, h.values) / most, "bar", range + std::to_string(a) + " " + h.values_name);
    }
    if (b != 0) {
      svg += bar_of(x + (two ? bar : 0), bar, kHeight * share(b, h.others) / most, "bar other",
                    range + std::to_string(b) + " " + h.others_name);
    }
  }
  svg += path("axis", "M" + number(kLeft) + " " + number(kTop + kHeight) + "h" + number(kWidth));
  svg += text(kLeft, kTop + kHeight + 14, "start", number(h.low));
  svg += text(kLeft + kWidth / 2, kTop + kHeight + 14, "middle", h.unit);
  svg += text(kLeft + kWidth, kTop + kHeight + 14, "end", number(h.high));
  svg += text(kLeft - 5, kTop + 8, "end", number(std::round(100 * most)) + " %");
  svg += text(kLeft - 5, kTop + kHeight, "end", "0");
  std::string legend;
  if (two) {
    legend = "<span class=\"key\"></span>" + escape(h.values_name) + " <span class=\"key other\"></span>" +
             escape(h.others_name);
  }
  return figure({.look = {},
                 .title = h.title,
                 .legend = legend,
                 .label = h.title,
                 .width = number(kLeft + kWidth + 4),
                 .height = number(kTop + kHeight + kBottom),
                 .svg = svg});
}

}  // namespace ccx::report
