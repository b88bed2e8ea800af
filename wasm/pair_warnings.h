// What a person should know of two pictures before trusting what a model says of them.
#pragma once

#include <string>
#include <vector>

#include "core/image/image.h"

namespace ccx::wasm {

struct PairWarning {
  std::string code;  // as in records: size_differs, low_contrast, same_image
  std::string message;
};

std::vector<PairWarning> pair_warnings(const image::Image& before, const image::Image& after);

}  // namespace ccx::wasm
