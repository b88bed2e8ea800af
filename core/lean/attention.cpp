#include "core/lean/attention.h"

#include <algorithm>
#include <cmath>

#include "core/base/exponential.h"
#include "core/lean/kernels.h"

namespace ccx::lean {
namespace {

constexpr std::int64_t kQueries = AttentionCall::kQueries;

std::int64_t blocks_of(std::int64_t count, std::int64_t size) {
  return (count + size - 1) / size;
}

// The numbers of one head's keys as AttentionCall wants them.
void turn_keys(const AttentionSizes& sizes, const float* k, std::int64_t together, Numbers& to) {
  const std::int64_t row = sizes.kv_heads * sizes.width, padded = blocks_of(sizes.keys, together) * together;
  to.resize(static_cast<std::size_t>(sizes.width * padded));
  for (std::int64_t s = 0; s < padded; s += together) {
    float* block = to.data() + s * sizes.width;
    for (std::int64_t i = 0; i < together; ++i) {
      const float* key = k + (s + i) * row;
      for (std::int64_t d = 0; d < sizes.width; ++d) block[d * together + i] = s + i < sizes.keys ? key[d] : 0.0f;
    }
  }
}

// And its values.
void turn_values(const AttentionSizes& sizes, const float* v, std::int64_t lanes, Numbers& to) {
  const std::int64_t row = sizes.kv_heads * sizes.width;
  to.resize(static_cast<std::size_t>(blocks_of(sizes.width, lanes) * lanes * sizes.keys));
  float* next = to.data();
  for (std::int64_t d = 0; d < sizes.width; d += lanes) {
    const std::int64_t there = std::min(lanes, sizes.width - d);
    for (std::int64_t s = 0; s < sizes.keys; ++s, next += lanes) {
      for (std::int64_t i = 0; i < lanes; ++i) next[i] = i < there ? v[s * row + d + i] : 0.0f;
    }
  }
}

// One past the last key that one of these queries sees.
std::int64_t seen_by(const float* bias, std::int64_t queries, std::int64_t keys) {
  std::int64_t seen = 1;
  for (std::int64_t r = 0; r < queries; ++r) {
    std::int64_t last = keys;
    while (last > seen && bias[r * keys + last - 1] <= kUnseen) --last;
    seen = last;
  }
  return seen;
}

}  // namespace

F4 exponential(F4 x) {
  F4 power = most(x, all(kSmallestPower));
  exponential_of_non_positive<U4>(power);
  return x < all(kSmallestPower) ? all(0.0f) : power;
}

Numbers attend(const AttentionSizes& sizes, const float* q, const float* k, const float* v, const float* bias,
               const Kernels& kernels) {
  const std::int64_t width = sizes.width, row = sizes.heads * width;
  const std::int64_t group = sizes.heads / sizes.kv_heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  Numbers result(static_cast<std::size_t>(sizes.queries * row)), keys, values;
  AttentionCall call;
  call.width = width;
  call.padded = blocks_of(sizes.keys, 2 * kernels.lanes) * 2 * kernels.lanes;
  call.stored = sizes.keys;
  Numbers tile(static_cast<std::size_t>(kQueries * width), 0.0f);
  Numbers scores(static_cast<std::size_t>(kQueries * call.padded));
  call.queries = tile.data();
  call.scores = scores.data();
  for (std::int64_t kv = 0; kv < sizes.kv_heads; ++kv) {
    turn_keys(sizes, k + kv * width, 2 * kernels.lanes, keys);
    turn_values(sizes, v + kv * width, kernels.lanes, values);
    call.keys = keys.data();
    call.values = values.data();
    // A query of each head that looks at these keys, one after the other.
    const std::int64_t rows = sizes.queries * group;
    for (std::int64_t first = 0; first < rows; first += kQueries) {
      const std::int64_t count = std::min(kQueries, rows - first);
      const std::int64_t query = first / group, end = (first + count - 1) / group + 1;
      call.seen = seen_by(bias + query * sizes.keys, end - query, sizes.keys);
      for (std::int64_t r = 0; r < kQueries; ++r) {
        call.to[r] = nullptr;
        call.bias[r] = nullptr;
        if (r >= count) continue;
        const std::int64_t at = (first + r) / group * row + (kv * group + (first + r) % group) * width;
        call.to[r] = result.data() + at;
        call.bias[r] = bias + (first + r) / group * sizes.keys;
        for (std::int64_t d = 0; d < width; ++d) tile[static_cast<std::size_t>(r * width + d)] = q[at + d] * scale;
      }
      kernels.attend(call);
    }
  }
  return result;
}

}  // namespace ccx::lean
