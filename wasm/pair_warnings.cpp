#include "wasm/pair_warnings.h"

#include <algorithm>

namespace ccx::wasm {
namespace {

// Levels of 256 between the darkest and the lightest value of a picture that shows nothing.
constexpr int kFlat = 3;

bool is_flat(const image::Image& image) {
  const auto [least, most] = std::minmax_element(image.rgb.begin(), image.rgb.end());
  return *most - *least <= kFlat;
}

std::string size_of(const image::Image& image) {
  return std::to_string(image.width) + " x " + std::to_string(image.height);
}

}  // namespace

std::vector<PairWarning> pair_warnings(const image::Image& before, const image::Image& after) {
  std::vector<PairWarning> warnings;
  if (before.width != after.width || before.height != after.height) {
    warnings.push_back({"size_differs", "The images have different sizes, " + size_of(before) + " and " +
                                            size_of(after) +
                                            " pixels: each is stretched to the model's square on its own."});
  }
  for (const auto& [image, name] : {std::pair{&before, "before"}, std::pair{&after, "after"}}) {
    if (is_flat(*image)) {
      warnings.push_back(
          {"low_contrast", std::string("The image of ") + name + " is of one colour: it shows nothing."});
    }
  }
  if (before == after) warnings.push_back({"same_image", "Both are the same image."});
  return warnings;
}

}  // namespace ccx::wasm
