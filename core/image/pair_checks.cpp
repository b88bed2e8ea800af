// The checks, cheap ones first (pair_checks.h).
#include "core/image/pair_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/image/shift.h"

namespace ccx::image {

namespace {

constexpr double kLeastSpread = 8;    // brightness levels between the 2nd and the 98th percentile
constexpr int kGreyTolerance = 4;     // levels between the channels of a grey pixel: a JPEG's rounding
constexpr double kToldNodata = 0.01;  // share of a picture
constexpr double kToldScale = 1.2;    // of ground pixel sizes
constexpr double kLargest = 8;        // times the model's input, a side

constexpr std::array<const char*, 9> kNames = {"low_contrast",  "grey",    "nodata",     "size_differs",
                                               "scale_differs", "shifted", "same_image", "much_larger_than_model",
                                               "damaged"};

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

std::string size_text(const DateFacts& date) {
  return std::to_string(date.width) + "x" + std::to_string(date.height);
}

}  // namespace

std::string warning_name(WarningCode code) {
  return kNames[static_cast<std::size_t>(code)];
}

std::vector<std::string> all_warning_names() {
  return {kNames.begin(), kNames.end()};
}

std::vector<PairWarning> check_pair_images(const DateFacts& before, const DateFacts& after, int model_size,
                                           std::optional<double> scale) {
  std::vector<PairWarning> out;
  const bool flat[] = {has_low_contrast(before), has_low_contrast(after)};
  add_for_dates(out, WarningCode::kLowContrast, flat[0], flat[1], "is nearly one value", "are nearly one value");
  add_for_dates(out, WarningCode::kGrey, is_grey(before, flat[0]), is_grey(after, flat[1]),
                "is grey, and the model knows colour", "are grey, and the model knows colour");
  const double gone[] = {before.info.nodata, after.info.nodata};
  if (std::max(gone[0], gone[1]) >= kToldNodata) {
    out.push_back(
        {WarningCode::kNodata,
         text("no data in %.1f %% of the before image and %.1f %% of the after image", 100 * gone[0], 100 * gone[1]),
         std::nullopt});
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
  const std::string& doubt = before.info.doubt.empty() ? after.info.doubt : before.info.doubt;
  add_for_dates(out, WarningCode::kDamaged, !before.info.doubt.empty(), !after.info.doubt.empty(),
                ("may be damaged: " + doubt).c_str(), ("may be damaged: " + doubt).c_str());
  return out;
}

}  // namespace ccx::image
