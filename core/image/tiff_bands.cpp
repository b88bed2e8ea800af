// Photometric interpretation, extra samples and GDAL's items (tiff_bands.h).
#include "core/image/tiff_bands.h"

#include <map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/image/gdal_metadata.h"

namespace ccx::image {

namespace {

constexpr int kRgb = 2, kInks = 5, kYCbCr = 6;
constexpr int kMostSamples = 65535;

// Items by name and domain, in any case. The last of a name is the one that counts.
using Items = std::map<std::pair<std::string, std::string>, std::string>;

MetadataItem items_of(const Items& items) {
  return [&items](const char* name, const char* domain) -> const char* {
    const auto found = items.find({ascii::lower(name), ascii::lower(domain)});
    return found == items.end() ? nullptr : found->second.c_str();
  };
}

// What GDAL's metadata say of one band.
struct BandItems {
  Items items;
  std::string description;
  std::string meaning;  // of its colour; empty: not told
};

BandMeaning tagged_meaning(const TiffBandTags& tags, int sample) {
  const int base = tags.samples - static_cast<int>(tags.extra.size());
  const int kind = sample >= base && base >= 0 ? tags.extra[static_cast<std::size_t>(sample - base)] : 0;
  const bool is_alpha = kind == 1 || kind == 2;
  // The first bands are what the photometric interpretation calls them, whatever ExtraSamples say of them.
  const auto one_of = [sample](BandMeaning first) {
    return static_cast<BandMeaning>(static_cast<int>(first) + sample);
  };
  if ((tags.photometric == kRgb || tags.photometric == kYCbCr) && sample < 3) return one_of(BandMeaning::kRed);
  if (tags.photometric == kInks && sample < 4) return one_of(BandMeaning::kCyan);
  return is_alpha ? BandMeaning::kAlpha : BandMeaning::kNone;
}

// By GDAL's word for it; what it does not know changes nothing.
BandMeaning named_meaning(const std::string& word, BandMeaning tagged) {
  static const std::map<std::string, BandMeaning> known = {
      {"undefined", BandMeaning::kNone}, {"gray", BandMeaning::kNone},     {"palette", BandMeaning::kNone},
      {"red", BandMeaning::kRed},        {"green", BandMeaning::kGreen},   {"blue", BandMeaning::kBlue},
      {"alpha", BandMeaning::kAlpha},    {"hue", BandMeaning::kNone},      {"saturation", BandMeaning::kNone},
      {"lightness", BandMeaning::kNone}, {"cyan", BandMeaning::kCyan},     {"magenta", BandMeaning::kMagenta},
      {"yellow", BandMeaning::kYellow},  {"black", BandMeaning::kBlack},   {"ycbcr_y", BandMeaning::kNone},
      {"ycbcr_cb", BandMeaning::kNone},  {"ycbcr_cr", BandMeaning::kNone},
  };
  const auto found = known.find(ascii::lower(word));
  return found == known.end() ? tagged : found->second;
}

}  // namespace

FileBands tiff_bands(const std::string& path, const TiffBandTags& tags) {
  if (tags.samples < 1 || tags.samples > kMostSamples) throw InputError("a TIFF has 1 to 65535 samples a pixel");
  Items of_file;
  std::vector<BandItems> of_bands(static_cast<std::size_t>(tags.samples));
  for (MetadataText& item : gdal_metadata(tags.metadata)) {
    if (item.sample >= tags.samples) continue;
    Items& items = item.sample < 0 ? of_file : of_bands[static_cast<std::size_t>(item.sample)].items;
    const std::string role = item.sample < 0 ? "" : ascii::lower(item.role);
    if (role == "description") {
      of_bands[static_cast<std::size_t>(item.sample)].description = std::move(item.value);
    } else if (role == "colorinterp") {
      of_bands[static_cast<std::size_t>(item.sample)].meaning = std::move(item.value);
    } else if (role != "offset" && role != "scale" && role != "unittype") {
      items[{ascii::lower(item.name), ascii::lower(item.domain)}] = std::move(item.value);
    }
  }
  FileBands out;
  out.source = sensor_text(path, items_of(of_file));
  for (int i = 0; i < tags.samples; ++i) {
    BandItems& band = of_bands[static_cast<std::size_t>(i)];
    const BandMeaning meaning = named_meaning(band.meaning, tagged_meaning(tags, i));
    out.add({std::move(band.description), nanometres(items_of(band.items))}, meaning);
  }
  return out;
}

}  // namespace ccx::image
