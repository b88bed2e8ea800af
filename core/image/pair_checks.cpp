// The checks, cheap ones first (pair_checks.h).
#include "core/image/pair_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "core/image/collar.h"
#include "core/image/shift.h"

namespace ccx::image {

namespace {

constexpr double kLeastSpread = 8;    // brightness levels between the 2nd and the 98th percentile
constexpr int kGreyTolerance = 4;     // levels between the channels of a grey pixel: a JPEG's rounding
constexpr double kToldNodata = 0.01;  // share of a picture
constexpr double kToldScale = 1.2;    // of ground pixel sizes
constexpr double kLargest = 8;        // times the model's input, a side

constexpr std::array<const char*, 13> kNames = {
    "low_contrast",           "grey",    "nodata",        "size_differs", "scale_differs", "shifted",      "same_image",
    "much_larger_than_model", "damaged", "bands_unclear", "unaligned",    "turned",        "several_pages"};

template <typename... Values>
std::string text(const char* format, Values... values) {
  char buffer[192];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

// "the before image", "the after image" or "both images" of the dates that are concerned.
std::string which(bool before, bool after) {
  return before && after ? "both images" : before ? "the before image" : "the after image";
}

bool has_low_contrast(const DateFacts& date) {
  if (date.info.is_nearly_one_value) return true;
  std::array<std::size_t, 256> counts{};
  const std::size_t pixels = date.small.rgb.size() / 3;
  const uint8_t* p = date.small.rgb.data();
  for (std::size_t i = 0; i < pixels; ++i, p += 3) ++counts[static_cast<std::size_t>((p[0] + 2 * p[1] + p[2] + 2) / 4)];
  const auto level = [&](double share) {
    std::size_t below = 0;
    for (int value = 0; value < 256; ++value) {
      below += counts[static_cast<std::size_t>(value)];
      if (static_cast<double>(below) > share * static_cast<double>(pixels)) return value;
    }
    return 255;
  };
  return level(0.98) - level(0.02) < kLeastSpread;
}

// One that is nearly one value has no colours to be told by.
bool is_grey(const DateFacts& date, bool is_flat) {
  if (date.info.bands.size() == 1) return true;
  if (is_flat) return false;
  const uint8_t* p = date.small.rgb.data();
  for (std::size_t i = 0; i < date.small.rgb.size(); i += 3) {
    const auto [least, most] = std::minmax({p[i], p[i + 1], p[i + 2]});
    if (most - least > kGreyTolerance) return false;
  }
  return true;
}

void add_for_dates(std::vector<PairWarning>& out, WarningCode code, bool before, bool after, const char* one,
                   const char* two) {
  if (before || after) out.push_back({code, which(before, after) + " " + (before && after ? two : one), std::nullopt});
}

constexpr int kFlat = 3;         // levels about 0 or 255: a JPEG's rounding
constexpr int kNearlyFlat = 13;  // what a fading shore or a blended edge would be
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

// The colour that fills much of an image's edge to the level, as some writers fill what they have no data of; none
// where that is nearly black or white, which is looked for anyhow.
std::optional<Colour> edge_colour(const Image& image) {
  std::map<Colour, int> counts;
  const auto look = [&](int x, int y) {
    const uint8_t* pixel = &image.rgb[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                                           static_cast<std::size_t>(x))];
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
    // What the other date lacks is hidden in both.
    const int away = !beside.missing.empty() && beside.missing[i] != 0 ? 255 : away_from(colour, &date.rgb[3 * i]);
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

// What the warning of missing data says; empty where there is none.
std::string missing_text(const DateFacts& before, const DateFacts& after) {
  std::string out;
  const double gone[] = {before.info.nodata, after.info.nodata};
  if (std::max(gone[0], gone[1]) >= kToldNodata) {
    out = text("no data in %.1f %% of the before image and %.1f %% of the after image", 100 * gone[0], 100 * gone[1]);
  }
  for (const bool is_after : {false, true}) {
    const DateFacts& date = is_after ? after : before;
    std::vector<Colour> colours = {kBlack, kWhite};
    if (const std::optional<Colour> edge = edge_colour(date.small)) colours.push_back(*edge);
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

// What two files ask for by EXIF's numbers, which is not done; empty where neither asks for anything.
std::string turned_text(int before, int after) {
  if (before == 1 && after == 1) return "";
  static constexpr std::array<const char*, 9> kAsked = {"",
                                                        "as it lies",
                                                        "mirrored",
                                                        "turned by 180 degrees",
                                                        "upside down",
                                                        "mirrored and turned by 90 degrees to the left",
                                                        "turned by 90 degrees to the right",
                                                        "mirrored and turned by 90 degrees to the right",
                                                        "turned by 90 degrees to the left"};
  const auto asked = [](int orientation) { return std::string(kAsked[static_cast<std::size_t>(orientation)]); };
  const std::string done = "; images are compared as they lie in their files";
  if (before == after) return "both files ask for their images to be shown " + asked(before) + done;
  return "the before image asks to be shown " + asked(before) + ", the after image " + asked(after) + done +
         ", so one lies askew: turn its pixels";
}

// Why the bands that are shown may not be red, green and blue; empty where nothing speaks against them.
std::string bands_text_of(const DateFacts& before, const DateFacts& after) {
  std::string out;
  const auto shown = [](const DateFacts& date) { return "bands " + bands_text(date.info.bands); };
  const bool alike = before.info.bands_doubt == after.info.bands_doubt && before.info.bands == after.info.bands;
  for (const DateFacts* date : {&before, &after}) {
    if (date->info.bands_doubt.empty() || (alike && date == &after)) continue;
    out += (out.empty() ? "" : "; ") + which(alike || date == &before, alike || date == &after) + ", shown by " +
           shown(*date) + ": " + date->info.bands_doubt;
  }
  const bool one_by_order = (before.info.bands_by == BandsBy::kOrder) != (after.info.bands_by == BandsBy::kOrder);
  if (out.empty() && one_by_order && before.info.bands_in_file == after.info.bands_in_file &&
      before.info.bands.size() == 3 && after.info.bands.size() == 3 && before.info.bands != after.info.bands) {
    out = "the before image is shown by " + shown(before) + ", the after image by " + shown(after) +
          ", and only one of them says which are red, green and blue";
  }
  return out;
}

std::string size_text(const DateFacts& date) {
  return std::to_string(date.width) + "x" + std::to_string(date.height);
}

// What the files say, or leave in doubt.
void add_for_files(std::vector<PairWarning>& out, const DateFacts& before, const DateFacts& after,
                   const PairPlace& place) {
  const std::string& doubt = before.info.doubt.empty() ? after.info.doubt : before.info.doubt;
  add_for_dates(out, WarningCode::kDamaged, !before.info.doubt.empty(), !after.info.doubt.empty(),
                ("may be damaged: " + doubt).c_str(), ("may be damaged: " + doubt).c_str());
  if (std::string unclear = bands_text_of(before, after); !unclear.empty()) {
    out.push_back({WarningCode::kBandsUnclear, unclear + "; --bands says which to show", std::nullopt});
  }
  if (!place.unaligned.empty()) {
    out.push_back({WarningCode::kUnaligned,
                   "the images were not brought to one ground, but compared as they are: " + place.unaligned,
                   std::nullopt});
  }
  if (std::string askew = turned_text(before.info.orientation, after.info.orientation); !askew.empty()) {
    out.push_back({WarningCode::kTurned, std::move(askew), std::nullopt});
  }
  if (before.info.pages > 1 || after.info.pages > 1) {
    const std::string pages = std::to_string(std::max(before.info.pages, after.info.pages));
    add_for_dates(out, WarningCode::kSeveralPages, before.info.pages > 1, after.info.pages > 1,
                  ("is the first of " + pages + " pages of its file, and the others were not read").c_str(),
                  ("are the first of up to " + pages + " pages of their files, and the others were not read").c_str());
  }
}

}  // namespace

std::string warning_name(WarningCode code) {
  return kNames[static_cast<std::size_t>(code)];
}

std::vector<std::string> all_warning_names() {
  return {kNames.begin(), kNames.end()};
}

std::vector<PairWarning> check_pair_images(const DateFacts& before, const DateFacts& after, int model_size,
                                           const PairPlace& place) {
  std::vector<PairWarning> out;
  const std::optional<double>& scale = place.scale;
  const bool flat[] = {has_low_contrast(before), has_low_contrast(after)};
  add_for_dates(out, WarningCode::kLowContrast, flat[0], flat[1], "is nearly one value", "are nearly one value");
  add_for_dates(out, WarningCode::kGrey, is_grey(before, flat[0]), is_grey(after, flat[1]),
                "is grey, and the model knows colour", "are grey, and the model knows colour");
  if (std::string missing = missing_text(before, after); !missing.empty()) {
    out.push_back({WarningCode::kNodata, std::move(missing), std::nullopt});
  }
  const bool sizes_differ = before.width != after.width || before.height != after.height;
  const bool scales_differ = scale && (*scale > kToldScale || *scale < 1 / kToldScale);
  if (sizes_differ && !scale) {
    out.push_back(
        {WarningCode::kSizeDiffers,
         "before is " + size_text(before) + ", after " + size_text(after) + " pixels; each was resized on its own",
         std::nullopt});
  }
  if (scales_differ) {
    out.push_back(
        {WarningCode::kScaleDiffers,
         text("a pixel of the after image is %.3g times as large on the ground as one of the before image", *scale),
         std::nullopt});
  }
  const bool same = before.info.content == after.info.content && !sizes_differ && before.small == after.small;
  if (!same && !flat[0] && !flat[1]) {
    if (const auto shift = find_shift(before.small, after.small)) {
      const double right = shift->right * after.width;
      const double down = shift->down * after.height;
      out.push_back({WarningCode::kShifted,
                     text("the after image shows the same, moved: it lies on the before image when moved by about %.0f "
                          "pixels right and %.0f down",
                          right, down),
                     std::array<double, 2>{right, down}});
    }
  }
  if (same) out.push_back({WarningCode::kSameImage, "the two images are equal, pixel for pixel", std::nullopt});
  const int sides[] = {std::max(before.width, before.height), std::max(after.width, after.height)};
  if (std::max(sides[0], sides[1]) > kLargest * model_size) {
    const DateFacts& larger = sides[0] >= sides[1] ? before : after;
    out.push_back({WarningCode::kMuchLargerThanModel,
                   size_text(larger) + " pixels are reduced to " + std::to_string(model_size) + "x" +
                       std::to_string(model_size) + ", which hides what is small; cut tiles",
                   std::nullopt});
  }
  add_for_files(out, before, after, place);
  return out;
}

}  // namespace ccx::image
