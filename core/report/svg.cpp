#include "core/report/svg.h"

namespace ccx::report {
namespace {

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + value + "\"";
}

std::string circle(const std::string& look, const Dot& dot) {
  return "<circle" + attribute("class", look) + attribute("cx", dot.x) + attribute("cy", dot.y) +
         attribute("r", dot.radius);
}

std::string titled(const std::string& title) {
  return "><title>" + escape(title) + "</title></";
}

}  // namespace

std::string text(const std::string& x, const std::string& y, const char* anchor, const std::string& content) {
  return "<text" + attribute("x", x) + attribute("y", y) + attribute("text-anchor", anchor) + ">" + escape(content) +
         "</text>";
}

std::string path(const std::string& look, const std::string& d) {
  return "<path" + attribute("class", look) + attribute("d", d) + "/>";
}

std::string titled_path(const std::string& look, const std::string& d, const std::string& title) {
  return "<path" + attribute("class", look) + attribute("d", d) + titled(title) + "path>";
}

std::string titled_box(const std::string& look, const Box& box, const std::string& title) {
  return "<rect" + attribute("class", look) + attribute("x", box.x) + attribute("y", box.y) +
         attribute("width", box.width) + attribute("height", box.height) + titled(title) + "rect>";
}

std::string dot(const std::string& look, const Dot& dot) {
  return circle(look, dot) + "/>";
}

std::string titled_dot(const std::string& look, const Dot& dot, const std::string& title) {
  return circle(look, dot) + titled(title) + "circle>";
}

std::string figure(const Figure& f) {
  return "<figure" + (f.look.empty() ? "" : attribute("class", f.look)) + "><figcaption>" + escape(f.title) +
         "<span class=\"legend\">" + f.legend + "</span></figcaption><svg" +
         attribute("viewBox", "0 0 " + f.width + " " + f.height) + attribute("role", "img") +
         attribute("aria-label", escape(f.label)) + ">" + f.svg + "</svg></figure>\n";
}

}  // namespace ccx::report
