// The way of a sensor's samples to bytes, in whatever order they come: strips of GDAL's (raster_pixels.h) or the bands
// of a page (wasm/picture.h). Integers of up to 16 bits are codes, value = code + offset; the rest is floating point.
// T is uint8_t, uint16_t, float or double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <vector>

#include "core/image/read_options.h"
#include "core/image/stretch.h"

namespace ccx::image {

template <typename T>
concept Code = std::is_integral_v<T>;

// Whether a sample can be a value at all.
template <typename T>
bool is_number(T sample) {
  if constexpr (Code<T>) return true;
  return std::isfinite(sample);
}

// Whether a sample is the value that stands for none.
template <typename T>
bool is_nodata(T sample, int offset, double nodata) {
  if constexpr (Code<T>) return static_cast<double>(static_cast<int>(sample) + offset) == nodata;
  if constexpr (std::is_same_v<T, float>) return sample == static_cast<float>(nodata);
  return static_cast<double>(sample) == nodata;
}

// Collects the valid samples of a picture that has `all` of them.
template <typename T>
class SampleStatistics {
 public:
  SampleStatistics(ValueStatistics& found, int offset, std::size_t all) : found_(found), step_(all / kKept + 1) {
    if constexpr (std::is_same_v<T, uint16_t>) found.use_codes(offset);
    if constexpr (std::is_same_v<T, uint8_t>) found.use_codes(0);
  }
  void add(T sample) {
    if constexpr (Code<T>) {
      found_.add_code(static_cast<uint16_t>(sample));
    } else {
      found_.add_extreme(static_cast<double>(sample));
      if (at_++ % step_ == 0) found_.add(static_cast<double>(sample));
    }
  }

 private:
  static constexpr std::size_t kKept = std::size_t{1} << 21;  // values that percentiles of floats are taken from
  ValueStatistics& found_;
  std::size_t step_;
  std::size_t at_ = 0;
};

// The value that files fill their gaps with without saying so, where `found` has it: -9999, -32768, ...
std::optional<double> usual_filling(const ValueStatistics& found);

// Sets the levels of a picture of info.type, and whether it is of nearly one value. `collect` gives its valid samples.
// `find_gaps` looks at them for values that stand for none, and says whether it found some: then `collect` is called
// again without them. Throws UsageError as levels_of().
void find_levels(ReadInfo& info, const Stretch& stretch, int sensor_bits,
                 const std::function<void(ValueStatistics&)>& collect,
                 const std::function<bool(const ValueStatistics&)>& find_gaps);

// A colour that was multiplied by its alpha, as it was before.
inline uint8_t unmultiplied(uint8_t byte, int alpha) {
  return static_cast<uint8_t>(alpha == 0 ? 0 : std::min(byte * 255 / alpha, 255));
}

// The byte of each sample of a picture whose levels are known.
template <typename T>
class SampleBytes {
 public:
  SampleBytes() = default;
  SampleBytes(const ReadInfo& info, int offset, bool is_grey)
      : levels_(info.levels), type_(info.type), is_grey_(is_grey) {
    if constexpr (std::is_same_v<T, uint16_t>) table_ = stretch_table(info.levels, info.type, offset, is_grey);
  }
  uint8_t operator()(T sample) const {
    if constexpr (std::is_same_v<T, uint8_t>) return sample;
    if constexpr (std::is_same_v<T, uint16_t>) return table_[sample];
    if (levels_) return stretched(static_cast<double>(sample), *levels_);
    return narrowed(static_cast<double>(sample), type_, is_grey_);
  }

 private:
  std::optional<Levels> levels_;
  SampleType type_ = SampleType::kUint8;
  bool is_grey_ = false;
  std::vector<uint8_t> table_;  // bytes of all codes
};

}  // namespace ccx::image
