#include "core/report/line_chart.h"

#include <algorithm>
#include <cmath>

#include "core/report/svg.h"

namespace ccx::report {
namespace {

// In units of the drawing, which a page shows at about one pixel each.
constexpr double kLeft = 46, kTop = 10, kWidth = 350, kHeight = 170, kRight = 10, kBottom = 34;
constexpr int kColumns = 350;
constexpr int kTips = 50;
constexpr double kLogarithmicFrom = 8;  // largest / smallest

std::string place(double x, double y) {
  return format("%.1f", x) + " " + format("%.1f", y);
}

struct Axis {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<double> ticks;

  // 0 at `low`, 1 at `high`.
  double share(double value) const {
    return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
};

// Multiples of 1, 2 or 5 times a power of ten, about `count` of them in a range.
double nice_step(double range, int count) {
  const double rough = range / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

Axis linear_axis(double low, double high, int count, bool rounded) {
  if (!(high > low)) {
    const double margin = std::max(std::abs(low) * 0.1, 1e-9);
    low -= margin;
    high += margin;
  }
  const double step = nice_step(high - low, count);
  Axis axis{low, high, false, {}};
  if (rounded) {
    axis.low = std::floor(low / step + 1e-9) * step;
    axis.high = std::ceil(high / step - 1e-9) * step;
  }
  for (double k = std::ceil(axis.low / step - 1e-9); k * step <= axis.high + step * 1e-6; ++k)
    axis.ticks.push_back(k * step + 0.0);
  return axis;
}

Axis logarithmic_axis(double low, double high) {
  Axis axis{low / 1.1, high * 1.1, true, {}};
  const double first = std::floor(std::log10(axis.low)), last = std::ceil(std::log10(axis.high));
  const double stride = std::max(1.0, std::ceil((last - first) / 6));
  for (double power = first; power <= last; power += stride) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, power);
      if ((factor == 1 || last - first <= 2.5) && tick >= axis.low && tick <= axis.high) axis.ticks.push_back(tick);
    }
  }
  return axis;
}

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

class Drawing {
 public:
  explicit Drawing(const LineChart& chart) : chart_(chart) {
    Range across, up;
    for (const Line& line : chart.lines) {
      for (std::size_t i = 0; i < line.y.size(); ++i) {
        if (!std::isfinite(line.y[i])) continue;
        across.take(line.x[i]);
        up.take(line.y[i]);
      }
    }
    empty_ = !(up.low <= up.high);
    if (empty_) return;
    x_ = linear_axis(across.low, across.high, 5, /*rounded=*/false);
    if (chart.scale == LineChart::Scale::kFromZero) up.take(0);
    const bool wide = up.low > 0 && up.high > up.low * kLogarithmicFrom;
    y_ = wide && chart.scale == LineChart::Scale::kLogarithmic ? logarithmic_axis(up.low, up.high)
                                                               : linear_axis(up.low, up.high, 4, /*rounded=*/true);
  }

  bool empty() const { return empty_; }

  std::string svg() const {
    std::string out = grid();
    if (chart_.mark && *chart_.mark >= x_.low && *chart_.mark <= x_.high) {
      out += titled_path("mark", "M" + place(across(*chart_.mark), kTop) + "v" + format("%.0f", kHeight),
                         chart_.mark_name);
    }
    for (const Line& line : chart_.lines) out += curve(line);
    return out + tips();
  }

  std::string legend() const {
    std::string out = y_.logarithmic ? " logarithmic" : "";
    if (chart_.lines.size() < 2) return out;
    for (const Line& line : chart_.lines) {
      out += " <span class=\"key" + std::string(look(line)) + "\"></span>" + escape(line.name);
    }
    return out;
  }

 private:
  double across(double x) const { return kLeft + kWidth * x_.share(x); }
  double up(double y) const { return kTop + kHeight * (1 - y_.share(y)); }
  static const char* look(const Line& line) {
    return line.look == Line::Look::kMain ? "" : line.look == Line::Look::kFaint ? " faint" : " other";
  }

