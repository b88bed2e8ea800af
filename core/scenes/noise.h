// Tileable noise tables that texture every surface; made once, then only read.
#pragma once

#include <cstddef>
#include <vector>

namespace ccx::scenes {

// A 256 x 256 tile of noise with mean 0 and deviation 1, stored with doubled rows so that 256 values can be read from
// any start without wrapping.
class NoiseTile {
 public:
  static constexpr int kSize = 256;

  explicit NoiseTile(std::vector<float> tile);
  // Values of row y from column x on; x and y wrap around. At least 256 are readable.
  const float* row(int x, int y) const { return &values_[static_cast<size_t>(y & 255) * 512 + (x & 255)]; }
  float at(int x, int y) const { return *row(x, y); }

 private:
  std::vector<float> values_;
};

// Bands by the size of their features in pixels.
struct Noise {
  NoiseTile broad;  // 32 to 128: where a meadow dries out, where a forest ends
  NoiseTile patch;  // 6 to 24: patches of grass and soil
  NoiseTile fine;   // 2 to 4: tufts, leaves, gravel
  NoiseTile grain;  // 1: sensor and material grain
};

const Noise& noise();

}  // namespace ccx::scenes
