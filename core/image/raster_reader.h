// Strips of samples of one type, their statistics, and the way to bytes. T: uint8_t, uint16_t (codes), float or double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/image/collar.h"
#include "core/image/missing.h"
#include "core/image/raster_bands.h"
#include "core/image/raster_pixels.h"
#include "core/image/sample_bytes.h"

namespace ccx::image {

inline constexpr std::size_t kHeldBytes = std::size_t{64} << 20;   // samples of a picture that is read once
inline constexpr std::size_t kStripBytes = std::size_t{16} << 20;  // of a strip where it is read twice

template <typename T>
GDALDataType buffer_type(SampleType type) {
  if constexpr (std::is_same_v<T, uint8_t>) return GDT_Byte;
  if constexpr (std::is_same_v<T, float>) return GDT_Float32;
  if constexpr (std::is_same_v<T, double>) return GDT_Float64;
  return type == SampleType::kInt16 || type == SampleType::kInt8 ? GDT_Int16 : GDT_UInt16;
}

template <typename T>
class RasterReader {
 public:
  RasterReader(const RasterFile& file, GDALDataset& view, const Window& window, const RasterBands& bands,
               const ReadOptions& options, ReadInfo& info)
      : file_(file), view_(view), window_(window), bands_(bands), options_(options), info_(info) {
    samples_ = bands.read.size();
    const bool is_signed = bands.type == SampleType::kInt16 || bands.type == SampleType::kInt8;
    offset_ = std::is_same_v<T, uint16_t> && is_signed ? -32768 : 0;
    const std::size_t row_bytes = static_cast<std::size_t>(window.width) * samples_ * sizeof(T);
    rows_ = window.height;
    if (row_bytes * static_cast<std::size_t>(window.height) > kHeldBytes) {
      int across = 0;
      int down = 1;
      view.GetRasterBand(bands.read[0])->GetBlockSize(&across, &down);
      const int wanted = std::max(static_cast<int>(kStripBytes / std::max<std::size_t>(row_bytes, 1)), 1);
      rows_ = std::min(window.height, down >= wanted ? down : wanted / down * down);
    }
    unpremultiplies_ = bands.premultiplied && samples_ == 3 && !needs_statistics(options.stretch, bands.type);
  }

  RasterPicture read() {
    find_levels();
    RasterPicture out{filled_image(window_.width, window_.height), {}};
    // PIL clips deep grey, but keeps the high byte where alpha comes with it.
    byte_of_ = {info_, offset_, bands_.is_grey() && !(Code<T> && bands_.alpha != 0)};
    for (int top = 0; top < window_.height; top += rows_) {
      load(top);
      for (int y = 0; y < loaded_; ++y) {
        convert_row(row(y), out.image.row(top + y));
        note_missing(y, top + y, out);
      }
    }
    finish(out);
    return out;
  }

 private:
  const T* row(int y) const {
    return values_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(window_.width) * samples_;
  }

  // Reads the strip that begins at `top`, unless it is there already.
  void load(int top) {
    if (top == loaded_top_) return;
    loaded_ = std::min(rows_, window_.height - top);
    const auto width = static_cast<std::size_t>(window_.width);
    values_.resize(width * static_cast<std::size_t>(loaded_) * samples_);
    std::vector<int> list = bands_.read;
    transfer(top, values_.data(), buffer_type<T>(bands_.type), list);
    if constexpr (std::is_same_v<T, uint16_t>) {
      if (offset_ != 0) {
        // Where GDAL knows no signed bytes, it gives them as 0..255.
        const bool wraps = bands_.type == SampleType::kInt8;
        for (T& value : values_) {
          const int number = static_cast<int16_t>(value);
          value = static_cast<uint16_t>((wraps && number > 127 ? number - 256 : number) - offset_);
        }
      }
    }
    if (unpremultiplies_) {
      std::vector<int> alpha = {bands_.alpha};
      alpha_.resize(width * static_cast<std::size_t>(loaded_));
      transfer(top, alpha_.data(), buffer_type<T>(bands_.type), alpha);
    }
    find_missing(top);
    loaded_top_ = top;
  }

