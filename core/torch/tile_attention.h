// Attention of many queries in bfloat16, tile by tile, for processors that multiply bfloat16 in vectors. No LibTorch.
#pragma once

#include <cstdint>

#include "core/torch/lanes.h"
#include "core/torch/parallel.h"

namespace ccx::torch_backend {

// [batch, heads, positions, width] wherever they lie, the numbers of one position together.
struct HeadsAt {
  const Bf16* values = nullptr;
  int64_t row = 0, head = 0, position = 0;  // from one to the next, in numbers
};

struct TileAttention {
  int64_t batch = 1, heads = 1, kv_heads = 1;  // heads / kv_heads of them ask the same keys
  int64_t queries = 1, keys = 1;               // positions
  int64_t width = 2;                           // even
  bool causal = false;                         // the last query sees all keys, each one before it one key less
  float scale = 1.0f;
};

// Whether this program and processor can: AVX512-BF16.
bool can_attend_in_tiles();

// to [batch, queries, heads, width] = softmax(q k^T * scale) v. Scores and sums are float32; what weighs the values is
// rounded to bfloat16, as LibTorch does. LibTorch gives its tiles to MKL, which multiplies bfloat16 as float32 on
// processors without AMX that Intel did not make. On a Zen 4 core this took .46 of its time for 729 queries and keys in
// 16 heads of 72, .38 for 2,187 keys in 8 of 144, .36 for 1,502 in 14 of 64, causal.
void attend_in_tiles(const TileAttention& shape, const HeadsAt& q, const HeadsAt& k, const HeadsAt& v, Bf16* to,
                     const ParallelFor& parallel_for);

}  // namespace ccx::torch_backend
