// Everything between the light and the file.
#include "core/scenes/camera.h"

#include <array>

#include "core/base/cpu_clones.h"
#include "core/scenes/noise.h"

namespace ccx::scenes {

namespace {

void soften_rows(std::vector<float>& plane, int size, float s) {
  std::vector<float> line(static_cast<size_t>(size) + 2);
  for (int y = 0; y < size; ++y) {
    float* row = &plane[static_cast<size_t>(y) * size];
    line[0] = row[0];
    std::copy(row, row + size, line.begin() + 1);
    line[size + 1] = row[size - 1];
    for (int x = 0; x < size; ++x) row[x] = s * (line[x] + line[x + 2]) + (1.0f - 2.0f * s) * line[x + 1];
  }
}

void soften_columns(std::vector<float>& plane, int size, float s) {
  std::vector<float> above(plane.begin(), plane.begin() + size), here(size);
  for (int y = 0; y < size; ++y) {
    float* row = &plane[static_cast<size_t>(y) * size];
    const float* below = y + 1 < size ? row + size : row;
    std::copy(row, row + size, here.begin());
    for (int x = 0; x < size; ++x) row[x] = s * (above[x] + below[x]) + (1.0f - 2.0f * s) * here[x];
    std::swap(above, here);
  }
}

// x^gamma for x in 0..1 without libm: square roots give the powers 1/2, 1/4, ..., which make up the exponent bit by
// bit.
float power(float x, float gamma) {
  float result = 1.0f;
  for (float whole = std::floor(gamma); whole > 0.0f; whole -= 1.0f) result *= x;
  float fraction = gamma - std::floor(gamma), root = x;
  for (int bit = 0; bit < 12; ++bit) {
    root = std::sqrt(root);
    fraction *= 2.0f;
    if (fraction >= 1.0f) {
      result *= root;
      fraction -= 1.0f;
    }
  }
  return result;
}

// Discrete cosine transform of 8 values as a matrix; cosines of multiples of pi/16.
struct Cosines {
  std::array<std::array<float, 8>, 8> c;
  Cosines() {
    for (int k = 0; k < 8; ++k) {
      for (int n = 0; n < 8; ++n) {
        c[k][n] = (k == 0 ? 0.35355339f : 0.5f) * cosine(kPi * static_cast<float>((2 * n + 1) * k) / 16.0f);
      }
    }
  }
};

using Block = std::array<float, 64>;

// out = C in C^T, or with the transposes for the way back.
inline __attribute__((always_inline)) Block transform(const Block& in, const std::array<std::array<float, 8>, 8>& c,
                                                      bool inverse) {
  Block rows{}, out{};
  for (int k = 0; k < 8; ++k) {
    for (int n = 0; n < 8; ++n) {
      const float w = inverse ? c[n][k] : c[k][n];
      for (int x = 0; x < 8; ++x) rows[k * 8 + x] += w * in[n * 8 + x];
    }
  }
  for (int y = 0; y < 8; ++y) {
    for (int n = 0; n < 8; ++n) {
      const float v = rows[y * 8 + n];
      for (int k = 0; k < 8; ++k) out[y * 8 + k] += v * (inverse ? c[n][k] : c[k][n]);
    }
  }
  return out;
}

// Rounds the block's frequencies to steps that grow with frequency, as a JPEG of this quality would.
CCX_CPU_CLONES
void quantise_plane(std::vector<float>& plane, int width, int height, float base, float growth) {
  static const Cosines kCosines;
  std::array<float, 64> step{}, inverse_step{};
  for (int v = 0; v < 8; ++v) {
    for (int u = 0; u < 8; ++u) {
      step[v * 8 + u] = std::max(1.0f, base + growth * static_cast<float>(u + v));
      inverse_step[v * 8 + u] = 1.0f / step[v * 8 + u];
    }
  }
  for (int by = 0; by + 8 <= height; by += 8) {
    for (int bx = 0; bx + 8 <= width; bx += 8) {
      Block block;
      for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) block[y * 8 + x] = plane[static_cast<size_t>(by + y) * width + bx + x];
      }
      block = transform(block, kCosines.c, false);
      for (int i = 0; i < 64; ++i) {
        // Rounding to even by the float format's own precision: exact and vectorisable.
        const float scaled = block[i] * inverse_step[i];
        block[i] = ((scaled + 12582912.0f) - 12582912.0f) * step[i];
      }
      block = transform(block, kCosines.c, true);
      for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) plane[static_cast<size_t>(by + y) * width + bx + x] = block[y * 8 + x];
      }
    }
  }
}

