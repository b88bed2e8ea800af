// Reads a raster's colour interpretation (raster_bands.h).
#include "core/image/raster_bands.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/image/band_names.h"

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

// The centre of a band, in whichever way its driver tells it; 0 where none does.
double nanometres(GDALRasterBand& band) {
  if (const char* text = band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY")) return std::atof(text) * 1000;
  for (const char* item : {"wavelength", "central_wavelength", "center_wavelength", "centre_wavelength"}) {
    const char* text = band.GetMetadataItem(item);  // names in any case
    if (text == nullptr) continue;
    const double value = std::atof(text);
    const char* units = band.GetMetadataItem("wavelength_units");
    const bool is_micrometres = units != nullptr ? (units[0] | 0x20) == 'm' || (units[0] | 0x20) == 'u' : value < 100;
    return value * (is_micrometres ? 1000 : 1);
  }
  return 0;
}

// What may tell the sensor.
std::string sensor_text(GDALDataset& dataset) {
  const std::string name = dataset.GetDescription();
  std::string out = name.size() < 1024 ? name.substr(name.find_last_of('/') + 1) : "";
  for (const char* item : {"SPACECRAFT_ID", "SATELLITE", "SATELLITEID", "PLATFORM", "SENSOR", "SPACECRAFT_NAME"}) {
    if (const char* value = dataset.GetMetadataItem(item)) out += std::string(" ") + value;
  }
  return out;
}

using Bands = std::vector<int>;

bool is_whole(const std::vector<int>& places) {
  return std::count(places.begin(), places.end(), 0) == 0;
}

// What the file says of its bands.
struct Meanings {
  std::vector<BandLabel> labels;
  Bands colours{0, 0, 0};
  Bands inks{0, 0, 0, 0};
  Bands plain;  // all but alpha
  int alpha = 0;
};

Meanings meanings_of(GDALDataset& dataset) {
  Meanings out;
  for (int i = 1; i <= dataset.GetRasterCount(); ++i) {
    GDALRasterBand& band = *dataset.GetRasterBand(i);
    const GDALColorInterp meaning = band.GetColorInterpretation();
    out.labels.push_back({band.GetDescription(), nanometres(band)});
    if (is_alpha(band)) {
      out.labels.back().is_alpha = true;
      out.alpha = i;
      continue;
    }
    out.plain.push_back(i);
    const auto note = [i](int& place) { place = place == 0 ? i : place; };
    if (meaning >= GCI_RedBand && meaning <= GCI_BlueBand)
      note(out.colours[static_cast<std::size_t>(meaning - GCI_RedBand)]);
    if (meaning >= GCI_CyanBand && meaning <= GCI_BlackBand)
      note(out.inks[static_cast<std::size_t>(meaning - GCI_CyanBand)]);
  }
  return out;
}

// The bands that are meant as red, green and blue; else the first three, or the first.
Bands own_bands(GDALDataset& dataset, RasterBands& out) {
  const Meanings file = meanings_of(dataset);
  out.alpha = file.alpha;
  if (file.plain.size() < 3) return {file.plain.empty() ? 1 : file.plain[0]};
  const BandChoice named = choose_bands(file.labels, sensor_text(dataset));
  const bool has_colours = is_whole(file.colours);
  if (!named.bands.empty() && (named.doubt.empty() || !has_colours)) {
    out.by = has_colours && named.bands == file.colours ? BandsBy::kColours : named.by;
    out.doubt = named.doubt;
    // An ENVI header's default bands are somebody's choice of what to look at, and become colours in GDAL.
    if (has_colours && named.bands != file.colours && named.by == BandsBy::kNames) {
      out.doubt = "they are called so, but by the colour interpretation these are " + bands_text(file.colours);
    }
    return named.bands;
  }
  if (has_colours) return file.colours;
  if (is_whole(file.inks)) {
    out.cmyk = true;
    return file.inks;
  }
  out.by = BandsBy::kOrder;
  out.doubt = named.doubt;
  if (out.doubt.empty() && file.plain.size() > 3) out.doubt = "nothing says which of its bands are red, green and blue";
  return {file.plain.begin(), file.plain.begin() + 3};
}

void read_palette(GDALRasterBand& band, RasterBands& out) {
  const GDALColorTable* table = band.GetColorTable();
  // GDAL makes a table of greys for files whose 0 is white, of 16 bits too, which have to be stretched.
  if (table == nullptr || out.white_is_zero || (out.type != SampleType::kUint8 && out.type != SampleType::kUint16))
    return;
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

bool is_alpha(GDALRasterBand& band) {
  return band.GetColorInterpretation() == GCI_AlphaBand && !names_values(band.GetDescription());
}

RasterBands bands_of(GDALDataset& dataset, const std::vector<int>& bands) {
  RasterBands out;
  const std::vector<int> own = own_bands(dataset, out);
  out.read = bands.empty() ? own : bands;
  if (!bands.empty()) {
    out.cmyk = false;
    out.by = BandsBy::kAsked;
    out.doubt.clear();
  }
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
    out.white_is_zero = says(dataset, "MINISWHITE", "YES");
    read_palette(first, out);
  }
  const int mask = first.GetMaskFlags();
  out.masked = (mask & GMF_PER_DATASET) != 0 && ((mask & GMF_ALPHA) == 0 || out.alpha != 0);
  for (const int band : out.read) {
    int is_set = 0;
    const double value = dataset.GetRasterBand(band)->GetNoDataValue(&is_set);
    out.nodata.push_back(is_set != 0 ? std::optional(value) : std::nullopt);
  }
  return out;
}

}  // namespace ccx::image