  void transfer(int top, void* to, GDALDataType type, std::vector<int>& list) {
    const auto bytes = static_cast<GSpacing>(sizeof(T));
    const auto count = static_cast<GSpacing>(list.size());
    const CPLErr result = file_.run([&] {
      return view_.RasterIO(GF_Read, window_.left, window_.top + top, window_.width, loaded_, to, window_.width,
                            loaded_, type, static_cast<int>(list.size()), list.data(), bytes * count,
                            bytes * count * window_.width, bytes, nullptr);
    });
    if (result != CE_None) throw DecodeError(DecodeError::Reason::kCorrupt, "its pixels cannot be read");
  }

  // missing_: [loaded rows * width], 1 where nothing is known; empty where that cannot be.
  void find_missing(int top) {
    const std::size_t pixels = static_cast<std::size_t>(window_.width) * static_cast<std::size_t>(loaded_);
    if (!bands_.masked && !bands_.has_nodata() && collar_.empty() && Code<T>) return;
    missing_.assign(pixels, 0);
    if (bands_.masked) {
      const CPLErr result = file_.run([&] {
        return view_.GetRasterBand(bands_.read[0])
            ->GetMaskBand()
            ->RasterIO(GF_Read, window_.left, window_.top + top, window_.width, loaded_, missing_.data(), window_.width,
                       loaded_, GDT_Byte, 0, 0, nullptr);
      });
      if (result != CE_None) throw DecodeError(DecodeError::Reason::kCorrupt, "its mask cannot be read");
      for (uint8_t& value : missing_) value = value == 0 ? 1 : 0;
    }
    const bool compares = bands_.has_nodata() && !bands_.cmyk;
    for (std::size_t i = 0; i < pixels; ++i) {
      const T* value = values_.data() + i * samples_;
      bool none = compares;
      for (std::size_t s = 0; s < samples_; ++s) {
        none = none && is_nodata(value[s], s);
        if (!is_number(value[s])) missing_[i] = 1;
      }
      if (none) missing_[i] = 1;
      if (!collar_.empty()) missing_[i] |= collar_[pixels_of(top) + i];
    }
  }

  bool is_nodata(T value, std::size_t s) const {
    return bands_.nodata[s] && image::is_nodata(value, offset_, *bands_.nodata[s]);
  }

  void find_levels() {
    const bool says = bands_.masked || bands_.has_nodata();
    const auto find_gaps = [&](const ValueStatistics& found) {
      if (const auto value = usual_filling(found); value && !says && !bands_.has_nodata()) {
        std::fill(bands_.nodata.begin(), bands_.nodata.end(), *value);
        loaded_top_ = -1;
        return true;
      }
      return !bands_.cmyk && find_collar(found);
    };
    try {
      image::find_levels(
          info_, options_.stretch, bands_.sensor_bits, [&](ValueStatistics& found) { collect(found); }, find_gaps);
    } catch (const UsageError& error) {
      throw DecodeError(DecodeError::Reason::kUnsupported, error.what());
    }
  }

  // Adds areas of one extreme value to what is missing. They are sought once.
  bool find_collar(const ValueStatistics& found) {
    if (!collar_.empty()) return false;
    for (const Filling& filling : possible_fillings(found, bands_.type)) {
      std::vector<uint8_t> marks(pixels_of(window_.height), kFar);
      for (int top = 0; top < window_.height; top += rows_) {
        load(top);
        uint8_t* out = marks.data() + pixels_of(top);
        for (std::size_t i = 0; i < pixels_of(loaded_); ++i) {
          // What is known to be missing bounds a filling as abruptly as the picture's edge.
          const bool is_missing = !missing_.empty() && missing_[i] != 0;
          const T* pixel = values_.data() + i * samples_;
          const auto value = [&](std::size_t s) { return static_cast<double>(pixel[s]) + offset_; };
          out[i] = is_missing ? kFar : mark_of(samples_, filling, value);
        }
      }
      if (keep_collars(marks, window_.width, window_.height, {.anywhere = filling.anywhere}) == 0) continue;
      collar_ = std::move(marks);
      loaded_top_ = -1;
      return true;
    }
    return false;
  }

