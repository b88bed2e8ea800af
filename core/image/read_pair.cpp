// Reading both dates of a pair (read_pair.h).
#include "core/image/read_pair.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/image/container.h"
#include "core/image/decode_steps.h"
#include "core/image/georeference.h"
#include "core/image/missing.h"
#include "core/image/no_picture.h"
#include "core/image/raster_pixels.h"
#include "core/image/resize.h"

namespace ccx::image {

namespace {

constexpr int kCheckedSize = 256;

// One date on its way: the file, opened where it is a raster.
struct Date {
  std::string name;
  Source source;
  std::unique_ptr<RasterFile> raster;
  // PNG or JPEG of 8 bits: `raster` says where it lies and where it has no data, and gives pixels only to be warped.
  bool is_picture = false;
};

// What GDAL knows of a PNG or JPEG beyond its pixels stands in files beside it: where it lies, where it has no data.
bool has_more_beside(const std::filesystem::path& path) {
  std::error_code ignored;
  std::string extension = path.extension().string();
  if (extension.size() < 3) return false;
  const std::string ends = {extension[1], extension.back()};  // .png: .pgw
  for (const std::string& last : {"." + ends + "w", extension + "w", std::string(".wld"), std::string(".tab")}) {
    std::string capitals = last;
    for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    for (const std::string& form : {last, ascii::lower(last), capitals}) {
      if (std::filesystem::exists(std::filesystem::path(path).replace_extension(form), ignored)) return true;
    }
  }
  return std::filesystem::exists(path.string() + ".aux.xml", ignored) ||
         std::filesystem::exists(path.string() + ".msk", ignored);
}

// Opens a picture as a raster where that may say where it lies. One that GDAL cannot open is a picture all the same.
void find_place(Date& date, const std::string& path, const ReadOptions& options) {
  const bool is_png = date.source.format == Source::Format::kPng;
  if ((!is_png && date.source.format != Source::Format::kJpeg) || !has_more_beside(path)) return;
  try {
    date.raster = std::make_unique<RasterFile>(std::filesystem::path(path), is_png ? "PNG" : "JPEG", options);
    date.is_picture = date.raster->dataset().GetRasterBand(1)->GetRasterDataType() == GDT_Byte;
    if (!date.is_picture) static_cast<void>(open_png(date.source.bytes(), options.limits));  // its checks
  } catch (const DecodeError& error) {
    if (error.reason() == DecodeError::Reason::kUnreadable) throw;  // it refers to a file that it may not
  }
}

// A file that GDAL may read: PNG too, where it is a band.
std::unique_ptr<RasterFile> open_band(const std::string& path, const ReadOptions& options) {
  return naming(path, [&] {
    const Source source = open_source(path, options);
    const char* driver = source.driver;
    if (source.format == Source::Format::kPng) {
      static_cast<void>(open_png(source.bytes(), options.limits));  // its checks
      driver = "PNG";
    }
    if (source.format == Source::Format::kUnknown) {
      throw DecodeError(DecodeError::Reason::kNotAnImage, no_picture(source.bytes(), source.path));
    }
    if (driver == nullptr) {
      throw DecodeError(DecodeError::Reason::kUnsupported, "a band must be a raster or a PNG picture");
    }
    return std::make_unique<RasterFile>(std::filesystem::path(path), driver, options, source.tags.directory);
  });
}

Date open_date(const PictureFiles& files, const ReadOptions& options) {
  const std::string& path = files.front();
  const bool same = std::count(files.begin(), files.end(), path) == static_cast<std::ptrdiff_t>(files.size());
  if (!same) {
    Date date{path, {}, nullptr};
    std::vector<std::unique_ptr<RasterFile>> bands;
    for (const std::string& file : files) bands.push_back(open_band(file, options));
    naming(path, [&] {
      date.raster = std::make_unique<RasterFile>(files, std::move(bands), options);
      return 0;
    });
    return date;
  }
  return naming(path, [&] {
    Date date{path, open_source(path, options), nullptr};
    if (date.source.format == Source::Format::kRaster) {
      date.raster = std::make_unique<RasterFile>(std::filesystem::path(path), date.source.driver, options,
                                                 date.source.tags.directory);
    } else {
      find_place(date, path, options);
    }
    return date;
  });
}

// What the files beside a picture say to hold no data.
void take_mask(const RasterFile& file, Picture& picture) {
  GDALRasterBand& band = *file.dataset().GetRasterBand(1);
  const int flags = band.GetMaskFlags();
  int has_nodata = 0;
  static_cast<void>(band.GetNoDataValue(&has_nodata));
  if ((flags & GMF_ALPHA) != 0 || ((flags & GMF_PER_DATASET) == 0 && has_nodata == 0)) return;
  const int width = picture.image.width, height = picture.image.height;
  std::vector<uint8_t> missing(picture.image.rgb.size() / 3, 1), mask(missing.size());
  const bool is_of_bands = (flags & GMF_PER_DATASET) == 0;
  for (int i = 1; i <= (is_of_bands ? file.dataset().GetRasterCount() : 1); ++i) {
    const CPLErr result = file.run([&] {
      return file.dataset().GetRasterBand(i)->GetMaskBand()->RasterIO(GF_Read, 0, 0, width, height, mask.data(), width,
                                                                      height, GDT_Byte, 0, 0, nullptr);
    });
    if (result != CE_None) throw DecodeError(DecodeError::Reason::kCorrupt, "its mask cannot be read");
    for (std::size_t p = 0; p < mask.size(); ++p) missing[p] &= mask[p] == 0 ? 1 : 0;
  }
  picture.info.nodata = share_missing(missing);
  if (picture.info.nodata > 0) picture.missing = std::move(missing);
}

void crop(Picture& picture, const Window& window) {
  const Image whole = std::move(picture.image);
  if (window == Window{0, 0, whole.width, whole.height}) {
    picture.image = whole;
    return;
  }
  picture.image = filled_image(window.width, window.height);
  std::vector<uint8_t> missing;
  for (int y = 0; y < window.height; ++y) {
    const uint8_t* from = whole.pixel(window.left, window.top + y);
    std::copy(from, from + 3 * static_cast<std::size_t>(window.width), picture.image.row(y));
    if (picture.missing.empty()) continue;
    const auto begin =
        picture.missing.begin() + static_cast<std::ptrdiff_t>(window.top + y) * whole.width + window.left;
    missing.insert(missing.end(), begin, begin + window.width);
  }
  picture.missing = std::move(missing);
  if (!picture.missing.empty()) picture.info.nodata = share_missing(picture.missing);
  picture.info.window = window;
}

// Reads a date, or the part of it that `view` and `window` say, turns it north, and reduces it while it alone is large.
DateFacts read_date(Date& date, const Alignment& alignment, GDALDataset* view, const Window* window,
                    const ReadOptions& options, int size, Picture& out) {
  return naming(date.name, [&] {
    LargePicture memory;
    if (date.raster == nullptr || (date.is_picture && view == nullptr)) {
      out = decode_source(date.source, options, memory);
      if (date.is_picture) take_mask(*date.raster, out);
      if (window != nullptr) crop(out, *window);
    } else {
      GDALDataset& from = view == nullptr ? date.raster->dataset() : *view;
      const Window part = window == nullptr ? Window{0, 0, from.GetRasterXSize(), from.GetRasterYSize()} : *window;
      memory.wait_for(large_raster_bytes(int64_t{part.width} * part.height));
      RasterPicture read = read_raster(*date.raster, from, part, date.source.tags, options, out.info);
      out.image = std::move(read.image);
      out.missing = std::move(read.missing);
      out.info.warped = view != nullptr;
      if (out.info.warped) out.info.window.reset();
      // Where a file lies is said of its pixels before its orientation tag turns them.
      if (!alignment.is_on_ground()) turn_as_asked(out, date.source.tags.orientation);
    }
    turn(out, alignment.turned);
    out.info.turned = alignment.turned;
    if (date.raster != nullptr) out.info.content = content_hash(out.image);
    DateFacts facts;
    facts.info = out.info;
    facts.width = out.image.width;
    facts.height = out.image.height;
    if (size > 0) {
      out.missing = reduced_mask(out.missing, out.image.width, out.image.height, size);
      out.image = resize_bicubic(out.image, size, size);
      facts.small = out.image;
      facts.missing = out.missing;
    } else if (options.checked) {
      facts.small = resize_bicubic(out.image, kCheckedSize, kCheckedSize);
      facts.missing = reduced_mask(out.missing, out.image.width, out.image.height, kCheckedSize);
    }
    return facts;
  });
}

}  // namespace

ReadPair read_pair(const PictureFiles& before, const PictureFiles& after, const ReadOptions& options, int size) {
  ReadPair out;
  Date dates[] = {open_date(before, options), open_date(after, options)};
  Alignment alignment;
  if (dates[0].raster != nullptr || dates[1].raster != nullptr) {
    alignment = naming(after.front(), [&] { return align(dates[0].raster.get(), dates[1].raster.get()); });
  }
  using Kind = Alignment::Kind;
  if (alignment.kind == Kind::kDifferent) {
    throw DifferentPlace(alignment.message + " (" + before.front() + ", " + after.front() + ")");
  }
  out.aligned = alignment.kind == Kind::kCropped || alignment.kind == Kind::kWarped;
  DateFacts facts[2];
  facts[0] =
      read_date(dates[0], alignment, nullptr, out.aligned ? &alignment.before : nullptr, options, size, out.before);
  dates[0].raster.reset();
  facts[1] = read_date(dates[1], alignment, alignment.warped.get(), out.aligned ? &alignment.after : nullptr, options,
                       size, out.after);
  if (alignment.warped != nullptr) {
    dates[1].raster->run([&] {
      alignment.warped.reset();
      return 0;
    });
  }
  dates[1].raster.reset();
  PairPlace place;
  place.shared = alignment.shared;
  place.north = alignment.north;
  if (alignment.kind == Kind::kUnaligned) {
    place.unaligned = alignment.message;
  } else if (alignment.is_on_ground()) {
    place.scale = alignment.scale;
  }
  if (options.checked) out.warnings = check_pair_images(facts[0], facts[1], size > 0 ? size : kCheckedSize, place);
  const bool one_size =
      out.before.image.width == out.after.image.width && out.before.image.height == out.after.image.height;
  if (one_size && options.stretch.kind != Stretch::Kind::kNone) {
    hide_missing(out.before.image, out.before.missing, out.after.image, out.after.missing);
  }
  return out;
}

}  // namespace ccx::image
