// What a raster's samples are, and the reader of their type (raster_pixels.h).
#include "core/image/raster_pixels.h"

#include <algorithm>
#include <cmath>

#include "core/image/raster_bands.h"
#include "core/image/raster_reader.h"

namespace ccx::image {

namespace {

template <typename T>
RasterPicture read_as(const RasterFile& file, GDALDataset& view, const Window& window, const RasterBands& bands,
                      const ReadOptions& options, ReadInfo& info) {
  RasterPicture out = RasterReader<T>(file, view, window, bands, options, info).read();
  info.doubt = file.doubt();
  return out;
}

}  // namespace

RasterPicture read_raster(const RasterFile& file, GDALDataset& view, const Window& window, const TiffTags& tags,
                          const ReadOptions& options, ReadInfo& info) {
  const bool is_file = &view == &file.dataset();
  file.check_data(is_file ? window : Window{0, 0, file.width(), file.height()});
  RasterBands bands = file.run([&] { return bands_of(view, options.bands); });
  for (std::size_t i = 0; i < std::min(bands.palette.size(), tags.palette.size()); ++i)
    bands.palette[i] = tags.palette[i];
  bands.premultiplied = bands.alpha != 0 && tags.associated_alpha;
  info.width = file.width();
  info.height = file.height();
  info.type = bands.type;
  info.pages = tags.pages;
  info.page_note = tags.page_note;
  info.bands_in_file = file.dataset().GetRasterCount();
  info.bands = bands.read;
  info.bands_by = bands.by;
  info.bands_doubt = bands.doubt;
  info.has_other_bands = info.bands_in_file - (bands.alpha != 0 ? 1 : 0) > static_cast<int>(bands.read.size());
  if (!bands.palette.empty() || bands.cmyk) info.bands = {1, 2, 3};
  if (bands.cmyk) info.has_other_bands = false;
  const bool whole = window == Window{0, 0, view.GetRasterXSize(), view.GetRasterYSize()};
  if (!whole) info.window = window;
  // Colours of a palette are brightnesses already.
  if (!bands.palette.empty()) {
    ReadOptions plain = options;
    if (options.stretch.kind != Stretch::Kind::kNone) plain.stretch = {};
    RasterBands as_bytes = bands;
    as_bytes.type = info.type = SampleType::kUint8;
    if (bands.type == SampleType::kUint8) return read_as<uint8_t>(file, view, window, as_bytes, plain, info);
    return read_as<uint16_t>(file, view, window, as_bytes, plain, info);
  }
  // Two or four bits of brightness lie in the low end of a byte.
  const bool is_shallow = bands.type == SampleType::kUint8 && bands.sensor_bits >= 1 && bands.sensor_bits < 8;
  ReadOptions widened = options;
  if (is_shallow) widened.stretch = {Stretch::Kind::kRange, 0, std::ldexp(1.0, bands.sensor_bits) - 1};
  const bool as_it_is = options.stretch.kind == Stretch::Kind::kAuto || options.stretch.kind == Stretch::Kind::kNone ||
                        options.stretch.kind == Stretch::Kind::kSensor;
  switch (bands.type) {
    case SampleType::kUint8:
      if (as_it_is && is_shallow) return read_as<uint16_t>(file, view, window, bands, widened, info);
      if (as_it_is) return read_as<uint8_t>(file, view, window, bands, options, info);
      [[fallthrough]];
    case SampleType::kInt8:
    case SampleType::kUint16:
    case SampleType::kInt16:
      return read_as<uint16_t>(file, view, window, bands, options, info);
    case SampleType::kFloat32:
      return read_as<float>(file, view, window, bands, options, info);
    default:
      return read_as<double>(file, view, window, bands, options, info);
  }
}

}  // namespace ccx::image
