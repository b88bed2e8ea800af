#include "wasm/picture.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/image/collar.h"
#include "core/image/content_hash.h"
#include "core/image/missing.h"
#include "core/image/normalise.h"
#include "core/image/resize.h"
#include "core/image/sample_bytes.h"

namespace ccx::wasm {
namespace {

// The way of samples to bytes, as image::read_raster() goes it.
template <typename T>
class Samples {
 public:
  Samples(const std::vector<std::vector<T>>& bands, int offset, std::vector<uint8_t> mask, const SampleFacts& facts,
          image::ReadInfo& info)
      : bands_(bands), offset_(offset), facts_(facts), nodata_(facts.nodata), missing_(std::move(mask)), info_(info) {
    const bool says = !missing_.empty() || nodata_;
    find_missing();
    // Two or four bits of brightness lie in the low end of a byte.
    image::Stretch stretch;
    if (facts.type == image::SampleType::kUint8 && facts.sensor_bits < 8) {
      stretch = {image::Stretch::Kind::kRange, 0, std::ldexp(1.0, facts.sensor_bits) - 1};
    }
    image::find_levels(
        info, stretch, facts.sensor_bits, [&](image::ValueStatistics& found) { collect(found); },
        [&](const image::ValueStatistics& found) {
          const auto value = image::usual_filling(found);
          if (!value || says || nodata_) return find_collar(found);
          nodata_ = value;
          find_missing();
          return true;
        });
    byte_of_ = {info, offset, is_grey() && !(image::Code<T> && facts.has_alpha)};
  }

  void convert(image::Image& out) const {
    const bool turns = is_grey() && facts_.white_is_zero && (info_.levels || !image::is_deep(facts_.type));
    const uint8_t turn = turns ? 255 : 0;
    for (std::size_t i = 0; i < bands_[0].size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        uint8_t& byte = out.rgb[3 * i + c];
        byte = static_cast<uint8_t>(byte_of_(bands_[is_grey() ? 0 : c][i]) ^ turn);
        if (!facts_.multiplied_by.empty()) byte = image::unmultiplied(byte, facts_.multiplied_by[i]);
      }
    }
  }

  std::vector<uint8_t> missing() && { return std::move(missing_); }

 private:
  bool is_grey() const { return bands_.size() == 1; }

  void find_missing() {
    if (missing_.empty() && !nodata_ && image::Code<T>) return;
    missing_.resize(bands_[0].size(), 0);
    for (std::size_t i = 0; i < missing_.size(); ++i) {
      bool none = nodata_.has_value();
      for (const std::vector<T>& band : bands_) {
        none = none && image::is_nodata(band[i], offset_, *nodata_);
        if (!image::is_number(band[i])) missing_[i] = 1;
      }
      if (none) missing_[i] = 1;
    }
  }

  // As image::RasterReader's.
  bool find_collar(const image::ValueStatistics& found) {
    if (has_collar_) return false;
    for (const image::Filling& filling : image::possible_fillings(found, info_.type)) {
      std::vector<uint8_t> marks(bands_[0].size(), image::kFar);
      for (std::size_t i = 0; i < marks.size(); ++i) {
        const auto value = [&](std::size_t s) { return static_cast<double>(bands_[s][i]) + offset_; };
        if (missing_.empty() || missing_[i] == 0) marks[i] = image::mark_of(bands_.size(), filling, value);
      }
      if (image::keep_collars(marks, info_.width, info_.height, {.anywhere = filling.anywhere}) == 0) continue;
      missing_.resize(marks.size(), 0);
      for (std::size_t i = 0; i < marks.size(); ++i) missing_[i] |= marks[i];
      has_collar_ = true;
      return true;
    }
    return false;
  }

  void collect(image::ValueStatistics& found) const {
    image::SampleStatistics<T> statistics(found, offset_, bands_[0].size() * bands_.size());
    for (std::size_t i = 0; i < bands_[0].size(); ++i) {
      if (!missing_.empty() && missing_[i] != 0) continue;
      for (const std::vector<T>& band : bands_) statistics.add(band[i]);
    }
  }

  const std::vector<std::vector<T>>& bands_;
  const int offset_;
  const SampleFacts& facts_;
  std::optional<double> nodata_;
  std::vector<uint8_t> missing_;
  bool has_collar_ = false;
  image::ReadInfo& info_;
  image::SampleBytes<T> byte_of_;
};

// Fills `out`; gives which pixels are missing.
template <typename T>
std::vector<uint8_t> convert(const std::vector<std::vector<T>>& bands, int offset, std::vector<uint8_t> mask,
                             const SampleFacts& facts, image::ReadInfo& info, image::Image& out) {
  Samples<T> samples(bands, offset, std::move(mask), facts, info);
  samples.convert(out);
  return std::move(samples).missing();
}

// Signed integers are counted as codes too.
std::vector<uint8_t> convert(const std::vector<std::vector<int16_t>>& bands, int /*offset*/, std::vector<uint8_t> mask,
                             const SampleFacts& facts, image::ReadInfo& info, image::Image& out) {
  constexpr int kOffset = -32768;
  std::vector<std::vector<uint16_t>> codes;
  for (const std::vector<int16_t>& band : bands) {
    std::vector<uint16_t>& to = codes.emplace_back();
    to.reserve(band.size());
    for (const int16_t value : band) to.push_back(static_cast<uint16_t>(value - kOffset));
  }
  return convert(codes, kOffset, std::move(mask), facts, info, out);
}

image::DateFacts facts_of(const Picture& picture, int size) {
  return {picture.info(), picture.image().width, picture.image().height,
          image::resize_bicubic(picture.image(), size, size),
          image::reduced_mask(picture.missing(), picture.image().width, picture.image().height, size)};
}

}  // namespace

