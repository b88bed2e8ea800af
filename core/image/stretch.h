// From the values of a sensor to 8 bits: which value becomes black and which white. Plain C++, shared with WebAssembly.
//
// A model knows 8-bit photographs. Satellites deliver 11 or 12 bits in words of 16, reflectance times 10,000, or
// reflectance as a fraction; taken as they are these are black or white all over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ccx::image {

// `--stretch`.
struct Stretch {
  enum class Kind {
    kAuto,         // 8 bits as they are; deeper ones between percentiles of the picture's own valid values
    kNone,         // as Pillow: colour keeps its high byte, grey and floats are clipped to 0..255
    kMinMax,       // the least and the largest valid value
    kPercentiles,  // pLO-pHI: `low` and `high` in percent
    kRange,        // LO..HI: `low` and `high` are values
    kSensor,       // the range that the number of bits allows
  };
  Kind kind = Kind::kAuto;
  double low = 0;
  double high = 0;

  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// "auto", "none", "minmax", "p2-p98", "0..3000", "sensor". Throws UsageError that says what is known.
Stretch parse_stretch(const std::string& text);
std::string stretch_text(const Stretch& stretch);  // what parse_stretch() reads

// Percentiles of `auto`: the same for every picture, so that two dates of one place come out alike.
constexpr double kAutoLow = 0.1;
constexpr double kAutoHigh = 99.9;

// How samples are stored.
enum class SampleType { kUint8, kInt8, kUint16, kInt16, kUint32, kInt32, kUint64, kInt64, kFloat32, kFloat64 };
std::string sample_type_name(SampleType type);  // "uint16", ...
bool is_deep(SampleType type);                  // anything but bytes that are brightnesses

// The value that becomes 0 and the one that becomes 255.
struct Levels {
  double low = 0;
  double high = 255;

  friend bool operator==(const Levels&, const Levels&) = default;
};

// Collects the valid values of a picture, all bands together. Values of up to 16 bits are counted exactly; of others
// the caller gives a sample that is small enough to be kept.
class ValueStatistics {
 public:
  // Integers of up to 16 bits: value = code + offset, with offset 0 or -32768 (or -128).
  void use_codes(int offset);
  void add_code(uint16_t code) { ++counts_[code]; }
  void add(double value) { values_.push_back(value); }
  void add_extreme(double value);  // of all values, where only a sample is added

  // No more is added after the first of these. Percentiles are the nearest rank. All 0 where no value is valid.
  std::size_t count() const;
  double least() const { return seen_ ? least_ : percentile(0); }
  double largest() const { return seen_ ? largest_ : percentile(100); }
  double percentile(double percent) const;
  double share(double value) const;  // of the values that are this one, 0..1
  // The share of the largest value where it stands alone at the end of what samples can hold: nothing else is more than
  // half of it. Sensors of 11 bits do not see 65535; a writer put it there. 0 elsewhere.
  double lone_largest(SampleType type) const;
  // 257 or 256 where every value is that many times one of 8 bits: a photograph that was only stored in 16.
  std::optional<int> widening() const;

 private:
  void sort() const;

  int offset_ = 0;
  bool seen_ = false;
  double least_ = 0;
  double largest_ = 0;
  std::vector<uint64_t> counts_;  // 65,536 where codes are used
  mutable std::vector<double> values_;
  mutable bool sorted_ = false;
};

// Whether levels_of() looks at the statistics for this picture.
bool needs_statistics(const Stretch& stretch, SampleType type);

// What the stretch comes to; nothing: "none", see narrowed(). `sensor_bits` is the depth of integers (16 where nothing
// else is known). Throws UsageError for kSensor on floats, whose depth says nothing.
std::optional<Levels> levels_of(const Stretch& stretch, SampleType type, int sensor_bits, const ValueStatistics& found);

// Values that differ so little that a stretch would show noise.
bool is_nearly_one_value(const Levels& levels, SampleType type);

// One value under levels (rounded), or as Pillow would narrow it.
uint8_t stretched(double value, const Levels& levels);
uint8_t narrowed(double value, SampleType type, bool is_grey);

// All 65,536 codes of an integer type at once.
std::vector<uint8_t> stretch_table(const std::optional<Levels>& levels, SampleType type, int offset, bool is_grey);

}  // namespace ccx::image
