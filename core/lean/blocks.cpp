#include "core/lean/blocks.h"

#include <algorithm>
#include <cstring>

#include "core/graph/sizes.h"
#include "core/lean/limits.h"

namespace ccx::lean {
namespace {

constexpr std::int64_t kBandFloats = 96 * 1024;  // of a band's expanded rows: what a second-level cache holds easily

// `Together` neighbouring outputs of a row, whose corner of the input is `corner`: a weight, and a pixel that several
// of them see, are loaded once. Each output's sum is added up in the same order however many there are.
template <int Kernel, int Stride, int Together>
void filter_pixels(const Depthwise& filter, Limits limits, const float* corner, std::int64_t row_stride, float* to) {
  constexpr int kColumns = (Together - 1) * Stride + Kernel;
  // As wide as addresses, and from one load to the next: else on WebAssembly addresses cost more than what is computed.
  const auto channels = static_cast<std::ptrdiff_t>(filter.channels());
  const auto below = static_cast<std::ptrdiff_t>(row_stride);
  const int rows = static_cast<int>(filter.spec.kernel);
  for (std::ptrdiff_t c = 0; c < channels; c += kFloats) {
    F4 sums[Together];
    for (F4& sum : sums) sum = load<F4>(filter.biases.data() + c);
    const float* weight = filter.weights.data() + c;
    const float* row = corner + c;
    // A loop that stays one: of what is written out at a stretch, browsers load all first, for which registers are too
    // few.
    for (int ky = 0; ky < rows; ++ky, row += below) {
      F4 weights[Kernel];
      for (int kx = 0; kx < Kernel; ++kx, weight += channels) weights[kx] = load<F4>(weight);
      const float* at = row;
      for (int column = 0; column < kColumns; ++column, at += channels) {
        const F4 pixel = load<F4>(at);
        for (int i = 0; i < Together; ++i) {
          const int kx = column - i * Stride;
          if (kx >= 0 && kx < Kernel) sums[i] += pixel * weights[kx];
        }
      }
    }
    float* into = to + c;
    for (int i = 0; i < Together; ++i, into += channels) store(into, limits(sums[i]));
  }
}

// A row of the output from `Kernel` rows of the input, whose sides are filled already.
template <int Kernel, int Stride>
void filter_row(const Depthwise& filter, const float* rows, std::int64_t row_stride, std::int64_t width, float* to) {
  constexpr int kRegisters = 14;  // a row's weights, its pixels and the sums
  constexpr int kTogether = (kRegisters - 2 * Kernel + Stride) / (Stride + 1);
  const std::int64_t channels = filter.channels();
  const Limits limits = limits_of(filter.spec.activation);
  std::int64_t x = 0;
  for (; x + kTogether <= width; x += kTogether) {
    filter_pixels<Kernel, Stride, kTogether>(filter, limits, rows + x * Stride * channels, row_stride,
                                             to + x * channels);
  }
  for (; x < width; ++x)
    filter_pixels<Kernel, Stride, 1>(filter, limits, rows + x * Stride * channels, row_stride, to + x * channels);
}

void filter_row(const Depthwise& filter, const float* rows, std::int64_t row_stride, std::int64_t width, float* to) {
  const bool every = filter.spec.stride == 1;
  const auto row = filter.spec.kernel == 3 ? (every ? filter_row<3, 1> : filter_row<3, 2>)
                                           : (every ? filter_row<5, 1> : filter_row<5, 2>);
  row(filter, rows, row_stride, width, to);
}

// The expanded rows of the input that a band of the output reads, with zeros around them.
class Band {
 public:
  Band(const Block& block, const float* input, MapSize size)
      : block_(block),
        spec_(block.depthwise->spec),
        input_(input),
        size_(size),
        channels_(block.depthwise->channels()),
        in_(block.expand ? block.expand->in() : channels_),
        row_((size.width + spec_.left + spec_.right) * channels_) {}

  std::int64_t row_stride() const { return row_; }
  // How many rows of the output a band has.
  std::int64_t height() const { return std::max<std::int64_t>(1, (kBandFloats / row_ - spec_.kernel) / spec_.stride); }

