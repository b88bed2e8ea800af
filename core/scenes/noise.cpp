// Value noise on wrapped lattices, summed over octaves and normalised.
#include "core/scenes/noise.h"

#include <cmath>
#include <initializer_list>
#include <utility>

#include "core/base/random.h"

namespace ccx::scenes {

namespace {

constexpr int kSize = NoiseTile::kSize;

struct Octave {
  int cell;  // pixels, divides 256
  float amplitude;
};

void add_octave(std::vector<float>& tile, Octave octave, Rng rng) {
  const int n = kSize / octave.cell;
  std::vector<float> lattice(static_cast<size_t>(n) * n);
  for (float& v : lattice) v = rng.bell();
  for (int y = 0; y < kSize; ++y) {
    const int y0 = y / octave.cell, y1 = (y0 + 1) % n;
    float ty = static_cast<float>(y % octave.cell) / static_cast<float>(octave.cell);
    ty = ty * ty * (3.0f - 2.0f * ty);
    for (int x = 0; x < kSize; ++x) {
      const int x0 = x / octave.cell, x1 = (x0 + 1) % n;
      float tx = static_cast<float>(x % octave.cell) / static_cast<float>(octave.cell);
      tx = tx * tx * (3.0f - 2.0f * tx);
      const float a = lattice[y0 * n + x0] + (lattice[y0 * n + x1] - lattice[y0 * n + x0]) * tx;
      const float b = lattice[y1 * n + x0] + (lattice[y1 * n + x1] - lattice[y1 * n + x0]) * tx;
      tile[static_cast<size_t>(y) * kSize + x] += octave.amplitude * (a + (b - a) * ty);
    }
  }
}

// A copy turned by a quarter and shifted is added, which hides the lattice's axes.
NoiseTile make(std::initializer_list<Octave> octaves, uint64_t key) {
  std::vector<float> tile(static_cast<size_t>(kSize) * kSize, 0.0f);
  uint64_t tag = 0;
  for (Octave octave : octaves) {
    add_octave(tile, octave, Rng(key).fork(tag++));
    std::vector<float> other(tile.size(), 0.0f);
    add_octave(other, octave, Rng(key).fork(tag++));
    const int shift = octave.cell / 2;
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        tile[static_cast<size_t>(y) * kSize + x] +=
            other[static_cast<size_t>((x + shift) & 255) * kSize + ((y + shift) & 255)];
      }
    }
  }
  double sum = 0.0, squares = 0.0;
  for (float v : tile) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const double mean = sum / static_cast<double>(tile.size());
  const double deviation = std::sqrt(squares / static_cast<double>(tile.size()) - mean * mean);
  for (float& v : tile) v = static_cast<float>((v - mean) / deviation);
  return NoiseTile(std::move(tile));
}

}  // namespace

NoiseTile::NoiseTile(std::vector<float> tile) : values_(static_cast<size_t>(kSize) * 512) {
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < 512; ++x)
      values_[static_cast<size_t>(y) * 512 + x] = tile[static_cast<size_t>(y) * kSize + (x & 255)];
  }
}

const Noise& noise() {
  static const Noise tables{make({{128, 0.6f}, {64, 1.0f}, {32, 0.6f}}, 11), make({{16, 1.0f}, {8, 0.6f}}, 12),
                            make({{4, 0.9f}, {2, 0.8f}}, 13), make({{1, 1.0f}}, 14)};
  return tables;
}

}  // namespace ccx::scenes
