#include "core/model/parts.h"

#include <string_view>

#include "core/base/error.h"

namespace ccx::model {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

Part part_of(const std::string& parameter) {
  if (parameter.rfind("change_head.", 0) == 0) return Part::kChangeHead;
  if (contains(parameter, "vision_tower.adapters.")) return Part::kDifference;
  if (contains(parameter, "vision_tower")) return Part::kTower;
  if (contains(parameter, "vision_resampler")) return Part::kDifference;
  if (contains(parameter, "mm_projector")) return Part::kProjector;
  return Part::kLanguage;
}

const char* part_name(Part part) {
  switch (part) {
    case Part::kTower:
      return "tower";
    case Part::kDifference:
      return "difference";
    case Part::kProjector:
      return "projector";
    case Part::kLanguage:
      return "language";
    case Part::kChangeHead:
      return "change_head";
  }
  return "";
}

Part parse_part(const std::string& name) {
  for (const Part part : {Part::kTower, Part::kDifference, Part::kProjector, Part::kLanguage, Part::kChangeHead}) {
    if (name == part_name(part)) return part;
  }
  throw UsageError("\"" + name +
                   "\" is no part of the model: choose tower, difference, projector, language or change_head");
}

}  // namespace ccx::model
