// The products of a model on this CPU: how each weight is kept, and what both ways take. No LibTorch in this header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/config.h"

namespace ccx::torch_backend {

// Products of one shape: a pair's share of them, or a decoding step's.
struct ProductChoice {
  std::string weight;  // one of them
  int count = 0;       // how many there are
  int64_t rows = 0, in = 0, out = 0;
  bool packed = false;         // what pack_where_it_pays() (packed_products.h) takes
  double plain_seconds = 0;    // of one, by LibTorch's own product or, of few rows, row_products.h's
  double packed_seconds = -1;  // below zero where it cannot be packed
};

// Runs `config`'s graph over shapes: a pair whose prompt has `positions`, then a decoding step of `rows` rows; and
// times each shape with random numbers, the fastest of `repetitions`. dtype: fp32 or bf16, as dtype_name() has it.
// Largest work first.
std::vector<ProductChoice> explain_products(const model::ModelConfig& config, const std::string& dtype,
                                            int64_t positions, int64_t rows, int repetitions);

}  // namespace ccx::torch_backend