  // Rows for the outputs first..first + count - 1; the pointer is to those of the first.
  const float* rows(std::int64_t first, std::int64_t count) {
    const std::int64_t from = first * spec_.stride - spec_.top;
    const std::int64_t needed = (count - 1) * spec_.stride + spec_.kernel;
    rows_.resize(
        static_cast<std::size_t>(std::max<std::int64_t>(needed * row_, static_cast<std::int64_t>(rows_.size()))));
    // What the band before has computed already.
    const std::int64_t kept = std::clamp<std::int64_t>(end_ - from, 0, needed);
    if (kept > 0) std::memmove(at(0), at(from - begin_), static_cast<std::size_t>(kept * row_) * sizeof(float));
    begin_ = from;
    end_ = from + needed;
    for (std::int64_t y = from + kept; y < end_;) {
      if (y < 0 || y >= size_.height) {
        std::fill_n(at(y - from), row_, 0.0f);
        ++y;
        continue;
      }
      const std::int64_t last = std::min(end_, size_.height);
      fill(y, last - y);
      y = last;
    }
    return rows_.data();
  }

 private:
  float* at(std::int64_t row) { return rows_.data() + row * row_; }

  void fill(std::int64_t first, std::int64_t count) {
    const float* input = input_ + first * size_.width * in_;
    const std::int64_t inner = size_.width * channels_;
    float* to = at(first - begin_);
    for (std::int64_t y = 0; y < count; ++y) {
      std::fill_n(to + y * row_, spec_.left * channels_, 0.0f);
      std::fill_n(to + y * row_ + spec_.left * channels_ + inner, spec_.right * channels_, 0.0f);
      if (!block_.expand) std::copy_n(input + y * inner, inner, to + y * row_ + spec_.left * channels_);
    }
    if (!block_.expand) return;
    const std::int64_t pixels = count * size_.width;
    quantised_.resize(static_cast<std::size_t>(pixels * block_.expand->row()));
    const float largest = largest_magnitude({input, static_cast<std::size_t>(pixels * in_)});
    const float scale = quantise(input, pixels, in_, largest, block_.expand->steps(), quantised_.data());
    block_.expand->multiply(quantised_.data(), count, size_.width, scale, block_.expanded, to + spec_.left * channels_,
                            row_);
  }

  static constexpr std::int64_t kNone = std::int64_t{-1} << 40;

  const Block& block_;
  const ConvSpec spec_;
  const float* input_;
  MapSize size_;
  std::int64_t channels_, in_, row_;
  std::int64_t begin_ = kNone, end_ = kNone;  // the input's rows that are here
  std::vector<float> rows_;
  std::vector<std::int16_t> quantised_;
};

}  // namespace

MapSize output_size(const ConvSpec& spec, MapSize input) {
  const auto [height, width] = conv_size(spec, input.height, input.width);
  return {height, width};
}

void run_block(const Block& block, const float* input, MapSize size, float* output) {
  const Depthwise& filter = *block.depthwise;
  const MapSize out = output_size(filter.spec, size);
  const std::int64_t channels = filter.channels();
  Band band(block, input, size);
  std::vector<float> filtered;
  std::vector<std::int16_t> quantised;
  for (std::int64_t y = 0; y < out.height;) {
    const std::int64_t count = std::min(band.height(), out.height - y);
    const float* rows = band.rows(y, count);
    const std::int64_t pixels = count * out.width;
    filtered.resize(static_cast<std::size_t>(pixels * channels));
    for (std::int64_t i = 0; i < count; ++i) {
      filter_row(filter, rows + i * filter.spec.stride * band.row_stride(), band.row_stride(), out.width,
                 filtered.data() + i * out.width * channels);
    }
    quantised.resize(static_cast<std::size_t>(pixels * block.project->row()));
    const float largest = filter.spec.activation == Activation::kRelu6 ? 6.0f : largest_magnitude(filtered);
    const float scale = quantise(filtered.data(), pixels, channels, largest, block.project->steps(), quantised.data());
    block.project->multiply(quantised.data(), 1, pixels, scale, block.projected,
                            output + y * out.width * block.project->out(), 0);
    y += count;
  }
}

}  // namespace ccx::lean
