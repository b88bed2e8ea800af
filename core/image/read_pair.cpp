// Reading both dates of a pair (read_pair.h).
#include "core/image/read_pair.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/image/container.h"
#include "core/image/decode_steps.h"
#include "core/image/georeference.h"
#include "core/image/missing.h"
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
};

// A file that GDAL may read: PNG too, where it is a band.
std::unique_ptr<RasterFile> open_band(const std::string& path, const ReadOptions& options) {
  return naming(path, [&] {
    const Source source = open_source(path, options);
    const char* driver = source.driver;
    if (source.format == Source::Format::kPng) {
      static_cast<void>(open_png(source.bytes(), options.limits));  // its checks
      driver = "PNG";
    }
    if (driver == nullptr) {
      throw DecodeError(DecodeError::Reason::kUnsupported, "a band must be a raster or a PNG picture");
    }
    return std::make_unique<RasterFile>(std::filesystem::path(path), driver, options);
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
      date.raster = std::make_unique<RasterFile>(std::filesystem::path(path), date.source.driver, options);
    }
    return date;
  });
}

// Reads a date, or the part of it that `view` and `window` say, and reduces it while it alone is large.
DateFacts read_date(Date& date, GDALDataset* view, const Window* window, const ReadOptions& options, int size,
                    Picture& out) {
  return naming(date.name, [&] {
    LargePicture memory;
    if (date.raster == nullptr) {
      out = decode_source(date.source, options, memory);
    } else {
      GDALDataset& from = view == nullptr ? date.raster->dataset() : *view;
      const Window part = window == nullptr ? Window{0, 0, from.GetRasterXSize(), from.GetRasterYSize()} : *window;
      memory.wait_for(large_raster_bytes(int64_t{part.width} * part.height));
      RasterPicture read = read_raster(*date.raster, from, part, date.source.tags, options, out.info);
      out.image = std::move(read.image);
      out.missing = std::move(read.missing);
      out.info.warped = view != nullptr;
      if (out.info.warped) out.info.window.reset();
      turn(out, date.source.tags.orientation);
      out.info.content = content_hash(out.image);
    }
    DateFacts facts;
    facts.info = out.info;
    facts.width = out.image.width;
    facts.height = out.image.height;
    if (size > 0) {
      out.missing = reduced_mask(out.missing, out.image.width, out.image.height, size);
      out.image = resize_bicubic(out.image, size, size);
      facts.small = out.image;
    } else if (options.checked) {
      facts.small = resize_bicubic(out.image, kCheckedSize, kCheckedSize);
    }
    return facts;
  });
}

}  // namespace

ReadPair read_pair(const PictureFiles& before, const PictureFiles& after, const ReadOptions& options, int size) {
  ReadPair out;
  Date dates[] = {open_date(before, options), open_date(after, options)};
  Alignment alignment;
  if (dates[0].raster != nullptr && dates[1].raster != nullptr) {
    alignment = naming(after.front(), [&] { return align(*dates[0].raster, *dates[1].raster); });
  }
  using Kind = Alignment::Kind;
  if (alignment.kind == Kind::kDifferent) {
    throw DifferentPlace(alignment.message + " (" + before.front() + ", " + after.front() + ")");
  }
  out.aligned = alignment.kind == Kind::kCropped || alignment.kind == Kind::kWarped;
  DateFacts facts[2];
  facts[0] = read_date(dates[0], nullptr, out.aligned ? &alignment.before : nullptr, options, size, out.before);
  dates[0].raster.reset();
  facts[1] =
      read_date(dates[1], alignment.warped.get(), out.aligned ? &alignment.after : nullptr, options, size, out.after);
  if (alignment.warped != nullptr) {
    dates[1].raster->run([&] {
      alignment.warped.reset();
      return 0;
    });
  }
  dates[1].raster.reset();
  const std::optional<double> scale =
      alignment.kind == Kind::kNone ? std::nullopt : std::optional<double>(alignment.scale);
  if (options.checked) out.warnings = check_pair_images(facts[0], facts[1], size > 0 ? size : kCheckedSize, scale);
  const bool one_size =
      out.before.image.width == out.after.image.width && out.before.image.height == out.after.image.height;
  if (one_size && options.stretch.kind != Stretch::Kind::kNone) {
    hide_missing(out.before.image, out.before.missing, out.after.image, out.after.missing);
  }
  return out;
}

}  // namespace ccx::image
