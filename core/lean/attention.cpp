#include "core/lean/attention.h"

#include <algorithm>
#include <cmath>

#include "core/base/exponential.h"
#include "core/lean/kernels.h"

namespace ccx::lean {
namespace {

constexpr std::int64_t kQueries = AttentionCall::kQueries;
constexpr std::int64_t kTogether = 8;  // keys lie in groups of so many

// The keys of one head by their numbers, [width, keys rounded up to 8], so that eight keys lie side by side.
void turn(const AttentionSizes& sizes, const float* k, std::int64_t padded, Numbers& to) {
  to.assign(static_cast<std::size_t>(sizes.width * padded), 0.0f);
  const std::int64_t row = sizes.kv_heads * sizes.width;
  for (std::int64_t s = 0; s < sizes.keys; ++s) {
    for (std::int64_t d = 0; d < sizes.width; ++d) to[static_cast<std::size_t>(d * padded + s)] = k[s * row + d];
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

Numbers attend(const AttentionSizes& sizes, const float* q, const float* k, const float* v, const float* bias) {
  const std::int64_t width = sizes.width, row = sizes.heads * width, kv_row = sizes.kv_heads * width;
  const std::int64_t padded = (sizes.keys + kTogether - 1) / kTogether * kTogether;
  const std::int64_t group = sizes.heads / sizes.kv_heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  Numbers result(static_cast<std::size_t>(sizes.queries * row)), keys;
  Numbers tile(static_cast<std::size_t>(kQueries * width)), scores(static_cast<std::size_t>(kQueries * padded));
  for (std::int64_t kv = 0; kv < sizes.kv_heads; ++kv) {
    turn(sizes, k + kv * width, padded, keys);
    for (std::int64_t first = 0; first < sizes.queries; first += kQueries) {
      const std::int64_t count = std::min(kQueries, sizes.queries - first);
      const std::int64_t seen = seen_by(bias + first * sizes.keys, count, sizes.keys);
      for (std::int64_t head = kv * group; head < (kv + 1) * group; ++head) {
        AttentionCall call;
        for (std::int64_t r = 0; r < count; ++r) {
          call.to[r] = result.data() + (first + r) * row + head * width;
          call.bias[r] = bias + (first + r) * sizes.keys;
          const float* from = q + (first + r) * row + head * width;
          for (std::int64_t d = 0; d < width; ++d) tile[static_cast<std::size_t>(r * width + d)] = from[d] * scale;
        }
        call.queries = tile.data();
        call.keys = keys.data();
        call.values = v + kv * width;
        call.width = width;
        call.padded = padded;
        call.row = kv_row;
        call.seen = seen;
        call.scores = scores.data();
        kernels().attend(call);
      }
    }
  }
  return result;
}

}  // namespace ccx::lean
