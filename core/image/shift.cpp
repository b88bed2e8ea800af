// Phase correlation on a 128 x 128 grid, and the proof by correlating what the shift lays upon each other (shift.h).
#include "core/image/shift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

#include "core/image/resize.h"

namespace ccx::image {

namespace {

constexpr int kSide = 128;
constexpr int kMask = kSide - 1;
constexpr std::size_t kCells = std::size_t{kSide} * kSide;
// In cells: nearer than this is as good as registered.
constexpr double kLeastShift = 2.0;
// Correlation of detail after the shift, and what it must be above that without it.
constexpr double kLeastAgreement = 0.5;
constexpr double kLeastGain = 0.3;

using Value = std::complex<float>;

// In place, radix 2, of kSide values that lie `stride` apart.
void transform(Value* values, std::size_t stride, bool inverse) {
  static const std::array<Value, kSide / 2> roots = [] {
    std::array<Value, kSide / 2> out;
    for (int i = 0; i < kSide / 2; ++i) {
      const double angle = -2 * std::numbers::pi * i / kSide;
      out[static_cast<std::size_t>(i)] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
    }
    return out;
  }();
  std::array<Value, kSide> line;
  for (std::size_t i = 0; i < kSide; ++i) {
    std::size_t reversed = 0;
    for (std::size_t bit = 1, of = i; bit < kSide; bit <<= 1, of >>= 1) reversed = reversed << 1 | (of & 1);
    line[reversed] = values[i * stride];
  }
  for (std::size_t half = 1; half < kSide; half <<= 1) {
    const std::size_t step = kSide / 2 / half;
    for (std::size_t block = 0; block < kSide; block += 2 * half) {
      for (std::size_t i = 0; i < half; ++i) {
        const Value& root = roots[i * step];
        const float sign = inverse ? -1.0F : 1.0F;
        Value& a = line[block + i];
        Value& b = line[block + i + half];
        const float imaginary = root.imag() * sign;
        const Value turned{b.real() * root.real() - b.imag() * imaginary,
                           b.real() * imaginary + b.imag() * root.real()};
        b = a - turned;
        a += turned;
      }
    }
  }
  for (std::size_t i = 0; i < kSide; ++i) values[i * stride] = line[i];
}

void transform_all(std::vector<Value>& grid, bool inverse) {
  for (std::size_t i = 0; i < kSide; ++i) transform(grid.data() + i * kSide, 1, inverse);
  for (std::size_t i = 0; i < kSide; ++i) transform(grid.data() + i, kSide, inverse);
}

// Detail of a picture: grey minus the mean of its neighbourhood, in units of that neighbourhood's spread, so that light
// and season count less than edges.
std::vector<float> detail(const Image& picture) {
  const Image small = resize_bicubic(picture, kSide, kSide);
  constexpr int reach = 6;
  std::vector<float> grey(kCells);
  std::vector<double> sums((kSide + 1) * (kSide + 1), 0);
  std::vector<double> squares((kSide + 1) * (kSide + 1), 0);
  const auto at = [](int x, int y) { return static_cast<std::size_t>(y) * (kSide + 1) + static_cast<std::size_t>(x); };
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const uint8_t* p = small.pixel(x, y);
      const auto value = static_cast<float>(p[0] + 2 * p[1] + p[2]) / 4;
      grey[static_cast<std::size_t>(y * kSide + x)] = value;
      const double v = static_cast<double>(value);
      sums[at(x + 1, y + 1)] = v + sums[at(x, y + 1)] + sums[at(x + 1, y)] - sums[at(x, y)];
      squares[at(x + 1, y + 1)] = v * v + squares[at(x, y + 1)] + squares[at(x + 1, y)] - squares[at(x, y)];
    }
  }
  std::vector<float> out(kCells);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const int left = std::max(x - reach, 0), right = std::min(x + reach + 1, kSide);
      const int top = std::max(y - reach, 0), bottom = std::min(y + reach + 1, kSide);
      const auto total = [&](const std::vector<double>& of) {
        return of[at(right, bottom)] - of[at(left, bottom)] - of[at(right, top)] + of[at(left, top)];
      };
      const double n = (right - left) * (bottom - top);
      const double mean = total(sums) / n;
      const double spread = std::sqrt(std::max(total(squares) / n - mean * mean, 0.0)) + 6;
      const std::size_t i = static_cast<std::size_t>(y * kSide + x);
      out[i] = static_cast<float>((static_cast<double>(grey[i]) - mean) / spread);
    }
  }
  return out;
}

