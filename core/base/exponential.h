// e^x in plain arithmetic, unlike std::exp: for loops that compilers make vectors of, and for vectors.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/base/clones.h"

namespace ccx {

// e to the power of less is nothing beside 1: 1.6e-38.
inline constexpr float kSmallestPower = -87.0f;

// x becomes e^x, for kSmallestPower <= x <= 0, to a relative 2e-7; NaN stays NaN. 2^n * e^r with |r| <= ln(2) / 2 and a
// polynomial for e^r (Cephes' expf); n comes from adding a number so large that no fraction is left. No branch and no
// conversion that a NaN could upset, else compilers would not vectorise it. Floats: float, or a vector of them; Bits:
// as many uint32_t.
template <class Bits, class Floats>
CCX_INLINE void exponential_of_non_positive(Floats& x) {
  constexpr float kNoFraction = 12582912.0f;  // 1.5 * 2^23
  const Floats shifted = x * 1.44269504f + kNoFraction;
  const Floats n = shifted - kNoFraction;
  const Floats r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Floats p = Floats{} + 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  Bits power;  // 2^n: the integer lies in the lower bits of `shifted`
  std::memcpy(&power, &shifted, sizeof power);
  power = (power - (0x4b400000u - 127u)) << 23;
  Floats scale;
  std::memcpy(&scale, &power, sizeof scale);
  x = p * scale;
}

}  // namespace ccx
