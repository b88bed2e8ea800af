// Reads a raster's colour interpretation (raster_bands.h).
#include "core/image/raster_bands.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/counted.h"
#include "core/image/band_choice.h"

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

BandMeaning meaning_of(GDALRasterBand& band) {
  const GDALColorInterp found = band.GetColorInterpretation();
  const auto from = [&](BandMeaning first, GDALColorInterp of) {
    return static_cast<BandMeaning>(static_cast<int>(first) + (found - of));
  };
  if (found == GCI_AlphaBand) return BandMeaning::kAlpha;
  if (found >= GCI_RedBand && found <= GCI_BlueBand) return from(BandMeaning::kRed, GCI_RedBand);
  if (found >= GCI_CyanBand && found <= GCI_BlackBand) return from(BandMeaning::kCyan, GCI_CyanBand);
  return BandMeaning::kNone;
}

MetadataItem items_of(GDALMajorObject& object) {
  return [&object](const char* name, const char* domain) { return object.GetMetadataItem(name, domain); };
}

// What the file says of its bands.
FileBands file_bands(GDALDataset& dataset) {
  FileBands out;
  out.source = sensor_text(dataset.GetDescription(), items_of(dataset));
  for (int i = 1; i <= dataset.GetRasterCount(); ++i) {
    GDALRasterBand& band = *dataset.GetRasterBand(i);
    out.add({band.GetDescription(), nanometres(items_of(band))}, meaning_of(band));
  }
  return out;
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
  const FileBands file = file_bands(dataset);
  const ShownBands own = shown_bands(file);
  out.alpha = file.alpha;
  out.read = bands.empty() ? own.read : bands;
  out.by = bands.empty() ? own.by : BandsBy::kAsked;
  if (bands.empty()) {
    out.cmyk = own.cmyk;
    out.doubt = own.doubt;
  }
  for (const int band : out.read) {
    if (band > dataset.GetRasterCount()) {
      throw DecodeError(Reason::kUnsupported, "it has " +
                                                  counted(static_cast<std::size_t>(dataset.GetRasterCount()), "band") +
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
