// Lines over steps as inline SVG, thinned to what a screen can show.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ccx::report {

struct Line {
  enum class Look { kMain, kFaint, kOther };
  std::string name;  // for the legend and the tips; plain text
  Look look = Look::kMain;
  std::vector<double> x, y;  // x ascending; a y that is not finite is a gap
};

struct LineChart {
  enum class Scale {
    kLinear,
    kFromZero,
    kLogarithmic,  // linear where a value is not positive, or all are within a factor of 8
  };
  std::string title;
  std::string summary;  // beside the title: what the eye should take away
  std::string x_name = "step";
  Scale scale = Scale::kLinear;
  std::vector<Line> lines;
  std::optional<double> mark;  // an x with an upright line
  std::string mark_name;
};

// A <figure>, at most some 30 KB however many points there are: of those that share a column the lowest and the highest
// are drawn. Empty where there are no finite values.
std::string draw(const LineChart& chart);

// Numbers as an axis writes them: "5e-4", "0.05", "20k", "1.5M".
std::string short_number(double value);

}  // namespace ccx::report
