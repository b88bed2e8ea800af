// Outlines of what changed, drawn over a picture as SVG.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/change/change_map.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::report {

struct Outlines {
  std::string svg;                             // empty where nothing changed
  std::array<bool, kChangeKindCount> kinds{};  // which are drawn
};

// Along the borders of the mask's kinds, in the mask's pixels; large masks are thinned to `most` pixels a side first.
Outlines mask_outlines(const change::KindMask& mask, int most);

// Boxes of places, for records without masks, over a picture of `width` x `height` pixels. What lies outside is cut.
Outlines place_outlines(const std::vector<pairs::PredictedPlace>& places, int width, int height);

// The colours of the outlines, and how they lie over a picture.
std::string outline_style();

// "building built", with a stroke as it is drawn.
std::string outline_key(ChangeKind kind);

}  // namespace ccx::report