Picture::Picture(int width, int height, bool is_grey) : image_(image::filled_image(width, height)) {
  info_.width = width;
  info_.height = height;
  info_.bands_in_file = is_grey ? 1 : 3;
  info_.bands = is_grey ? std::vector<int>{1} : std::vector<int>{1, 2, 3};
}

void Picture::add_rows(std::span<const unsigned char> rgba) {
  const std::size_t pixels = rgba.size() / 4;
  if (rgba.size() % 4 != 0 || pixels % static_cast<std::size_t>(image_.width) != 0 ||
      pixels * 3 > image_.rgb.size() - filled_) {
    throw std::invalid_argument("these are not whole rows of the picture");
  }
  unsigned char* to = image_.rgb.data() + filled_;
  for (std::size_t i = 0; i < pixels; ++i) {
    to[3 * i] = rgba[4 * i];
    to[3 * i + 1] = rgba[4 * i + 1];
    to[3 * i + 2] = rgba[4 * i + 2];
    clear_ += rgba[4 * i + 3] == 0 ? 1 : 0;
  }
  filled_ += pixels * 3;
  info_.nodata = static_cast<double>(clear_) / (static_cast<double>(image_.width) * image_.height);
}

template <typename T>
Picture Picture::of_samples(int width, int height, const std::vector<std::vector<T>>& bands, std::vector<uint8_t> mask,
                            const SampleFacts& facts) {
  Picture out(width, height, bands.size() == 1);
  const std::size_t pixels = out.image_.rgb.size() / 3;
  const bool fits = (bands.size() == 1 || bands.size() == 3) && (mask.empty() || mask.size() == pixels) &&
                    (facts.multiplied_by.empty() || facts.multiplied_by.size() == pixels) &&
                    std::all_of(bands.begin(), bands.end(), [&](const auto& band) { return band.size() == pixels; });
  if (!fits) throw InputError("the bands of the picture do not have its size");
  out.info_.type = facts.type;
  out.info_.bands_in_file = facts.bands_in_file;
  out.info_.bands = facts.bands;
  out.info_.bands_by = facts.by;
  out.info_.bands_doubt = facts.doubt;
  out.info_.has_other_bands = facts.has_other_bands;
  out.missing_ = convert(bands, 0, std::move(mask), facts, out.info_, out.image_);
  out.info_.nodata = image::fill_missing(out.image_, out.missing_);
  if (out.info_.nodata == 0) out.missing_ = {};
  out.filled_ = out.image_.rgb.size();
  return out;
}

template Picture Picture::of_samples(int, int, const std::vector<std::vector<uint8_t>>&, std::vector<uint8_t>,
                                     const SampleFacts&);
template Picture Picture::of_samples(int, int, const std::vector<std::vector<int16_t>>&, std::vector<uint8_t>,
                                     const SampleFacts&);
template Picture Picture::of_samples(int, int, const std::vector<std::vector<uint16_t>>&, std::vector<uint8_t>,
                                     const SampleFacts&);
template Picture Picture::of_samples(int, int, const std::vector<std::vector<float>>&, std::vector<uint8_t>,
                                     const SampleFacts&);
template Picture Picture::of_samples(int, int, const std::vector<std::vector<double>>&, std::vector<uint8_t>,
                                     const SampleFacts&);

std::vector<unsigned char> Picture::shown(int width, int height) const {
  const image::Image small = image::resize_bicubic(image(), width, height);
  std::vector<unsigned char> rgba(small.rgb.size() / 3 * 4, 255);
  for (std::size_t i = 0; i < small.rgb.size() / 3; ++i) {
    for (std::size_t c = 0; c < 3; ++c) rgba[4 * i + c] = small.rgb[3 * i + c];
  }
  return rgba;
}

const image::Image& Picture::image() const {
  if (filled_ != image_.rgb.size()) throw InputError("the picture is not complete");
  return image_;
}

const image::ReadInfo& Picture::info() const {
  if (!is_hashed_) info_.content = image::content_hash(image());
  is_hashed_ = true;
  return info_;
}

std::vector<image::PairWarning> pair_warnings(const Picture& before, const Picture& after, int size,
                                              const image::PairPlace& place) {
  return image::check_pair_images(facts_of(before, size), facts_of(after, size), size, place);
}

PreparedPair prepare_pair(const Picture& before, const Picture& after, int size, const image::PairPlace& place) {
  image::DateFacts dates[] = {facts_of(before, size), facts_of(after, size)};
  PreparedPair out;
  out.warnings = image::check_pair_images(dates[0], dates[1], size, place);
  image::hide_missing(dates[0].small, dates[0].missing, dates[1].small, dates[1].missing);
  out.before = image::preprocess(dates[0].small, size);
  out.after = image::preprocess(dates[1].small, size);
  return out;
}

}  // namespace ccx::wasm
