// Percentiles, levels and the arithmetic of a stretch (stretch.h).
#include "core/image/stretch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"

namespace ccx::image {

namespace {

constexpr std::size_t kCodes = 65536;

// A number that is the whole of text[from, to); false otherwise.
bool number(const std::string& text, std::size_t from, std::size_t to, double& out) {
  const std::string part = text.substr(from, to - from);
  if (part.empty() || part.find_first_not_of("+-.0123456789eE") != std::string::npos) return false;
  char* end = nullptr;
  out = std::strtod(part.c_str(), &end);
  return end == part.c_str() + part.size() && std::isfinite(out);
}

bool percentiles(const std::string& text, Stretch& out) {
  const std::size_t middle = text.find("-p");
  if (text.empty() || text[0] != 'p' || middle == std::string::npos) return false;
  out.kind = Stretch::Kind::kPercentiles;
  return number(text, 1, middle, out.low) && number(text, middle + 2, text.size(), out.high) && out.low >= 0 &&
         out.low < out.high && out.high <= 100;
}

bool range(const std::string& text, Stretch& out) {
  const std::size_t middle = text.find("..");
  if (middle == std::string::npos) return false;
  out.kind = Stretch::Kind::kRange;
  return number(text, 0, middle, out.low) && number(text, middle + 2, text.size(), out.high) && out.low < out.high;
}

std::string shortest(double value) {
  char text[64];
  const bool is_ordinary = std::abs(value) < 1e15 && (value == 0 || std::abs(value) > 1e-9);
  for (int digits = 0; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, is_ordinary ? "%.*f" : "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  return text;
}

}  // namespace

Stretch parse_stretch(const std::string& text) {
  using Kind = Stretch::Kind;
  if (text == "auto") return {Kind::kAuto};
  if (text == "none") return {Kind::kNone};
  if (text == "minmax") return {Kind::kMinMax};
  if (text == "sensor") return {Kind::kSensor};
  Stretch out;
  if (percentiles(text, out) || range(text, out)) return out;
  throw UsageError(
      "--stretch " + text +
      ": expected auto, none, minmax, sensor, percentiles such as p2-p98 (0 to 100, the smaller first), or "
      "values such as 0..3000 (the smaller first)");
}

std::string stretch_text(const Stretch& stretch) {
  switch (stretch.kind) {
    case Stretch::Kind::kAuto:
      return "auto";
    case Stretch::Kind::kNone:
      return "none";
    case Stretch::Kind::kMinMax:
      return "minmax";
    case Stretch::Kind::kPercentiles:
      return "p" + shortest(stretch.low) + "-p" + shortest(stretch.high);
    case Stretch::Kind::kRange:
      return shortest(stretch.low) + ".." + shortest(stretch.high);
    case Stretch::Kind::kSensor:
      break;
  }
  return "sensor";
}

std::string sample_type_name(SampleType type) {
  static const char* const names[] = {"uint8", "int8",   "uint16", "int16",   "uint32",
                                      "int32", "uint64", "int64",  "float32", "float64"};
  return names[static_cast<std::size_t>(type)];
}

bool is_deep(SampleType type) {
  return type != SampleType::kUint8;
}

void ValueStatistics::use_codes(int offset) {
  offset_ = offset;
  counts_.assign(kCodes, 0);
}

void ValueStatistics::add_extreme(double value) {
  least_ = seen_ ? std::min(least_, value) : value;
  largest_ = seen_ ? std::max(largest_, value) : value;
  seen_ = true;
}

std::size_t ValueStatistics::count() const {
  if (counts_.empty()) return values_.size();
  uint64_t sum = 0;
  for (const uint64_t n : counts_) sum += n;
  return static_cast<std::size_t>(sum);
}

void ValueStatistics::sort() const {
  if (sorted_) return;
  std::sort(values_.begin(), values_.end());
  sorted_ = true;
}

double ValueStatistics::percentile(double percent) const {
  const std::size_t n = count();
  if (n == 0) return 0;
  const double place = std::ceil(percent / 100 * static_cast<double>(n)) - 1;
  const auto rank = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(n - 1)));
  if (counts_.empty()) {
    sort();
    return values_[rank];
  }
  uint64_t below = 0;
  for (std::size_t code = 0; code < kCodes; ++code) {
    below += counts_[code];
    if (below > rank) return static_cast<double>(static_cast<int>(code) + offset_);
  }
  return 0;
}

double ValueStatistics::share(double value) const {
  const auto all = static_cast<double>(std::max<std::size_t>(count(), 1));
  if (counts_.empty()) return static_cast<double>(std::count(values_.begin(), values_.end(), value)) / all;
  const double code = value - offset_;
  const bool is_code = code >= 0 && code < static_cast<double>(kCodes) && code == std::floor(code);
  return is_code ? static_cast<double>(counts_[static_cast<std::size_t>(code)]) / all : 0;
}

