// The warning of missing data (missing_data.h).
#include "core/image/missing_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <vector>

#include "core/image/collar.h"
#include "core/image/warning_text.h"

namespace ccx::image {

namespace {

constexpr double kToldNodata = 0.01;   // share of a picture
constexpr int kFlat = 3;               // levels about 0 or 255: a JPEG's rounding
constexpr int kNearlyFlat = 13;        // what a fading shore or a blended edge would be
constexpr double kPartlyAbrupt = 0.5;  // of an area's edge, where compression has left its traces about it
constexpr double kSolidIfPlain = 0.8;
constexpr double kSolid = 0.88;  // of such an area with its rim
constexpr double kBlock = 8;     // pixels of a file, a side: what a JPEG compresses together
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

// Takes to an area what is much like it beside it, `steps` times a pixel.
void grow(std::vector<uint8_t>& marks, std::size_t width, int steps, uint8_t taken) {
  const auto is_of_area = [](uint8_t mark) { return mark == kFilled || mark == kRim; };
  for (int step = 0; step < steps; ++step) {
    const std::vector<uint8_t> was = marks;
    bool grew = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (was[i] != kNear) continue;
      const std::size_t x = i % width;
      const bool touches = (x > 0 && is_of_area(was[i - 1])) || (x + 1 < width && is_of_area(was[i + 1])) ||
                           (i >= width && is_of_area(was[i - width])) ||
                           (i + width < was.size() && is_of_area(was[i + width]));
      if (touches) marks[i] = taken;
      grew = grew || touches;
    }
    if (!grew) return;
  }
}

// The share that a writer's filling has of a picture by its marks.
double share_of_collars(const std::vector<uint8_t>& marks, const DateFacts& date, const CollarRule& sharp) {
  constexpr int kBlurred = 2;  // pixels of a resized edge
  const auto width = static_cast<std::size_t>(date.small.width);
  const auto keep = [&](std::vector<uint8_t>& in, const CollarRule& rule) {
    return keep_collars(in, date.small.width, date.small.height, rule);
  };
  std::vector<uint8_t> found = marks;
  grow(found, width, kBlurred, kFilled);
  std::vector<uint8_t> partly = found;
  const double share = keep(found, sharp);
  // A JPEG's and a WebP's edge rings as far as the block reaches that it lies in. The area itself is flat all the same,
  // and behind that block something else begins.
  CollarRule rule = sharp;
  rule.abrupt = kPartlyAbrupt;
  if (keep(partly, rule) == 0) return share;
  std::vector<uint8_t> ringing = marks;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] == kFilled && partly[i] != kFilled) ringing[i] = kNear;
  }
  const double scale = std::max(static_cast<double>(date.small.width) / std::max(1, date.width),
                                static_cast<double>(date.small.height) / std::max(1, date.height));
  grow(ringing, width, static_cast<int>(std::ceil(kBlock * scale)), kRim);
  rule = sharp;
  rule.solid = kSolid;
  rule.solid_if_plain = kSolidIfPlain;
  return std::max(share, keep(ringing, rule));
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
  return share_of_collars(marks, shown, {.anywhere = colour == kBlack, .least = least});
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
