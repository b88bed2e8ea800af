// Pieces of drawings in SVG. Places and lengths are written as they are given; titles and texts are plain.
#pragma once

#include <string>

#include "core/report/html.h"

namespace ccx::report {

// A length or a place.
inline std::string number(double value) {
  return format("%.4g", value);
}

// anchor: start, middle or end.
std::string text(const std::string& x, const std::string& y, const char* anchor, const std::string& content);
inline std::string text(double x, double y, const char* anchor, const std::string& content) {
  return text(number(x), number(y), anchor, content);
}

// look: its classes. d: what it draws.
std::string path(const std::string& look, const std::string& d);
std::string titled_path(const std::string& look, const std::string& d, const std::string& title);

struct Box {
  std::string x, y, width, height;
};
std::string titled_box(const std::string& look, const Box& box, const std::string& title);

struct Dot {
  std::string x, y, radius;
};
std::string dot(const std::string& look, const Dot& dot);
std::string titled_dot(const std::string& look, const Dot& dot, const std::string& title);

// A drawing with what stands above it.
struct Figure {
  std::string look;  // its class, if any
  std::string title;
  std::string legend;  // HTML
  std::string label;   // for those who do not see it
  std::string width, height;
  std::string svg;
};
std::string figure(const Figure& figure);

}  // namespace ccx::report