double ValueStatistics::lone_largest(SampleType type) const {
  const double end = type == SampleType::kUint16 ? 65535 : type == SampleType::kInt16 ? 32767 : 0;
  if (counts_.empty() || end == 0 || largest() != end) return 0;
  std::size_t next = static_cast<std::size_t>(end - offset_);
  do {
    if (next == 0) return 0;
  } while (counts_[--next] == 0);
  const double part = share(end), high = static_cast<double>(next) + offset_;
  // What remains must be a picture.
  return high <= end / 2 && high - percentile(kAutoLow * (1 - part)) >= 8 ? part : 0;
}

std::optional<int> ValueStatistics::widening() const {
  if (counts_.empty() || offset_ != 0) return std::nullopt;
  bool replicated = true;
  bool shifted = true;
  bool is_high = false;
  for (std::size_t code = 0; code < kCodes; ++code) {
    if (counts_[code] == 0) continue;
    replicated = replicated && code % 257 == 0;
    shifted = shifted && code % 256 == 0;
    is_high = is_high || code >= 4096;
  }
  if (!is_high || !(replicated || shifted)) return std::nullopt;
  return replicated ? 257 : 256;
}

bool needs_statistics(const Stretch& stretch, SampleType type) {
  if (stretch.kind == Stretch::Kind::kAuto) return is_deep(type);
  return stretch.kind == Stretch::Kind::kMinMax || stretch.kind == Stretch::Kind::kPercentiles;
}

std::optional<Levels> levels_of(const Stretch& stretch, SampleType type, int sensor_bits,
                                const ValueStatistics& found) {
  switch (stretch.kind) {
    case Stretch::Kind::kNone:
      return std::nullopt;
    case Stretch::Kind::kMinMax:
      return Levels{found.least(), found.largest()};
    case Stretch::Kind::kPercentiles:
      return Levels{found.percentile(stretch.low), found.percentile(stretch.high)};
    case Stretch::Kind::kRange:
      return Levels{stretch.low, stretch.high};
    case Stretch::Kind::kSensor: {
      if (type == SampleType::kFloat32 || type == SampleType::kFloat64) {
        throw UsageError("--stretch sensor needs integers, whose depth says their range; these samples are " +
                         sample_type_name(type) + ": give LO..HI");
      }
      if (!is_deep(type)) return std::nullopt;
      const bool is_signed = type == SampleType::kInt16 || type == SampleType::kInt32;
      return Levels{0, std::ldexp(1.0, is_signed && sensor_bits >= 16 ? sensor_bits - 1 : sensor_bits) - 1};
    }
    case Stretch::Kind::kAuto:
      break;
  }
  if (!is_deep(type)) return std::nullopt;
  // A picture that fills its 16 bits is a photograph already.
  constexpr double half_of_16_bits = 32768;
  if (type == SampleType::kUint16) {
    if (const auto factor = found.widening()) return Levels{0, 255.0 * *factor};
  }
  const double rest = 1 - found.lone_largest(type);
  if (type == SampleType::kUint16 && found.percentile(99.5 * rest) >= half_of_16_bits) return Levels{0, 65535};
  return Levels{found.percentile(kAutoLow * rest), found.percentile(kAutoHigh * rest)};
}

bool is_nearly_one_value(const Levels& levels, SampleType type) {
  const double width = levels.high - levels.low;
  const bool is_float = type == SampleType::kFloat32 || type == SampleType::kFloat64;
  if (!is_float) return width < 8;
  return width <= 0.005 * std::max(std::abs(levels.high), std::abs(levels.low));
}

uint8_t stretched(double value, const Levels& levels) {
  const double width = levels.high - levels.low;
  if (!(width > 0)) return 128;
  const double at = (value - levels.low) / width * 255 + 0.5;
  return at >= 255 ? 255 : at > 0 ? static_cast<uint8_t>(at) : 0;
}

uint8_t narrowed(double value, SampleType type, bool is_grey) {
  if (type == SampleType::kUint16 && !is_grey) return static_cast<uint8_t>(static_cast<uint32_t>(value) >> 8);
  return value >= 255 ? 255 : value > 0 ? static_cast<uint8_t>(value) : 0;
}

std::vector<uint8_t> stretch_table(const std::optional<Levels>& levels, SampleType type, int offset, bool is_grey) {
  std::vector<uint8_t> table(kCodes);
  for (std::size_t code = 0; code < kCodes; ++code) {
    const double value = static_cast<double>(static_cast<int>(code) + offset);
    table[code] = levels ? stretched(value, *levels) : narrowed(value, type, is_grey);
  }
  return table;
}

}  // namespace ccx::image
