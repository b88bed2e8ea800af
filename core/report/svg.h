// Pieces of drawings in SVG.
#pragma once

#include <string>

#include "core/report/html.h"

namespace ccx::report {

// A length or a place.
inline std::string number(double value) {
  return format("%.4g", value);
}

// anchor: start, middle or end. content: plain text.
inline std::string text(double x, double y, const char* anchor, const std::string& content) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" + escape(content) +
         "</text>";
}

}  // namespace ccx::report