void compress(Canvas& canvas, int quality) {
  const int size = canvas.size;
  const float scale = quality < 50 ? 50.0f / static_cast<float>(quality) : 2.0f - static_cast<float>(quality) / 50.0f;
  const int half = size / 2;
  std::vector<float> luma(canvas.area()), blue(static_cast<size_t>(half) * half, 0.0f), red(blue.size(), 0.0f);
  for (size_t i = 0; i < canvas.area(); ++i) {
    luma[i] = 0.299f * canvas.r[i] + 0.587f * canvas.g[i] + 0.114f * canvas.b[i];
  }
  for (int y = 0; y < half; ++y) {
    for (int x = 0; x < half; ++x) {
      float sum_b = 0.0f, sum_r = 0.0f;
      for (const size_t i : {canvas.index(2 * x, 2 * y), canvas.index(2 * x + 1, 2 * y), canvas.index(2 * x, 2 * y + 1),
                             canvas.index(2 * x + 1, 2 * y + 1)}) {
        sum_b += canvas.b[i] - luma[i];
        sum_r += canvas.r[i] - luma[i];
      }
      blue[static_cast<size_t>(y) * half + x] = 0.25f * sum_b;
      red[static_cast<size_t>(y) * half + x] = 0.25f * sum_r;
    }
  }
  quantise_plane(luma, size, size, 11.0f * scale, 6.5f * scale);
  quantise_plane(blue, half, half, 14.0f * scale, 9.0f * scale);
  quantise_plane(red, half, half, 14.0f * scale, 9.0f * scale);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const size_t i = canvas.index(x, y);
      const size_t c = static_cast<size_t>(std::min(y / 2, half - 1)) * half + std::min(x / 2, half - 1);
      canvas.b[i] = luma[i] + blue[c];
      canvas.r[i] = luma[i] + red[c];
      canvas.g[i] = luma[i] - (0.299f * red[c] + 0.114f * blue[c]) * (1.0f / 0.587f);
    }
  }
}

using Curve = std::array<float, 832>;

void bend(float* values, const Curve& curve, int n) {
  for (int i = 0; i < n; ++i) {
    const float at = std::min(415.0f, std::max(0.0f, values[i] + 32.0f)) * 2.0f;
    values[i] = curve[static_cast<size_t>(static_cast<int>(at))];
  }
}

CCX_CPU_CLONES
void sense(float* __restrict r, float* __restrict g, float* __restrict b, const float* __restrict grain,
           const float* __restrict colour_grain, float amount, float saturation, int n) {
  for (int i = 0; i < n; ++i) {
    const float grey = 0.299f * r[i] + 0.587f * g[i] + 0.114f * b[i];
    const float noisy = grey + amount * grain[i];
    const float colour_noise = 0.3f * amount * colour_grain[i];
    r[i] = noisy + saturation * (r[i] - grey) + colour_noise;
    g[i] = noisy + saturation * (g[i] - grey);
    b[i] = noisy + saturation * (b[i] - grey) - colour_noise;
  }
}

CCX_CPU_CLONES
void interleave(const float* __restrict r, const float* __restrict g, const float* __restrict b,
                uint8_t* __restrict rgb, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    rgb[3 * i] = static_cast<uint8_t>(static_cast<int>(std::min(255.0f, std::max(0.0f, r[i])) + 0.5f));
    rgb[3 * i + 1] = static_cast<uint8_t>(static_cast<int>(std::min(255.0f, std::max(0.0f, g[i])) + 0.5f));
    rgb[3 * i + 2] = static_cast<uint8_t>(static_cast<int>(std::min(255.0f, std::max(0.0f, b[i])) + 0.5f));
  }
}

}  // namespace

std::vector<uint8_t> expose(Canvas& canvas, const Appearance& look, Rng rng) {
  const int size = canvas.size;
  for (std::vector<float>* plane : {&canvas.r, &canvas.g, &canvas.b}) {
    for (int pass = 0; pass < look.soft_passes; ++pass) {
      soften_rows(*plane, size, look.softness);
      soften_columns(*plane, size, look.softness);
    }
  }
  // Tone curve as a table over -32..383 in half steps, so that the costly part is done 832 times and not per pixel.
  Curve curve;
  for (size_t i = 0; i < curve.size(); ++i) {
    const float v = clamp01((0.5f * static_cast<float>(i) - 32.0f) / 255.0f * look.gain + look.offset / 255.0f);
    curve[i] = 255.0f * power(v, look.gamma);
  }
  const int nx = rng.between(0, 255), ny = rng.between(0, 255);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; x += NoiseTile::kSize) {
      const int n = std::min(NoiseTile::kSize, size - x);
      const size_t at = canvas.index(x, y);
      for (std::vector<float>* plane : {&canvas.r, &canvas.g, &canvas.b}) bend(&(*plane)[at], curve, n);
      sense(&canvas.r[at], &canvas.g[at], &canvas.b[at], noise().grain.row(nx + 3 * (x / 256), ny + y),
            noise().grain.row(nx + 91, ny + y + 37), look.grain, look.saturation, n);
    }
  }
  if (look.jpeg_quality > 0) compress(canvas, look.jpeg_quality);
  std::vector<uint8_t> rgb(canvas.area() * 3);
  interleave(canvas.r.data(), canvas.g.data(), canvas.b.data(), rgb.data(), canvas.area());
  return rgb;
}

}  // namespace ccx::scenes
