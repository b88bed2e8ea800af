#include "train/data/jitter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resize.h"

namespace ccx::train {
namespace {

using image::Image;

double either_way(Random& random, double most) {
  return (2.0 * random.uniform() - 1.0) * most;
}
bool chance(Random& random, double share) {
  return random.uniform() < share;
}
uint8_t byte(float value) {
  return static_cast<uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
}

// Saturation and hue as one matrix on RGB: chroma, which is what is left without the grey, is scaled and turned about
// the grey axis.
std::array<float, 9> colour_matrix(double saturation, double hue) {
  constexpr double kLuma[3] = {0.299, 0.587, 0.114};
  const double c = saturation * std::cos(hue), s = saturation * std::sin(hue) / std::sqrt(3.0);
  // Rotation about (1, 1, 1): cos on the chroma, sin times the cross product with the axis.
  constexpr double kCross[9] = {0, -1, 1, 1, 0, -1, -1, 1, 0};
  std::array<double, 9> chroma{};
  for (size_t row = 0; row < 3; ++row) {
    for (size_t column = 0; column < 3; ++column) {
      chroma[row * 3 + column] = c * (row == column ? 1.0 : 0.0) + s * kCross[row * 3 + column];
    }
  }
  std::array<float, 9> matrix{};
  for (size_t row = 0; row < 3; ++row) {
    const double sum = chroma[row * 3] + chroma[row * 3 + 1] + chroma[row * 3 + 2];
    for (size_t column = 0; column < 3; ++column) {
      matrix[row * 3 + column] = static_cast<float>(chroma[row * 3 + column] + (1.0 - sum) * kLuma[column]);
    }
  }
  return matrix;
}

// Noise is looked up: a normal number a value would cost more than everything else.
const std::vector<float>& normal_table() {
  static const std::vector<float> table = [] {
    std::vector<float> values;
    Random random(20);
    while (values.size() < 1u << 15) {
      const auto [a, b] = random.normal_pair();
      values.push_back(static_cast<float>(a));
      values.push_back(static_cast<float>(b));
    }
    return values;
  }();
  return table;
}

struct Look {
  std::array<std::array<float, 256>, 3> tone{};  // by channel
  std::array<float, 9> colour{};
  float across = 0.0f, down = 0.0f;  // light's slope over half the picture
  float grain = 0.0f, coloured_grain = 0.0f;
  uint64_t grain_seed = 0;
};

// Of a pixel in 61, by its green, which is most of its luma.
double middle_grey(const Image& picture) {
  uint64_t sum = 0, count = 0;
  for (size_t i = 1; i < picture.rgb.size(); i += 3 * 61) sum += picture.rgb[i], ++count;
  return static_cast<double>(sum) / static_cast<double>(count);
}

Look draw_look(double middle, double strength, Random& random) {
  Look look;
  const double gamma = std::exp(either_way(random, 0.45 * strength));
  const double contrast = std::exp(either_way(random, 0.35 * strength));
  const double exposure = std::exp(either_way(random, 0.3 * strength));
  const double brightness = either_way(random, 12.0 * strength);
  const double haze = chance(random, 1.0 / 3.0) ? random.uniform() * std::min(0.9, 0.33 * strength) : 0.0;
  const double sky[3] = {200.0 + either_way(random, 25.0), 208.0 + either_way(random, 20.0),
                         215.0 + either_way(random, 25.0)};
  for (size_t c = 0; c < 3; ++c) {
    const double gain = std::exp(either_way(random, 0.1 * strength)) * exposure;
    for (size_t i = 0; i < 256; ++i) {
      const double bent = std::pow(static_cast<double>(i) / 255.0, gamma) * 255.0;
      const double seen = ((bent - middle) * contrast + middle + brightness) * gain;
      look.tone[c][i] = static_cast<float>(seen + (sky[c] - seen) * haze);
    }
  }
  const bool grey = chance(random, 1.0 / 12.0);
  const double faded = random.uniform() * 0.3;
  const double saturation = std::exp(either_way(random, 0.5 * strength));
  look.colour =
      colour_matrix(grey ? faded : saturation, either_way(random, 12.0 * strength) * 3.141592653589793 / 180.0);
  look.across = static_cast<float>(either_way(random, 0.06 * strength));
  look.down = static_cast<float>(either_way(random, 0.06 * strength));
  const double grain = chance(random, 0.5) ? random.uniform() * 7.0 * strength : 0.0;
  const double share = random.uniform();
  look.grain = static_cast<float>(grain * std::sqrt(1.0 - share));
  look.coloured_grain = static_cast<float>(grain * std::sqrt(share));
  look.grain_seed = random.next();
  return look;
}

void apply(Image& picture, const Look& look) {
  const std::vector<float>& normal = normal_table();
  const size_t mask = normal.size() - 1;
  const auto width = static_cast<size_t>(picture.width);
  const float wide = 2.0f / static_cast<float>(picture.width), high = 2.0f / static_cast<float>(picture.height);
  std::vector<float> light(width);
  for (size_t x = 0; x < width; ++x) light[x] = 1.0f + look.across * (static_cast<float>(x) * wide - 1.0f);
  const std::array<float, 9>& m = look.colour;
  const bool grainy = look.grain > 0.0f || look.coloured_grain > 0.0f;
  Random random(look.grain_seed);
  for (int y = 0; y < picture.height; ++y) {
    uint8_t* row = picture.row(y);
    const float level = look.down * (static_cast<float>(y) * high - 1.0f);
    const uint64_t offsets = random.next();
    const size_t common = offsets & mask, own = (offsets >> 20) & mask;
    for (size_t x = 0; x < width; ++x) {
      uint8_t* pixel = row + 3 * x;
      const float lit = light[x] + level;
      const float r = look.tone[0][pixel[0]] * lit, g = look.tone[1][pixel[1]] * lit, b = look.tone[2][pixel[2]] * lit;
      float out[3] = {m[0] * r + m[1] * g + m[2] * b, m[3] * r + m[4] * g + m[5] * b, m[6] * r + m[7] * g + m[8] * b};
      if (grainy) {
        const float shared = look.grain * normal[(common + x) & mask];
        for (size_t c = 0; c < 3; ++c) out[c] += shared + look.coloured_grain * normal[(own + 3 * x + c) & mask];
      }
      for (size_t c = 0; c < 3; ++c) pixel[c] = byte(out[c]);
    }
  }
}

// [w, 1 - 2w, w] along rows and columns, in 1/256.
void blur(Image& picture, double sigma) {
  // A pass has the variance 2w, and w beyond 1/4 would ring.
  const int passes = std::max(1, static_cast<int>(std::ceil(2.0 * sigma * sigma)));
  const int side = static_cast<int>(0.5 * sigma * sigma / passes * 256.0 + 0.5), centre = 256 - 2 * side;
  const auto stride = static_cast<size_t>(picture.width) * 3;
  std::vector<uint8_t> above(stride), row(stride);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < picture.height; ++y) {
      uint8_t* p = picture.row(y);
      std::copy_n(p, stride, row.data());
      for (size_t i = 3; i + 3 < stride; ++i) {
        p[i] = static_cast<uint8_t>((side * (row[i - 3] + row[i + 3]) + centre * row[i] + 128) >> 8);
      }
    }
    std::copy_n(picture.row(0), stride, above.data());
    for (int y = 1; y + 1 < picture.height; ++y) {
      uint8_t* p = picture.row(y);
      const uint8_t* below = picture.row(y + 1);
      std::copy_n(p, stride, row.data());
      for (size_t i = 0; i < stride; ++i) {
        p[i] = static_cast<uint8_t>((side * (above[i] + below[i]) + centre * row[i] + 128) >> 8);
      }
      std::swap(above, row);
    }
  }
}

