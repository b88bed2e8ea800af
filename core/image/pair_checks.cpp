// The checks, cheap ones first (pair_checks.h).
#include "core/image/pair_checks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/image/missing_data.h"
#include "core/image/shift.h"
#include "core/image/warning_text.h"

namespace ccx::image {

namespace {

constexpr double kLeastSpread = 8;  // brightness levels between the 2nd and the 98th percentile
constexpr int kGreyTolerance = 4;   // levels between the channels of a grey pixel: a JPEG's rounding
constexpr double kToldScale = 1.2;  // of ground pixel sizes
constexpr double kLargest = 8;      // times the model's input, a side

constexpr double kLittleShared = 0.25;  // of the smaller picture

constexpr std::array<const char*, 14> kNames = {
    "low_contrast",  "grey",          "nodata",     "size_differs",
    "scale_differs", "shifted",       "same_image", "much_larger_than_model",
    "damaged",       "bands_unclear", "unaligned",  "turned",
    "several_pages", "little_shared"};

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

// What EXIF's numbers ask for, 1 to 8.
std::string asked(int orientation) {
  static constexpr std::array<const char*, 9> kAsked = {"",
                                                        "as it lies",
                                                        "mirrored",
                                                        "turned by 180 degrees",
                                                        "upside down",
                                                        "mirrored and turned by 90 degrees to the left",
                                                        "turned by 90 degrees to the right",
                                                        "mirrored and turned by 90 degrees to the right",
                                                        "turned by 90 degrees to the left"};
  return kAsked[static_cast<std::size_t>(orientation)];
}

// What two files ask for, which is not done; empty where neither asks for anything.
std::string turned_text(int before, int after) {
  if (before == 1 && after == 1) return "";
  const std::string done = "; images are compared as they lie in their files";
  if (before == after) return "both files ask for their images to be shown " + asked(before) + done;
  return "the before image asks to be shown " + asked(before) + ", the after image " + asked(after) + done +
         ", so one lies askew: turn its pixels";
}

// Which dates do not have north up, by where their files say that they lie; empty where both have.
std::string north_text(const std::array<int, 2>& north) {
  std::string out;
  for (const bool is_after : {false, true}) {
    const int orientation = north[is_after ? 1 : 0];
    if (orientation == 1 || (is_after && orientation == north[0])) continue;
    const bool both = north[0] == north[1];
    out += (out.empty() ? "" : "; ") + which(both || !is_after, both || is_after) + (both ? " have" : " has") +
           " north up when shown " + asked(orientation);
  }
  return out.empty() ? out
                     : out + ", by where the file says that it lies; images were compared as they lie in their files";
}

// Which of several pictures of their files are shown; empty where there is no doubt.
std::string pages_text(const std::string& before, const std::string& after) {
  if (before == after) return before.empty() ? "" : "each image is " + before;
  std::string out = before.empty() ? "" : "the before image is " + before;
  if (!after.empty()) out += (out.empty() ? "" : "; ") + std::string("the after image is ") + after;
  return out;
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
  if (std::string askew = north_text(place.north); !askew.empty()) {
    out.push_back({WarningCode::kTurned, std::move(askew), std::nullopt});
  }
  if (std::string pages = pages_text(before.info.page_note, after.info.page_note); !pages.empty()) {
    out.push_back({WarningCode::kSeveralPages, std::move(pages), std::nullopt});
  }
  if (place.shared < kLittleShared) {
    out.push_back(
        {WarningCode::kLittleShared,
         text("the two share %.1f %% of the ground of the smaller one, and only that was compared", 100 * place.shared),
         std::nullopt});
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
