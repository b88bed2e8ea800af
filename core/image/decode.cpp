// The way from a path to RGB (decode.h): PNG, JPEG and WebP are done here, rasters in raster_*.
#include "core/image/decode.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/image/container.h"
#include "core/image/decode_steps.h"
#include "core/image/exif.h"
#include "core/image/frames.h"
#include "core/image/jpeg_pixels.h"
#include "core/image/no_picture.h"
#include "core/image/orientation.h"
#include "core/image/raster_pixels.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;
using Format = Source::Format;

// OpenCV's order is blue, green, red, alpha.
void copy_row(const uint8_t* from, int channels, int width, uint8_t* to) {
  const bool grey = channels <= 2;
  for (int x = 0; x < width; ++x, from += channels, to += 3) {
    for (int c = 0; c < 3; ++c) to[c] = from[grey ? 0 : 2 - c];
  }
}

Image to_rgb(const cv::Mat& mat, const Container& container) {
  if (mat.channels() < 1 || mat.channels() > 4) {
    throw DecodeError(Reason::kUnsupported, "it has an unusual number of channels");
  }
  if (mat.depth() != CV_8U) throw DecodeError(Reason::kUnsupported, "its samples are not of 8 bits");
  Image out = filled_image(container.width, container.height);
  for (int y = 0; y < mat.rows; ++y) {
    copy_row(mat.ptr<uint8_t>(y), mat.channels(), mat.cols, out.pixel(container.left, container.top + y));
  }
  return out;
}

// Of the pixels, 0..1. They are shown all the same, as Pillow does.
double share_of_transparent(const cv::Mat& mat) {
  const int channels = mat.channels();
  if (channels != 2 && channels != 4) return 0;
  int64_t clear = 0;
  for (int y = 0; y < mat.rows; ++y) {
    const uint8_t* alpha = mat.ptr<uint8_t>(y) + channels - 1;
    for (int x = 0; x < mat.cols; ++x, alpha += channels) clear += *alpha == 0 ? 1 : 0;
  }
  return static_cast<double>(clear) / static_cast<double>(std::max<int64_t>(int64_t{mat.rows} * mat.cols, 1));
}

cv::Mat decode_by_opencv(const Container& container) {
  // The messages of OpenCV's codecs would reach stderr beside the error thrown here.
  static const bool quiet = [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
  static_cast<void>(quiet);
  cv::Mat mat;
  try {
    const cv::Mat buffer(1, static_cast<int>(container.bytes.size()), CV_8UC1,
                         const_cast<char*>(container.bytes.data()));
    mat = cv::imdecode(buffer, cv::IMREAD_UNCHANGED);  // unchanged also leaves the EXIF orientation alone
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem) throw std::bad_alloc();
    throw DecodeError(Reason::kCorrupt, "it cannot be decoded (" + error.err + ")");
  }
  if (mat.empty()) throw DecodeError(Reason::kCorrupt, "it cannot be decoded; its data are damaged");
  if (mat.cols + container.left > container.width || mat.rows + container.top > container.height) {
    throw DecodeError(Reason::kCorrupt, "its header and its data give different sizes");
  }
  return mat;
}

// `--bands` and `--stretch` on a picture of 8 bits.
void apply_options(const ReadOptions& options, Picture& picture) {
  ReadInfo& info = picture.info;
  std::vector<uint8_t>& rgb = picture.image.rgb;
  if (!options.bands.empty()) {
    for (const int band : options.bands) {
      if (band > std::min(info.bands_in_file, 3)) {
        throw DecodeError(Reason::kUnsupported, "it has " + std::to_string(std::min(info.bands_in_file, 3)) +
                                                    " bands of colour or grey, and --bands names " +
                                                    std::to_string(band));
      }
    }
    info.bands = options.bands;
    const auto place = [&](std::size_t c) {
      return static_cast<std::size_t>(options.bands[options.bands.size() == 1 ? 0 : c] - 1);
    };
    for (std::size_t i = 0; i < rgb.size(); i += 3) {
      const uint8_t from[3] = {rgb[i], rgb[i + 1], rgb[i + 2]};
      for (std::size_t c = 0; c < 3; ++c) rgb[i + c] = from[place(c)];
    }
  }
  using Kind = Stretch::Kind;
  const Kind kind = options.stretch.kind;
  if (kind == Kind::kAuto || kind == Kind::kNone || kind == Kind::kSensor) return;
  ValueStatistics found;
  found.use_codes(0);
  for (const uint8_t value : rgb) found.add_code(value);
  info.levels = levels_of(options.stretch, SampleType::kUint8, 8, found);
  const std::vector<uint8_t> table = stretch_table(info.levels, SampleType::kUint8, 0, false);
  for (uint8_t& value : rgb) value = table[value];
}

Container open_container(const Source& source, const DecodeLimits& limits) {
  switch (source.format) {
    case Format::kPng:
      return open_png(source.bytes(), limits);
    case Format::kJpeg:
      return open_jpeg(source.bytes(), limits);
    default:
      return open_webp(source.bytes(), limits);
  }
}

