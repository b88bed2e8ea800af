#include "train/checkpoint/patch_filters.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ccx::train {
namespace {

struct Basis {
  double amplitude;
  size_t colour;
  int64_t u, v;  // half periods down and across the patch
};

// Orthonormal: luma, red against blue, green against both.
const double kThird = std::sqrt(1.0 / 3), kHalf = std::sqrt(1.0 / 2), kSixth = std::sqrt(1.0 / 6);
const std::array<std::array<double, 3>, 3> kColours = {
    {{kThird, kThird, kThird}, {kHalf, 0, -kHalf}, {-kSixth, 2 * kSixth, -kSixth}}};
constexpr std::array<double, 3> kAmplitude = {2.45, 0.35, 0.18};
constexpr std::array<double, 3> kFall = {1.0, 1.5, 1.5};
constexpr double kConstant = 0.3;  // the radius at which the law gives a patch's mean its amplitude

double amplitude(size_t colour, int64_t u, int64_t v, int64_t patch) {
  const double radius = u + v == 0 ? kConstant : std::hypot(static_cast<double>(u), static_cast<double>(v));
  return kAmplitude[colour] * static_cast<double>(patch) / 16 / std::pow(radius, kFall[colour]);
}

}  // namespace

std::vector<float> patch_filters(int64_t count, int64_t patch) {
  std::vector<Basis> all;
  for (size_t colour = 0; colour < 3; ++colour) {
    for (int64_t u = 0; u < patch; ++u) {
      for (int64_t v = 0; v < patch; ++v) all.push_back({amplitude(colour, u, v, patch), colour, u, v});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Basis& a, const Basis& b) { return a.amplitude > b.amplitude; });
  all.resize(static_cast<size_t>(std::min<int64_t>(count, static_cast<int64_t>(all.size()))));

  const auto wave = [patch](int64_t k, int64_t i) {
    const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / static_cast<double>(patch));
    return norm *
           std::cos(3.14159265358979323846 * static_cast<double>((2 * i + 1) * k) / static_cast<double>(2 * patch));
  };
  std::vector<float> filters(static_cast<size_t>(count * 3 * patch * patch), 0.0f);
  size_t at = 0;
  for (const Basis& basis : all) {
    for (size_t channel = 0; channel < 3; ++channel) {
      for (int64_t y = 0; y < patch; ++y) {
        for (int64_t x = 0; x < patch; ++x) {
          filters[at++] = static_cast<float>(kColours[basis.colour][channel] * wave(basis.u, y) * wave(basis.v, x) /
                                             basis.amplitude);
        }
      }
    }
  }
  return filters;
}

}  // namespace ccx::train
