// Names, wavelengths and colour interpretation weighed against each other (band_choice.h).
#include "core/image/band_choice.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ccx::image {

namespace {

template <typename Places>
bool is_whole(const Places& places) {
  return std::count(places.begin(), places.end(), 0) == 0;
}

}  // namespace

void FileBands::add(BandLabel label, BandMeaning meaning) {
  const int band = static_cast<int>(labels.size()) + 1;
  const auto note = [&](int& place) { place = place == 0 ? band : place; };
  if (meaning == BandMeaning::kAlpha && !names_values(label.name)) {
    label.is_alpha = true;
    alpha = band;
  } else if (meaning >= BandMeaning::kRed && meaning <= BandMeaning::kBlue) {
    note(colours[static_cast<std::size_t>(meaning) - static_cast<std::size_t>(BandMeaning::kRed)]);
  } else if (meaning >= BandMeaning::kCyan && meaning <= BandMeaning::kBlack) {
    note(inks[static_cast<std::size_t>(meaning) - static_cast<std::size_t>(BandMeaning::kCyan)]);
  }
  labels.push_back(std::move(label));
}

ShownBands shown_bands(const FileBands& file) {
  ShownBands out;
  std::vector<int> plain;  // all but alpha
  for (std::size_t i = 0; i < file.labels.size(); ++i) {
    if (!file.labels[i].is_alpha) plain.push_back(static_cast<int>(i) + 1);
  }
  if (plain.size() < 3) {
    out.read = {plain.empty() ? 1 : plain[0]};
    return out;
  }
  const BandChoice named = choose_bands(file.labels, file.source);
  const bool has_colours = is_whole(file.colours);
  const std::vector<int> colours(file.colours.begin(), file.colours.end());
  if (!named.bands.empty() && (named.doubt.empty() || !has_colours)) {
    out.read = named.bands;
    out.by = has_colours && named.bands == colours ? BandsBy::kColours : named.by;
    out.doubt = named.doubt;
    // An ENVI header's default bands are somebody's choice of what to look at, and become colours in GDAL.
    if (has_colours && named.bands != colours && named.by == BandsBy::kNames) {
      out.doubt = "they are called so, but by the colour interpretation these are " + bands_text(colours);
    }
    return out;
  }
  if (has_colours) {
    out.read = colours;
    return out;
  }
  if (is_whole(file.inks)) {
    out.cmyk = true;
    out.read = {file.inks.begin(), file.inks.end()};
    return out;
  }
  out.by = BandsBy::kOrder;
  out.doubt = named.doubt;
  if (out.doubt.empty() && plain.size() > 3) out.doubt = "nothing says which of its bands are red, green and blue";
  out.read = {plain.begin(), plain.begin() + 3};
  return out;
}

double nanometres(const MetadataItem& of_band) {
  if (const char* text = of_band("CENTRAL_WAVELENGTH_UM", "IMAGERY")) return std::atof(text) * 1000;
  for (const char* item : {"wavelength", "central_wavelength", "center_wavelength", "centre_wavelength"}) {
    const char* text = of_band(item, "");
    if (text == nullptr) continue;
    const double value = std::atof(text);
    const char* units = of_band("wavelength_units", "");
    const bool is_micrometres = units != nullptr ? (units[0] | 0x20) == 'm' || (units[0] | 0x20) == 'u' : value < 100;
    return value * (is_micrometres ? 1000 : 1);
  }
  return 0;
}

std::string sensor_text(const std::string& path, const MetadataItem& of_file) {
  std::string out = path.size() < 1024 ? path.substr(path.find_last_of('/') + 1) : "";
  for (const char* item : {"SPACECRAFT_ID", "SATELLITE", "SATELLITEID", "PLATFORM", "SENSOR", "SPACECRAFT_NAME"}) {
    if (const char* value = of_file(item, "")) out += std::string(" ") + value;
  }
  return out;
}

}  // namespace ccx::image