Picture decode_container(Source& source, const ReadOptions& options, LargePicture& memory) {
  const Container container = open_container(source, options.limits);
  const int orientation = exif_orientation(source.bytes());
  const std::string frames = frames_note(source.bytes());
  source.held.clear();
  source.held.shrink_to_fit();
  const int64_t pixels = int64_t{container.width} * container.height;
  if (container.is_deep) {
    memory.wait_for(pixels * 4);
    Picture deep = decode_raster(RasterFile(std::string_view(container.bytes), "PNG", options), {}, options);
    deep.info.orientation = orientation;
    deep.info.page_note = frames;
    return deep;
  }
  memory.wait_for(pixels * 7);  // up to 4 channels as decoded, 3 as RGB; a progressive JPEG's coefficients
  Picture out;
  if (source.format == Format::kJpeg) {
    JpegPixels decoded = jpeg_pixels(container);
    out.info.bands_in_file = decoded.components;
    out.info.doubt = std::move(decoded.doubt);
    out.image = std::move(decoded.image);
  } else {
    const cv::Mat mat = decode_by_opencv(container);
    out.info.bands_in_file = mat.channels();
    out.info.nodata = share_of_transparent(mat);
    out.image = to_rgb(mat, container);
  }
  out.info.bands = out.info.bands_in_file <= 2 ? std::vector<int>{1} : std::vector<int>{1, 2, 3};
  out.info.width = container.width;
  out.info.height = container.height;
  out.info.orientation = orientation;
  out.info.page_note = frames;
  apply_options(options, out);
  return out;
}

}  // namespace

Picture decode_raster(const RasterFile& file, const TiffTags& tags, const ReadOptions& options) {
  Picture out;
  RasterPicture read =
      read_raster(file, file.dataset(), Window{0, 0, file.width(), file.height()}, tags, options, out.info);
  out.image = std::move(read.image);
  out.missing = std::move(read.missing);
  return out;
}

void turn(Picture& picture, int orientation) {
  if (orientation == 1) return;
  picture.missing = oriented(picture.missing, picture.image.width, picture.image.height, orientation);
  picture.image = oriented(std::move(picture.image), orientation);
}

void turn_as_asked(Picture& picture, int orientation) {
  turn(picture, orientation);
  if (is_on_its_side(orientation)) std::swap(picture.info.width, picture.info.height);
}

int64_t large_raster_bytes(int64_t pixels) {
  constexpr int64_t large = int64_t{16} << 20;  // pixels
  return pixels < large ? 0 : pixels * 4 + (int64_t{64} << 20);
}

RasterFile open_raster(const Source& source, const ReadOptions& options) {
  if (source.path.empty()) return RasterFile(source.memory, source.driver, options, source.tags.directory);
  return RasterFile(source.path, source.driver, options, source.tags.directory);
}

Picture decode_source(Source& source, const ReadOptions& options, LargePicture& memory) {
  if (source.format == Format::kUnknown) {
    throw DecodeError(Reason::kNotAnImage, no_picture(source.bytes(), source.path));
  }
  Picture out;
  if (source.format != Format::kRaster) {
    out = decode_container(source, options, memory);
  } else {
    const RasterFile file = open_raster(source, options);
    memory.wait_for(large_raster_bytes(int64_t{file.width()} * file.height()));
    out = decode_raster(file, source.tags, options);
    turn_as_asked(out, source.tags.orientation);
  }
  out.info.content = content_hash(out.image);
  return out;
}

Picture read_picture(const std::filesystem::path& path, const ReadOptions& options) {
  return naming(path.string(), [&] {
    Source source = open_source(path, options);
    LargePicture memory;
    return decode_source(source, options, memory);
  });
}

Image load_image(const std::filesystem::path& path, const ReadOptions& options) {
  return read_picture(path, options).image;
}

Picture decode_picture(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  return naming(name, [&] {
    Source source = source_of(bytes, options);
    LargePicture memory;
    return decode_source(source, options, memory);
  });
}

Image decode_image(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  return decode_picture(bytes, name, options).image;
}

void check_size(uint64_t width, uint64_t height, const DecodeLimits& limits) {
  if (width == 0 || height == 0) {
    throw DecodeError(Reason::kCorrupt,
                      "its header says " + std::to_string(width) + "x" + std::to_string(height) + " pixels");
  }
  // OpenCV's own limit on a side is 2^20.
  constexpr uint64_t longest = uint64_t{1} << 20;
  const auto most = static_cast<uint64_t>(std::max<int64_t>(limits.max_pixels, 0));
  if (width > longest || height > longest || width * height > most) {
    throw ImageTooLarge("its header says " + std::to_string(width) + "x" + std::to_string(height) +
                        " pixels, more than the " + std::to_string(limits.max_pixels) + " allowed");
  }
}

}  // namespace ccx::image
