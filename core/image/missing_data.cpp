// The warning of missing data (missing_data.h).
#include "core/image/missing_data.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <vector>

#include "core/image/collar.h"
#include "core/image/warning_text.h"

namespace ccx::image {

namespace {

constexpr double kToldNodata = 0.01;  // share of a picture
constexpr int kFlat = 3;              // levels about 0 or 255: a JPEG's rounding
constexpr int kNearlyFlat = 13;       // what a fading shore or a blended edge would be
constexpr double kToldBlack = 0.02, kToldWhite = 0.05;
constexpr double kWholeImage = 0.95;  // what has another warning, of low contrast

using Colour = std::array<uint8_t, 3>;
constexpr Colour kBlack = {0, 0, 0}, kWhite = {255, 255, 255};

int away_from(const Colour& colour, const uint8_t* pixel) {
  // Or one that is as good as any beyond all bounds: most pixels are beyond them by their first channel.
  int most = 0;
  for (std::size_t c = 0; c < 3 && most <= kNearlyFlat; ++c)
    most = std::max(most, std::abs(int{pixel[c]} - int{colour[c]}));
  return most;
}

// What is known to hold no data has been filled, and has its share told.
bool is_missing(const DateFacts& date, std::size_t pixel) {
  return !date.missing.empty() && date.missing[pixel] != 0;
}

// The colour that fills much of an image's edge to the level, as some writers fill what they have no data of; none
// where that is nearly black or white, which is looked for anyhow.
std::optional<Colour> edge_colour(const DateFacts& date) {
  const Image& image = date.small;
  std::map<Colour, int> counts;
  const auto look = [&](int x, int y) {
    const std::size_t at =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x);
    if (is_missing(date, at)) return;
    const uint8_t* pixel = &image.rgb[3 * at];
    ++counts[{pixel[0], pixel[1], pixel[2]}];
  };
  for (int x = 0; x < image.width; ++x) {
    look(x, 0);
    look(x, image.height - 1);
  }
  for (int y = 1; y + 1 < image.height; ++y) {
    look(0, y);
    look(image.width - 1, y);
  }
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& one, const auto& two) { return one.second < two.second; });
  constexpr int kLeastShare = 10;  // a tenth of the edge
  if (most == counts.end() || most->second * kLeastShare < 2 * (image.width + image.height)) return std::nullopt;
  const Colour& colour = most->first;
  const bool is_told =
      away_from(kBlack, colour.data()) <= kNearlyFlat || away_from(kWhite, colour.data()) <= kNearlyFlat;
  return is_told ? std::nullopt : std::optional(colour);
}

// The share of one date that is of one colour in large areas, from its edge unless it is black, where the other date
// shows something else. In 8 bits that may be water or snow, so it is told and left as it is.
double flat_share(const DateFacts& shown, const DateFacts& beside, const Colour& colour) {
  const Image& date = shown.small;
  const Image& other = beside.small;
  if (date.rgb.size() != other.rgb.size()) return 0;
  // Bytes that are near enough: no areas can have more pixels than a third of them, and mostly these are too few
  // already.
  const double least = colour == kBlack ? kToldBlack : kToldWhite;
  const std::size_t pixels = date.rgb.size() / 3;
  if (colour == kBlack || colour == kWhite) {
    const auto near_bytes = std::count_if(date.rgb.begin(), date.rgb.end(), [value = int{colour[0]}](uint8_t byte) {
      return std::abs(byte - value) <= kNearlyFlat;
    });
    if (static_cast<double>(near_bytes) / 3 / static_cast<double>(pixels) < least) return 0;
  }
  const int flat = colour == kBlack || colour == kWhite ? kFlat : 0;
  std::vector<uint8_t> marks(pixels, kFar);
  const auto width = static_cast<std::size_t>(date.width);
  std::size_t filled = 0, near = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    // What either date lacks is hidden in both.
    const int away = is_missing(shown, i) || is_missing(beside, i) ? 255 : away_from(colour, &date.rgb[3 * i]);
    if (away > kNearlyFlat) continue;
    const bool in_both = away_from(colour, &other.rgb[3 * i]) <= kNearlyFlat;
    marks[i] = away > flat ? kNear : in_both ? kFar : kFilled;
    filled += marks[i] == kFilled ? 1 : 0;
    near += marks[i] == kNear ? 1 : 0;
  }
  // No areas can be larger than all of it together.
  if (filled == 0 || static_cast<double>(filled + near) / static_cast<double>(pixels) < least) return 0;
  // A resized or compressed edge blurs over a pixel or two.
  for (int step = 0; step < 2; ++step) {
    const std::vector<uint8_t> was = marks;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (was[i] != kNear) continue;
      const std::size_t x = i % width;
      const bool touches = (x > 0 && was[i - 1] == kFilled) || (x + 1 < width && was[i + 1] == kFilled) ||
                           (i >= width && was[i - width] == kFilled) ||
                           (i + width < was.size() && was[i + width] == kFilled);
      if (touches) marks[i] = kFilled;
    }
  }
  return keep_collars(marks, date.width, date.height, colour == kBlack, least);
}

}  // namespace

std::string missing_text(const DateFacts& before, const DateFacts& after) {
  std::string out;
  const double gone[] = {before.info.nodata, after.info.nodata};
  if (std::max(gone[0], gone[1]) >= kToldNodata) {
    out = text("no data in %.1f %% of the before image and %.1f %% of the after image", 100 * gone[0], 100 * gone[1]);
  }
  for (const bool is_after : {false, true}) {
    const DateFacts& date = is_after ? after : before;
    std::vector<Colour> colours = {kBlack, kWhite};
    if (const std::optional<Colour> edge = edge_colour(date)) colours.push_back(*edge);
    for (const Colour& colour : colours) {
      const bool is_edge = colour != kBlack && colour != kWhite;
      const double share = flat_share(date, is_after ? before : after, colour);
      if (share == 0 || (is_edge && share > kWholeImage)) continue;
      out += (out.empty() ? "" : "; ") + text("%.1f %% of ", 100 * share) + which(!is_after, is_after) + " is " +
             (is_edge ? text("of one colour (%d,%d,%d)", colour[0], colour[1], colour[2])
                      : std::string(colour == kBlack ? "pure black" : "pure white")) +
             " in large areas, as where there is no data, and was shown as it is";
    }
  }
  return out;
}

}  // namespace ccx::image