// Correlation of first(x, y) with second(x - right, y - down) where both are, in whole cells.
double agreement(const std::vector<float>& first, const std::vector<float>& second, int right, int down) {
  double xy = 0, xx = 0, yy = 0;
  for (int y = std::max(down, 0); y < std::min(kSide + down, kSide); ++y) {
    for (int x = std::max(right, 0); x < std::min(kSide + right, kSide); ++x) {
      const double a = static_cast<double>(first[static_cast<std::size_t>(y * kSide + x)]);
      const double b = static_cast<double>(second[static_cast<std::size_t>((y - down) * kSide + x - right)]);
      xy += a * b;
      xx += a * a;
      yy += b * b;
    }
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

// The phase of the cross-spectrum, back in space: a peak where first(x) = second(x - shift).
std::vector<float> phase_correlation(const std::vector<float>& first, const std::vector<float>& second) {
  std::vector<Value> grid(kCells);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const std::size_t i = static_cast<std::size_t>(y * kSide + x);
      grid[i] = {first[i], second[i]};  // two real transforms in one
    }
  }
  transform_all(grid, false);
  std::vector<Value> cross(kCells);
  for (int v = 0; v < kSide; ++v) {
    for (int u = 0; u < kSide; ++u) {
      const Value z = grid[static_cast<std::size_t>(v * kSide + u)];
      const Value w = std::conj(grid[static_cast<std::size_t>((-v & kMask) * kSide + (-u & kMask))]);
      const Value a = (z + w) * 0.5F;
      const Value b = (z - w) * Value(0, -0.5F);
      const Value product = a * std::conj(b);
      const float size = std::abs(product);
      // High frequencies are noise of resampling.
      const int fu = std::min(u, kSide - u), fv = std::min(v, kSide - v);
      const bool kept = fu * fu + fv * fv <= kSide * kSide / 9;
      cross[static_cast<std::size_t>(v * kSide + u)] = kept && size > 1e-9F ? product / size : Value(0, 0);
    }
  }
  transform_all(cross, true);
  std::vector<float> out(kCells);
  for (std::size_t i = 0; i < kCells; ++i) out[i] = cross[i].real();
  return out;
}

// The top of a parabola through three neighbours, -0.5..0.5 from the middle one.
double vertex(float before, float middle, float after) {
  const double a = static_cast<double>(before), b = static_cast<double>(middle), c = static_cast<double>(after);
  const double bend = a - 2 * b + c;
  return bend < 0 ? std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : 0;
}

}  // namespace

std::optional<Shift> find_shift(const Image& first, const Image& second) {
  const std::vector<float> a = detail(first);
  const std::vector<float> b = detail(second);
  const double unmoved = agreement(a, b, 0, 0);
  if (unmoved > 1 - kLeastGain) return std::nullopt;
  const std::vector<float> peaks = phase_correlation(a, b);
  const auto top = static_cast<int>(std::max_element(peaks.begin(), peaks.end()) - peaks.begin());
  const int u = top & kMask, v = top / kSide;
  const int right = u < kSide / 2 ? u : u - kSide;
  const int down = v < kSide / 2 ? v : v - kSide;
  if (std::abs(right) > kSide * 3 / 8 || std::abs(down) > kSide * 3 / 8) return std::nullopt;
  const double moved = agreement(a, b, right, down);
  if (moved < kLeastAgreement || moved < unmoved + kLeastGain) return std::nullopt;
  const auto near = [&](int x, int y) { return peaks[static_cast<std::size_t>((y & kMask) * kSide + (x & kMask))]; };
  const double x = right + vertex(near(u - 1, v), near(u, v), near(u + 1, v));
  const double y = down + vertex(near(u, v - 1), near(u, v), near(u, v + 1));
  if (std::hypot(x, y) < kLeastShift) return std::nullopt;
  return Shift{x / kSide, y / kSide};
}

}  // namespace ccx::image
