// Histograms as inline SVG.
#pragma once

#include <string>
#include <vector>

namespace ccx::report {

// Values in `bins` equal bins over [low, high]; values outside fall into the nearest bin. With a second set its bars
// stand beside the first's. Labels are plain text.
struct Histogram {
  std::string title;
  std::string unit;  // what a value is
  double low = 0;
  double high = 1;
  int bins = 20;
  std::vector<double> values;
  std::string values_name;  // for the legend, where there is a second set
  std::vector<double> others;
  std::string others_name;
};

// A <figure>; empty where there are no values.
std::string draw(const Histogram& histogram);

}  // namespace ccx::report