  std::string grid() const {
    std::string lines, labels;
    for (const double tick : y_.ticks) {
      lines += "M" + place(kLeft, up(tick)) + "h" + format("%.0f", kWidth);
      labels += text(format("%.0f", kLeft - 6), format("%.1f", up(tick) + 4), "end", short_number(tick));
    }
    for (const double tick : x_.ticks) {
      // A label at the right edge ends there, or it would be cut off.
      const char* anchor = across(tick) > kLeft + kWidth - 12 ? "end" : "middle";
      labels += text(format("%.1f", across(tick)), format("%.0f", kTop + kHeight + 15), anchor, short_number(tick));
    }
    labels += text(format("%.0f", kLeft + kWidth / 2), format("%.0f", kTop + kHeight + 30), "middle", chart_.x_name);
    return path("grid", lines) + labels;
  }

  // Of the points of a column the lowest and the highest, in the order in which they come.
  std::string curve(const Line& line) const {
    std::string strokes, dots;
    std::size_t drawn = 0;
    bool open = false;
    const auto add = [&](std::size_t i) {
      strokes += (open ? "L" : "M") + place(across(line.x[i]), up(line.y[i]));
      open = true;
      ++drawn;
    };
    for (std::size_t i = 0; i < line.y.size();) {
      if (!std::isfinite(line.y[i])) {
        open = false;
        ++i;
        continue;
      }
      const double column = std::floor(x_.share(line.x[i]) * kColumns);
      std::size_t low = i, high = i;
      for (; i < line.y.size() && std::isfinite(line.y[i]) && std::floor(x_.share(line.x[i]) * kColumns) == column;
           ++i) {
        if (line.y[i] < line.y[low]) low = i;
        if (line.y[i] > line.y[high]) high = i;
      }
      add(std::min(low, high));
      if (low != high) add(std::max(low, high));
    }
    if (drawn <= 40 && line.look != Line::Look::kFaint) {
      for (std::size_t i = 0; i < line.y.size(); ++i) {
        if (!std::isfinite(line.y[i])) continue;
        dots += dot(std::string("dot") + look(line),
                    {format("%.1f", across(line.x[i])), format("%.1f", up(line.y[i])), "2.5"});
        if (dots.size() > 8000) break;
      }
    }
    return path(std::string("curve") + look(line), strokes) + dots;
  }

  // Upright strips that tell the values under the pointer.
  std::string tips() const {
    std::string out;
    std::vector<std::size_t> next(chart_.lines.size(), 0);
    for (int strip = 0; strip < kTips; ++strip) {
      std::string tip;
      for (std::size_t k = 0; k < chart_.lines.size(); ++k) {
        const Line& line = chart_.lines[k];
        std::optional<std::size_t> last;
        for (; next[k] < line.x.size() && x_.share(line.x[next[k]]) * kTips <= strip + 1; ++next[k]) {
          if (std::isfinite(line.y[next[k]])) last = next[k];
        }
        if (!last) continue;
        if (tip.empty()) tip = chart_.x_name + " " + format("%.0f", line.x[*last]);
        tip += "\n" + line.name + " " + format("%.4g", line.y[*last]);
      }
      if (tip.empty()) continue;
      out += titled_box("tip",
                        {format("%.0f", kLeft + kWidth / kTips * strip), format("%.0f", kTop),
                         format("%.0f", kWidth / kTips), format("%.0f", kHeight)},
                        tip);
    }
    return out;
  }

  const LineChart& chart_;
  Axis x_, y_;
  bool empty_ = true;
};

}  // namespace

std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-2)) {
    std::string text = format("%.1e", value);
    for (const char* zero : {".0", "e-0", "e+0"}) {  // "5.0e-04" is "5e-4"
      const std::size_t at = text.find(zero);
      if (at != std::string::npos) text.erase(zero[0] == '.' ? at : at + 2, zero[0] == '.' ? 2 : 1);
    }
    return text;
  }
  if (size >= 1e6) return format("%.4g", value / 1e6) + "M";
  if (size >= 1e4) return format("%.4g", value / 1e3) + "k";
  return format("%.4g", value);
}

std::string draw(const LineChart& chart) {
  const Drawing drawing(chart);
  if (drawing.empty()) return "";
  return figure({.look = "lines",
                 .title = chart.title,
                 .legend = escape(chart.summary) + drawing.legend(),
                 .label = chart.title + ": " + chart.summary,
                 .width = format("%.0f", kLeft + kWidth + kRight),
                 .height = format("%.0f", kTop + kHeight + kBottom),
                 .svg = drawing.svg()});
}

}  // namespace ccx::report
