// A line of paths cut into its fields, without what people put before a line or between two paths: a number, a bullet,
// an arrow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// The fields of a line of paths. Between tabs, commas, semicolons or bars as in a table; between spaces a path, which
// may hold spaces itself, ends where a picture's extension does. What stands between two paths as "->" or "vs" does is
// no part of either.
std::vector<std::string> fields_of_line(const std::string& line, const std::string& name);

// What stands before the paths in every line of a text.
enum class LineMarker : uint8_t {
  kNone,
  kBullet,  // "- x.png", "3. x.png", "[3] x.png"
  kName,    // "3 A/x.png B/x.png": a number or an id, and a blank
  kLabel    // "pair 3: A/x.png, B/x.png"
};
LineMarker marker_of(std::string_view text, const std::string& name);

// The line without such a mark. A name becomes a field of its own where two paths follow, and is dropped otherwise.
std::string without_marker(const std::string& line, LineMarker marker);

}  // namespace ccx::pairs