  std::size_t pixels_of(int rows) const {
    return static_cast<std::size_t>(window_.width) * static_cast<std::size_t>(rows);
  }

  void collect(ValueStatistics& found) {
    SampleStatistics<T> statistics(found, offset_, pixels_of(window_.height) * samples_);
    for (int top = 0; top < window_.height; top += rows_) {
      load(top);
      for (std::size_t i = 0; i < pixels_of(loaded_); ++i) {
        if (!missing_.empty() && missing_[i] != 0) continue;
        for (std::size_t s = 0; s < samples_; ++s) statistics.add(values_[i * samples_ + s]);
      }
    }
  }

  void convert_row(const T* from, uint8_t* to) {
    const auto width = static_cast<std::size_t>(window_.width);
    if (!bands_.palette.empty()) {
      for (std::size_t x = 0; x < width; ++x, to += 3) {
        const auto index = static_cast<std::size_t>(from[x]);
        std::memcpy(to, bands_.palette[std::min(index, bands_.palette.size() - 1)].data(), 3);
      }
    } else if (samples_ == 1) {
      const uint8_t turn = bands_.white_is_zero && (info_.levels || !is_deep(bands_.type)) ? 255 : 0;
      for (std::size_t x = 0; x < width; ++x, to += 3) std::memset(to, byte_of_(from[x]) ^ turn, 3);
    } else if (bands_.cmyk) {
      for (std::size_t x = 0; x < width; ++x, from += 4, to += 3) {
        const int light = 255 - byte_of_(from[3]);
        for (std::size_t c = 0; c < 3; ++c) {
          const int product = byte_of_(from[c]) * light + 128;  // byte * light / 255, rounded, without a division
          to[c] = static_cast<uint8_t>(std::clamp(light - ((product >> 8) + product) / 256, 0, 255));
        }
      }
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      std::memcpy(to, from, width * 3);
    } else {
      for (std::size_t i = 0; i < width * 3; ++i) to[i] = byte_of_(from[i]);
    }
  }

  void note_missing(int y, int out_y, RasterPicture& out) {
    const auto width = static_cast<std::size_t>(window_.width);
    const std::size_t from = static_cast<std::size_t>(y) * width;
    uint8_t* rgb = out.image.row(out_y);
    if (unpremultiplies_) {
      for (std::size_t x = 0; x < width; ++x) {
        const int alpha = byte_of_(alpha_[from + x]);
        for (std::size_t c = 0; c < 3; ++c) rgb[3 * x + c] = unmultiplied(rgb[3 * x + c], alpha);
      }
    }
    if (missing_.empty()) return;
    if (out.missing.empty()) out.missing.assign(width * static_cast<std::size_t>(window_.height), 0);
    std::memcpy(out.missing.data() + static_cast<std::size_t>(out_y) * width, missing_.data() + from, width);
  }

  // The share of missing pixels, and a neutral colour in their place.
  void finish(RasterPicture& out) {
    info_.nodata = share_missing(out.missing);
    if (info_.nodata == 0) out.missing = {};
    if (options_.stretch.kind != Stretch::Kind::kNone) fill_missing(out.image, out.missing);
  }

  const RasterFile& file_;
  GDALDataset& view_;
  const Window window_;
  RasterBands bands_;
  const ReadOptions& options_;
  ReadInfo& info_;
  std::size_t samples_ = 1;
  int offset_ = 0;
  int rows_ = 1;  // of a strip
  bool unpremultiplies_ = false;
  SampleBytes<T> byte_of_;

  int loaded_top_ = -1;
  int loaded_ = 0;                // rows of the strip in memory
  std::vector<T> values_;         // [rows, width, samples]
  std::vector<T> alpha_;          // [rows, width]
  std::vector<uint8_t> missing_;  // [rows, width] or empty
  std::vector<uint8_t> collar_;   // [window's height, width] or empty: 1 in areas that were filled without a word
};

}  // namespace ccx::image