void resample(Image& picture, double share) {
  const auto smaller = [&](int side) { return std::max(1, static_cast<int>(side * share)); };
  const Image small = image::resize_bicubic(picture, smaller(picture.width), smaller(picture.height));
  picture = image::resize_bicubic(small, picture.width, picture.height);
}

}  // namespace

void jitter(Image& picture, double strength, Random& random) {
  image::require_consistent(picture);
  const Look look = draw_look(middle_grey(picture), strength, random);
  const double optics = random.uniform(), softness = random.uniform();
  const bool file = chance(random, 0.5);
  const int quality = 30 + static_cast<int>(random.below(66));
  if (optics < 1.0 / 3.0) {
    resample(picture, std::max(0.2, 1.0 - (0.05 + 0.5 * softness) * strength));
  } else if (optics < 0.73) {
    blur(picture, softness * strength);
  }
  apply(picture, look);
  if (file) picture = image::decode_image(image::encode_jpeg(picture, quality), "a picture encoded in training");
}

void misregister(Image& picture, double strength, Random& random) {
  image::require_consistent(picture);
  const bool still = chance(random, 0.2);
  const double unit = static_cast<double>(std::max(picture.width, picture.height)) / 256.0 * strength;
  const double shift_x = either_way(random, 3.5 * unit), shift_y = either_way(random, 3.5 * unit);
  std::array<double, 4> bend{};  // where a pixel comes from, beyond its own place
  for (double& value : bend) value = either_way(random, 0.01 * strength);
  const double lean_x = random.uniform() * unit, lean_y = random.uniform() * unit;
  const double phase_x = random.uniform() * 6.283185307179586, phase_y = random.uniform() * 6.283185307179586;
  const double waves = (1.0 + 2.0 * random.uniform()) * 6.283185307179586;
  if (still) return;

  const Image from = picture;
  const int right = from.width - 1, bottom = from.height - 1;
  // 8 bits of fraction, clamped to the picture.
  const auto fixed = [](double at, int last) {
    return static_cast<int>(std::clamp(at, 0.0, static_cast<double>(last)) * 256.0);
  };
  std::vector<double> lean_down(static_cast<size_t>(from.width));
  for (int x = 0; x < from.width; ++x)
    lean_down[static_cast<size_t>(x)] = lean_y * std::sin(waves * x / from.width + phase_y);
  for (int y = 0; y < from.height; ++y) {
    const double v = y - 0.5 * from.height;
    const double lean_across = lean_x * std::sin(waves * y / from.height + phase_x);
    uint8_t* out = picture.row(y);
    for (int x = 0; x < from.width; ++x) {
      const double u = x - 0.5 * from.width;
      const int at_x = fixed(x + shift_x + bend[0] * u + bend[1] * v + lean_across, right);
      const int at_y = fixed(y + shift_y + bend[2] * u + bend[3] * v + lean_down[static_cast<size_t>(x)], bottom);
      const int fx = at_x & 255, fy = at_y & 255, left = at_x >> 8, top = at_y >> 8;
      const size_t next = left < right ? 3 : 0;
      const uint8_t* p = from.pixel(left, top);
      const uint8_t* q = from.pixel(left, std::min(top + 1, bottom));
      for (size_t c = 0; c < 3; ++c) {
        const int upper = p[c] * (256 - fx) + p[c + next] * fx, lower = q[c] * (256 - fx) + q[c + next] * fx;
        out[3 * x + static_cast<int>(c)] = static_cast<uint8_t>((upper * (256 - fy) + lower * fy + 32768) >> 16);
      }
    }
  }
}

}  // namespace ccx::train
