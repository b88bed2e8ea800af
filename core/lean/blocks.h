// Inverted residuals, a band of rows at a time: expand 1x1 -> depthwise k x k -> project 1x1. What lies between them,
// six times as wide as what goes in and comes out, never leaves the processor's cache.
//
// Maps lie pixel by pixel, [h, w, C], one image each.
#pragma once

#include <cstdint>
#include <vector>

#include "core/lean/products.h"

namespace ccx::lean {

// A depthwise convolution: weights [kernel * kernel, channels] and biases [channels], float32.
struct Depthwise {
  ConvSpec spec;
  std::vector<float> weights, biases;

  std::int64_t channels() const { return static_cast<std::int64_t>(biases.size()); }
};

struct Block {
  const Weight* expand = nullptr;  // none: the input is what is filtered
  Activation expanded = Activation::kNone;
  const Depthwise* depthwise = nullptr;
  const Weight* project = nullptr;
  Activation projected = Activation::kNone;
};

struct MapSize {
  std::int64_t height = 0, width = 0;
};

// Of the output, whose channels are those of `project`.
MapSize output_size(const ConvSpec& spec, MapSize input);

// input [h, w, C] -> output.
void run_block(const Block& block, const float* input, MapSize size, float* output);

}  // namespace ccx::lean
