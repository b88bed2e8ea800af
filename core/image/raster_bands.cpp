// Reads a raster's colour interpretation (raster_bands.h).
#include "core/image/raster_bands.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/ascii.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

bool says(GDALMajorObject& object, const char* item, std::string_view value) {
  const char* found = object.GetMetadataItem(item, "IMAGE_STRUCTURE");
  return found != nullptr && std::string_view(found) == value;
}

SampleType sample_type(GDALRasterBand& band) {
  const GDALDataType type = band.GetRasterDataType();
  if (GDALDataTypeIsComplex(type) != 0) {
    throw DecodeError(Reason::kUnsupported, std::string("its samples are complex numbers (") +
                                                GDALGetDataTypeName(type) + "); save their magnitude instead");
  }
  const std::string_view name = GDALGetDataTypeName(type);
  if (name == "Byte") return says(band, "PIXELTYPE", "SIGNEDBYTE") ? SampleType::kInt8 : SampleType::kUint8;
  if (name == "Int8") return SampleType::kInt8;
  if (name == "UInt16") return SampleType::kUint16;
  if (name == "Int16") return SampleType::kInt16;
  if (name == "UInt32") return SampleType::kUint32;
  if (name == "Int32") return SampleType::kInt32;
  if (name == "UInt64") return SampleType::kUint64;
  if (name == "Int64") return SampleType::kInt64;
  if (name == "Float16" || name == "Float32") return SampleType::kFloat32;
  if (name == "Float64") return SampleType::kFloat64;
  throw DecodeError(Reason::kUnsupported, "its samples are of a kind that is not read (" + std::string(name) + ")");
}

// Which colour a band's own name says: 0 red, 1 green, 2 blue, -1 none. Planet's, QGIS's and Earth Engine's files have
// such names where their colour interpretation says nothing.
int colour_of_name(const char* description) {
  std::string name;
  for (const char* at = description; *at != '\0'; ++at) name += ascii::lower(*at);
  static constexpr std::array<std::array<const char*, 3>, 3> names = {
      {{"red", "b04", "band_red"}, {"green", "b03", "band_green"}, {"blue", "b02", "band_blue"}}};
  for (std::size_t c = 0; c < 3; ++c) {
    if (std::find(names[c].begin(), names[c].end(), name) != names[c].end()) return static_cast<int>(c);
  }
  return -1;
}

// The bands that are meant as red, green and blue; else the first three, or the first.
std::vector<int> own_bands(GDALDataset& dataset, RasterBands& out) {
  std::array<int, 3> colours{};
  std::vector<int> plain;
  std::array<int, 4> inks{};
  std::array<int, 3> named{};
  for (int i = 1; i <= dataset.GetRasterCount(); ++i) {
    const GDALColorInterp meaning = dataset.GetRasterBand(i)->GetColorInterpretation();
    if (meaning == GCI_AlphaBand) {
      out.alpha = i;
      continue;
    }
    plain.push_back(i);
    const auto note = [i](int& place) { place = place == 0 ? i : place; };
    if (meaning == GCI_RedBand) note(colours[0]);
    if (meaning == GCI_GreenBand) note(colours[1]);
    if (meaning == GCI_BlueBand) note(colours[2]);
    if (const int colour = colour_of_name(dataset.GetRasterBand(i)->GetDescription()); colour >= 0) {
      note(named[static_cast<std::size_t>(colour)]);
    }
    if (meaning >= GCI_CyanBand && meaning <= GCI_BlackBand)
      note(inks[static_cast<std::size_t>(meaning - GCI_CyanBand)]);
  }
  const auto all = [](const auto& places) { return std::count(places.begin(), places.end(), 0) == 0; };
  if (all(colours)) return {colours.begin(), colours.end()};
  if (all(named)) return {named.begin(), named.end()};
  if (all(inks)) {
    out.cmyk = true;
    return {inks.begin(), inks.end()};
  }
  if (plain.empty()) return {1};
  plain.resize(plain.size() >= 3 ? 3 : 1);
  return plain;
}

void read_palette(GDALRasterBand& band, RasterBands& out) {
  const GDALColorTable* table = band.GetColorTable();
  if (table == nullptr || (out.type != SampleType::kUint8 && out.type != SampleType::kUint16)) return;
  out.palette.assign(out.type == SampleType::kUint8 ? 256 : 65536, {0, 0, 0});
  const int colours = std::min(table->GetColorEntryCount(), static_cast<int>(out.palette.size()));
  for (int i = 0; i < colours; ++i) {
    const GDALColorEntry* entry = table->GetColorEntry(i);
    out.palette[static_cast<std::size_t>(i)] = {static_cast<uint8_t>(entry->c1), static_cast<uint8_t>(entry->c2),
                                                static_cast<uint8_t>(entry->c3)};
  }
}

// How many bits of the type the sensor uses, where the file says so.
int bits_of(GDALRasterBand& band, GDALDataset& dataset) {
  if (const char* bits = band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE")) return std::atoi(bits);
  // Maxar's and Planet's metadata, as GDAL's readers of them name it.
  for (const char* item : {"BITSPERPIXEL", "bitsPerPixel", "SIGNIFICANT_BITS"}) {
    if (const char* bits = dataset.GetMetadataItem(item, "IMD")) return std::atoi(bits);
    if (const char* bits = dataset.GetMetadataItem(item)) return std::atoi(bits);
  }
  return GDALGetDataTypeSizeBits(band.GetRasterDataType());
}

}  // namespace

RasterBands bands_of(GDALDataset& dataset, const std::vector<int>& bands) {
  RasterBands out;
  const std::vector<int> own = own_bands(dataset, out);
  out.read = bands.empty() ? own : bands;
  out.cmyk = out.cmyk && bands.empty();
  for (const int band : out.read) {
    if (band > dataset.GetRasterCount()) {
      throw DecodeError(Reason::kUnsupported, "it has " + std::to_string(dataset.GetRasterCount()) +
                                                  (dataset.GetRasterCount() == 1 ? " band" : " bands") +
                                                  ", and --bands names " + std::to_string(band));
    }
  }
  GDALRasterBand& first = *dataset.GetRasterBand(out.read[0]);
  out.type = sample_type(first);
  for (const int band : out.read) {
    const SampleType type = sample_type(*dataset.GetRasterBand(band));
    if (type == out.type) continue;
    // Bands of several types are read as the widest kind of number.
    out.type = SampleType::kFloat64;
  }
  out.sensor_bits = bits_of(first, dataset);
  if (out.read.size() == 1) {
    read_palette(first, out);
    out.white_is_zero = out.palette.empty() && says(dataset, "MINISWHITE", "YES");
  }
  out.masked = (first.GetMaskFlags() & GMF_PER_DATASET) != 0;
  for (const int band : out.read) {
    int is_set = 0;
    const double value = dataset.GetRasterBand(band)->GetNoDataValue(&is_set);
    out.nodata.push_back(is_set != 0 ? std::optional(value) : std::nullopt);
  }
  return out;
}

}  // namespace ccx::image
