#include "core/lean/attention.h"

#include <algorithm>
#include <cmath>

#include "core/base/exponential.h"

namespace ccx::lean {
namespace {

constexpr std::int64_t kQueries = 4;   // of a tile
constexpr std::int64_t kTogether = 8;  // keys, or numbers of a value, that are computed together: two vectors

// The numbers of one head's keys, [keys rounded up to 8 / 8, width, 8]: eight keys side by side, and what is read one
// after the other lies so.
void turn_keys(const AttentionSizes& sizes, const float* k, std::int64_t padded, std::vector<float>& to) {
  to.resize(static_cast<std::size_t>(sizes.width * padded));
  const std::int64_t row = sizes.kv_heads * sizes.width;
  for (std::int64_t s = 0; s < padded; s += kTogether) {
    float* block = to.data() + s * sizes.width;
    for (std::int64_t i = 0; i < kTogether; ++i) {
      const float* key = k + (s + i) * row;
      for (std::int64_t d = 0; d < sizes.width; ++d) block[d * kTogether + i] = s + i < sizes.keys ? key[d] : 0.0f;
    }
  }
}

// The numbers of one head's values, [width / 4, keys, 4], for the same reason.
void turn_values(const AttentionSizes& sizes, const float* v, std::vector<float>& to) {
  to.resize(static_cast<std::size_t>(sizes.width * sizes.keys));
  const std::int64_t row = sizes.kv_heads * sizes.width;
  float* next = to.data();
  for (std::int64_t d = 0; d < sizes.width; d += kFloats) {
    for (std::int64_t s = 0; s < sizes.keys; ++s, next += kFloats) store(next, load<F4>(v + s * row + d));
  }
}

// scores [4, padded] of four queries and the first `seen` keys.
void score(const float* queries, std::int64_t width, const float* keys, std::int64_t seen, std::int64_t padded,
           float* scores) {
  for (std::int64_t s = 0; s < seen; s += kTogether) {
    F4 sums[kQueries][2] = {};
    const float* numbers = queries;
    for (const float* end = keys + width * kTogether; keys < end; keys += kTogether, ++numbers) {
      const F4 first = load<F4>(keys), second = load<F4>(keys + kFloats);
      for (std::int64_t r = 0; r < kQueries; ++r) {
        const F4 number = all_of(numbers + r * width);
        sums[r][0] += number * first;
        sums[r][1] += number * second;
      }
    }
    for (std::int64_t r = 0; r < kQueries; ++r) {
      store(scores + r * padded + s, sums[r][0]);
      store(scores + r * padded + s + kFloats, sums[r][1]);
    }
  }
}

// Scores of `seen` keys to weights that stand for themselves times what is given back.
float weigh(float* scores, const float* bias, std::int64_t seen, std::int64_t padded) {
  F4 above = all(-INFINITY);
  std::int64_t s = 0;
  for (; s + kFloats <= seen; s += kFloats) {
    const F4 sum = load<F4>(scores + s) + load<F4>(bias + s);
    above = most(above, sum);
    store(scores + s, sum);
  }
  float largest = std::max(std::max(above[0], above[1]), std::max(above[2], above[3]));
  for (; s < seen; ++s) largest = std::max(largest, scores[s] += bias[s]);
  const std::int64_t end = std::min(padded, (seen + kFloats - 1) / kFloats * kFloats);
  std::fill(scores + seen, scores + end, -INFINITY);
  F4 sums = {};
  for (s = 0; s < end; s += kFloats) {
    const F4 weight = exponential(load<F4>(scores + s) - all(largest));
    sums += weight;
    store(scores + s, weight);
  }
  return 1.0f / (sums[0] + sums[1] + sums[2] + sums[3]);
}

// The next numbers of the four results: values weighted. `count`: one vector or two; values: [count, keys, 4].
template <int count>
void mix(const float* scores, std::int64_t padded, std::int64_t seen, const float* values, std::int64_t keys,
         const float* scales, float* const* to) {
  F4 sums[kQueries][count] = {};
  for (std::int64_t s = 0; s < seen; ++s, ++scores, values += kFloats) {
    F4 numbers[count];
    for (int part = 0; part < count; ++part) numbers[part] = load<F4>(values + part * keys * kFloats);
    for (std::int64_t r = 0; r < kQueries; ++r) {
      const F4 weight = all_of(scores + r * padded);
      for (int part = 0; part < count; ++part) sums[r][part] += weight * numbers[part];
    }
  }
  for (std::int64_t r = 0; r < kQueries; ++r) {
    for (int part = 0; part < count && to[r]; ++part) store(to[r] + part * kFloats, sums[r][part] * all(scales[r]));
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

std::vector<float> attend(const AttentionSizes& sizes, const float* q, const float* k, const float* v,
                          const float* bias) {
  const std::int64_t width = sizes.width, row = sizes.heads * width;
  const std::int64_t padded = (sizes.keys + kTogether - 1) / kTogether * kTogether;
  const std::int64_t group = sizes.heads / sizes.kv_heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  std::vector<float> result(static_cast<std::size_t>(sizes.queries * row)), keys, values;
  std::vector<float> tile(static_cast<std::size_t>(kQueries * width)),
      scores(static_cast<std::size_t>(kQueries * padded));
  for (std::int64_t kv = 0; kv < sizes.kv_heads; ++kv) {
    turn_keys(sizes, k + kv * width, padded, keys);
    turn_values(sizes, v + kv * width, values);
    // A query of each head that looks at these keys, one after the other.
    const std::int64_t rows = sizes.queries * group;
    for (std::int64_t first = 0; first < rows; first += kQueries) {
      const std::int64_t count = std::min(kQueries, rows - first);
      const std::int64_t query = first / group, end = (first + count - 1) / group + 1;
      const std::int64_t seen = seen_by(bias + query * sizes.keys, end - query, sizes.keys);
      float scales[kQueries] = {};
      float* to[kQueries] = {};
      for (std::int64_t r = 0; r < count; ++r) {
        const std::int64_t at = (first + r) / group * row + (kv * group + (first + r) % group) * width;
        to[r] = result.data() + at;
        for (std::int64_t d = 0; d < width; ++d) tile[static_cast<std::size_t>(r * width + d)] = q[at + d] * scale;
      }
      score(tile.data(), width, keys.data(), seen, padded, scores.data());
      for (std::int64_t r = 0; r < count; ++r) {
        scales[r] = weigh(scores.data() + r * padded, bias + (first + r) / group * sizes.keys, seen, padded);
      }
      for (std::int64_t d = 0; d < width; d += kTogether) {
        const float* from = values.data() + d * sizes.keys;
        if (d + kTogether <= width)
          mix<2>(scores.data(), padded, seen, from, sizes.keys, scales, to);
        else
          mix<1>(scores.data(), padded, seen, from, sizes.keys, scales, to);
        for (float*& one : to) one += one ? kTogether : 0;
      }
    }
  }
  return result;
}

}  // namespace ccx::lean
