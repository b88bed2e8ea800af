#include "core/report/outlines.h"

#include <algorithm>

#include "core/change/mask_png.h"
#include "core/report/html.h"

namespace ccx::report {
namespace {

std::string class_of(std::size_t kind) {
  return "o" + std::to_string(kind);
}

std::string rgb(const std::array<uint8_t, 3>& colour) {
  return "rgb(" + std::to_string(colour[0]) + "," + std::to_string(colour[1]) + "," + std::to_string(colour[2]) + ")";
}

// The likeliest kind that is in a block of pixels, nothing only where nothing else is: thin changes stay visible.
change::KindMask thinned(const change::KindMask& mask, int most) {
  const int longest = std::max(mask.width, mask.height);
  if (longest <= most) return mask;
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(static_cast<int64_t>(side) * most / longest));
  };
  change::KindMask out{scaled(mask.height), scaled(mask.width), {}};
  out.kinds.reserve(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    const int64_t top = static_cast<int64_t>(y) * mask.height / out.height,
                  bottom = static_cast<int64_t>(y + 1) * mask.height / out.height;
    for (int x = 0; x < out.width; ++x) {
      const int64_t left = static_cast<int64_t>(x) * mask.width / out.width,
                    right = static_cast<int64_t>(x + 1) * mask.width / out.width;
      std::array<int64_t, kChangeKindCount> counts{};
      for (int64_t row = top; row < bottom; ++row) {
        for (int64_t column = left; column < right; ++column) {
          ++counts[std::min<std::size_t>(mask.kinds[static_cast<std::size_t>(row * mask.width + column)],
                                         kChangeKindCount - 1)];
        }
      }
      const int64_t pixels = (bottom - top) * (right - left);
      const auto largest = std::max_element(counts.begin() + 1, counts.end());
      const bool changed = 4 * (pixels - counts[0]) >= pixels;
      out.kinds.push_back(changed ? static_cast<uint8_t>(largest - counts.begin()) : uint8_t{0});
    }
  }
  return out;
}

std::string move_to(int x, int y) {
  return "M" + std::to_string(x) + " " + std::to_string(y);
}

// The path along the pixel edges where `kind` ends, each straight run of them in one stroke.
std::string border(const change::KindMask& mask, uint8_t kind) {
  const auto is = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < mask.width && y < mask.height &&
           mask.kinds[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) +
                      static_cast<std::size_t>(x)] == kind;
  };
  std::string path;
  for (int y = 0; y <= mask.height; ++y) {
    for (int x = 0, run = 0; x <= mask.width; ++x) {
      const bool edge = x < mask.width && is(x, y - 1) != is(x, y);
      if (!edge && run > 0) path += move_to(x - run, y) + "h" + std::to_string(run);
      run = edge ? run + 1 : 0;
    }
  }
  for (int x = 0; x <= mask.width; ++x) {
    for (int y = 0, run = 0; y <= mask.height; ++y) {
      const bool edge = y < mask.height && is(x - 1, y) != is(x, y);
      if (!edge && run > 0) path += move_to(x, y - run) + "v" + std::to_string(run);
      run = edge ? run + 1 : 0;
    }
  }
  return path;
}

std::string drawing(const std::array<std::string, kChangeKindCount>& paths, int width, int height) {
  std::string out;
  for (std::size_t kind = 1; kind < paths.size(); ++kind) {
    if (!paths[kind].empty()) out += "<path class=\"" + class_of(kind) + "\" d=\"" + paths[kind] + "\"/>";
  }
  if (out.empty()) return out;
  return "<svg class=\"outlines\" aria-hidden=\"true\" viewBox=\"0 0 " + std::to_string(width) + " " +
         std::to_string(height) + "\">" + out + "</svg>";
}

}  // namespace

Outlines mask_outlines(const change::KindMask& mask, int most) {
  const change::KindMask small = thinned(mask, std::max(most, 1));
  std::array<std::string, kChangeKindCount> paths;
  Outlines out;
  for (std::size_t kind = 1; kind < paths.size(); ++kind) {
    paths[kind] = border(small, static_cast<uint8_t>(kind));
    out.kinds[kind] = !paths[kind].empty();
  }
  out.svg = drawing(paths, small.width, small.height);
  return out;
}

Outlines place_outlines(const std::vector<pairs::PredictedPlace>& places, int width, int height) {
  std::array<std::string, kChangeKindCount> paths;
  Outlines out;
  for (const pairs::PredictedPlace& place : places) {
    const auto kind = static_cast<std::size_t>(place.kind);
    const auto [x, y, w, h] = place.box;
    const int left = std::clamp(x, 0, width), right = std::clamp(w < width - left ? x + w : width, left, width);
    const int top = std::clamp(y, 0, height), bottom = std::clamp(h < height - top ? y + h : height, top, height);
    if (kind == 0 || kind >= paths.size() || left == right || top == bottom) continue;
    paths[kind] += move_to(left, top) + "H" + std::to_string(right) + "V" + std::to_string(bottom) + "H" +
                   std::to_string(left) + "Z";
    out.kinds[kind] = true;
  }
  out.svg = drawing(paths, width, height);
  return out;
}

std::string outline_style() {
  std::string out =
      ".shot{position:relative}.outlines{position:absolute;inset:0;width:100%;height:100%;pointer-events:none;"
      "filter:drop-shadow(0 0 1px #000)}.outlines path,.stroke path{fill:none;stroke-width:1.6;"
      "vector-effect:non-scaling-stroke}.plain .outlines{display:none}"
      ".strokes{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.85rem;color:var(--soft)}"
      ".strokes label{display:flex;gap:6px;color:var(--ink);cursor:pointer}.strokes span{white-space:nowrap}"
      ".stroke{display:inline-block;width:1.5em;height:.7em;margin-right:.4em;background:#333;border-radius:3px}";
  for (std::size_t kind = 1; kind < change::kKindColours.size(); ++kind) {
    const auto& colour = change::kKindColours[kind];
    out += "." + class_of(kind) + "{stroke:" + rgb(colour) + "}";
  }
  // What is gone is dashed: not told by colour alone.
  return out + "." + class_of(static_cast<std::size_t>(ChangeKind::kBuildingRemoved)) + ",." +
         class_of(static_cast<std::size_t>(ChangeKind::kVegetationLost)) + "{stroke-dasharray:4 2}";
}

std::string outline_key(ChangeKind kind) {
  std::string name = change_kind_name(kind);
  std::replace(name.begin(), name.end(), '_', ' ');
  return "<span><svg class=\"stroke\" aria-hidden=\"true\" viewBox=\"0 0 24 11\"><path class=\"" +
         class_of(static_cast<std::size_t>(kind)) + "\" d=\"M2 5.5h20\"/></svg>" + name + "</span>";
}

}  // namespace ccx::report
