// Attention in tiles of four queries, whose scores stay in the processor's cache.
#pragma once

#include <cstdint>
#include <vector>

#include "core/lean/kernels.h"
#include "core/lean/numbers.h"
#include "core/lean/vectors.h"

namespace ccx::lean {

// e^x of x <= 0, to 2e-7 of the value; 0 below -87.
F4 exponential(F4 x);

struct AttentionSizes {
  std::int64_t queries = 0, keys = 0;
  std::int64_t heads = 1, kv_heads = 1;  // query heads that follow one another share a key head
  std::int64_t width = 0;                // of a head, a multiple of four
};

// q: [queries, heads * width]; k, v: [keys, kv_heads * width]. bias: [queries, keys], added to the scores, where a
// key that a query does not see has kUnseen or less. -> [queries, heads * width]
inline constexpr float kUnseen = -1e4f;
Numbers attend(const AttentionSizes& sizes, const float* q, const float* k, const float* v, const float* bias,
               const Kernels& kernels = lean::kernels());

}  // namespace ccx::lean
