#include "core/torch/tile_attention.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/torch/bf16_pairs.h"

namespace ccx::torch_backend {

bool can_attend_in_tiles() {
  return has_bf16_pairs();
}

#ifdef CCX_BF16_PAIRS_BEGIN
namespace {

CCX_BF16_PAIRS_BEGIN

constexpr int64_t kQueries = 16;  // of a tile
constexpr int64_t kKeys = 64;     // of a panel
constexpr int kRows = 4;          // queries that share a look at a panel
constexpr int kKeyVectors = kKeys / kLanes;
constexpr int kMostColumns = 5;  // vectors of a value that are summed at once

// Keys and values of one head, laid out for products of pairs: keys [panels, width / 2, kKeys, 2], values
// [keys / 2 rounded up, columns, 2]. What is beyond them is zero.
struct Laid {
  std::vector<Bf16> keys, values;
};

void lay_out(const TileAttention& shape, const Bf16* k, int64_t k_step, const Bf16* v, int64_t v_step, Laid& to) {
  const int64_t panels = (shape.keys + kKeys - 1) / kKeys, columns = (shape.width + kLanes - 1) / kLanes * kLanes;
  to.keys.assign(static_cast<size_t>(panels * shape.width * kKeys), Bf16{});
  to.values.assign(static_cast<size_t>((shape.keys + 1) / 2 * 2 * columns), Bf16{});
  for (int64_t s = 0; s < shape.keys; ++s) {
    Bf16* key = to.keys.data() + s / kKeys * kKeys * shape.width + s % kKeys * 2;
    for (int64_t d = 0; d < shape.width; d += 2) std::copy_n(k + s * k_step + d, 2, key + d * kKeys);
    Bf16* value = to.values.data() + s / 2 * 2 * columns + s % 2;
    for (int64_t d = 0; d < shape.width; ++d) value[d * 2] = v[s * v_step + d];
  }
}

// scores[r][s] of kRows queries with the keys of a panel.
CCX_INLINE void ask(const Bf16* const (&queries)[kRows], const Bf16* panel, int64_t width, float* scores,
                    int64_t stride) {
  __m512 sum[kRows][kKeyVectors] = {};
  for (int64_t d = 0; d < width; d += 2) {
    for (int v = 0; v < kKeyVectors; ++v) {
      const __m512bh keys = pairs_at(panel + d * kKeys + v * 2 * kLanes);
      for (int r = 0; r < kRows; ++r) sum[r][v] = _mm512_dpbf16_ps(sum[r][v], keys, pair_everywhere(queries[r] + d));
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kKeyVectors; ++v) _mm512_storeu_ps(scores + r * stride + v * kLanes, sum[r][v]);
  }
}

// Weights [padded] in bfloat16 of the first `seen` scores, 0 behind them; gives what they sum to.
CCX_INLINE float weigh(float* scores, int64_t seen, int64_t padded, float scale, Bf16* weights) {
  std::fill(scores + seen, scores + padded, -std::numeric_limits<float>::infinity());
  const float top = largest_of(scores, padded);
  Lanes sum = {};
  for (int64_t s = 0; s < padded; s += kLanes) {
    Lanes each;
    load(each, scores + s);
    each = (each - top) * scale;
    exp_of_negative(each);
    if (s + kLanes > seen) {
      const auto left = static_cast<int>(std::max<int64_t>(0, seen - s));
      each = _mm512_maskz_mov_ps(static_cast<__mmask16>((1u << left) - 1u), each);
    }
    sum += each;
    const __m256bh narrow = _mm512_cvtneps_pbh(each);
    std::memcpy(static_cast<void*>(weights + s), &narrow, sizeof(narrow));
  }
  return sum_of(sum);
}

// to[r] = the weighted sum of kColumns vectors of the values, over `pairs` pairs of keys.
template <int kColumns>
CCX_INLINE void mix(const Bf16* const (&weights)[kRows], const Bf16* values, int64_t pairs, int64_t columns,
                    const float (&sums)[kRows], float (*to)[kMostColumns * kLanes]) {
  __m512 sum[kRows][kColumns] = {};
  for (int64_t p = 0; p < pairs; ++p) {
    for (int c = 0; c < kColumns; ++c) {
      const __m512bh pair = pairs_at(values + p * 2 * columns + c * 2 * kLanes);
      for (int r = 0; r < kRows; ++r)
        sum[r][c] = _mm512_dpbf16_ps(sum[r][c], pair, pair_everywhere(weights[r] + 2 * p));
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kColumns; ++c) _mm512_storeu_ps(to[r] + c * kLanes, sum[r][c] / sums[r]);
  }
}

struct Scratch {
  std::vector<float> scores;  // [kQueries, padded keys]
  std::vector<Bf16> weights;  // the same
};

// Queries [first, first + count) of one head; `to` is that of the first.
void tile(const TileAttention& shape, const Bf16* q, int64_t q_step, const Laid& laid, int64_t first, int64_t count,
          Scratch& scratch, Bf16* to) {
  const int64_t all = laid.keys.empty() ? 0 : static_cast<int64_t>(laid.keys.size()) / shape.width;  // padded
  const int64_t columns = (shape.width + kLanes - 1) / kLanes * kLanes, to_step = shape.heads * shape.width;
  scratch.scores.resize(static_cast<size_t>(kQueries * all));
  scratch.weights.resize(static_cast<size_t>(kQueries * all));
  const auto seen_by = [&](int64_t query) {
    return shape.causal ? std::min(shape.keys, shape.keys - shape.queries + query + 1) : shape.keys;
  };
  const int64_t seen = seen_by(first + count - 1), padded = (seen + kKeys - 1) / kKeys * kKeys;
  for (int64_t m = 0; m < count; m += kRows) {
    const Bf16* queries[kRows];
    for (int r = 0; r < kRows; ++r) queries[r] = q + (first + std::min(m + r, count - 1)) * q_step;
    for (int64_t s = 0; s < padded; s += kKeys) {
      ask(queries, laid.keys.data() + s * shape.width, shape.width, scratch.scores.data() + m * all + s, all);
    }
  }
  float sums[kQueries];
  for (int64_t m = 0; m < kQueries; ++m) {
    sums[m] = m < count ? weigh(scratch.scores.data() + m * all, seen_by(first + m), padded, shape.scale,
                                scratch.weights.data() + m * all)
                        : 1.0f;
  }
  for (int64_t m = 0; m < count; m += kRows) {
    const Bf16* weights[kRows];
    float total[kRows];
    for (int r = 0; r < kRows; ++r) {
      weights[r] = scratch.weights.data() + std::min(m + r, count - 1) * all;
      total[r] = sums[std::min(m + r, count - 1)];
    }
    for (int64_t column = 0; column < columns;) {
      const int64_t left = (columns - column) / kLanes, taken = left <= kMostColumns ? left : 4;
      float mixed[kRows][kMostColumns * kLanes];
      const Bf16* values = laid.values.data() + column * 2;
      const int64_t pairs = (seen + 1) / 2;
      if (taken == 5) mix<5>(weights, values, pairs, columns, total, mixed);
      if (taken == 4) mix<4>(weights, values, pairs, columns, total, mixed);
      if (taken == 3) mix<3>(weights, values, pairs, columns, total, mixed);
      if (taken == 2) mix<2>(weights, values, pairs, columns, total, mixed);
      if (taken == 1) mix<1>(weights, values, pairs, columns, total, mixed);
      const int64_t used = std::min(taken * kLanes, shape.width - column);
      for (int64_t r = 0; r < std::min<int64_t>(kRows, count - m); ++r) {
        for (int64_t d = 0; d < used; ++d) narrow(to[(m + r) * to_step + column + d], mixed[r][d]);
      }
      column += taken * kLanes;
    }
  }
}

CCX_BF16_PAIRS_END

}  // namespace

void attend_in_tiles(const TileAttention& shape, const HeadsAt& q, const HeadsAt& k, const HeadsAt& v, Bf16* to,
                     const ParallelFor& parallel_for) {
  std::vector<Laid> laid(static_cast<size_t>(shape.batch * shape.kv_heads));
  parallel_for(shape.batch * shape.kv_heads, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = i / shape.kv_heads, head = i % shape.kv_heads;
      lay_out(shape, k.values + row * k.row + head * k.head, k.position, v.values + row * v.row + head * v.head,
              v.position, laid[static_cast<size_t>(i)]);
    }
  });
  const int64_t tiles = (shape.queries + kQueries - 1) / kQueries, group = shape.heads / shape.kv_heads;
  parallel_for(shape.batch * shape.heads * tiles, [&](int64_t begin, int64_t end) {
    Scratch scratch;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = i / tiles / shape.heads, head = i / tiles % shape.heads;
      // First and last in turns: of causal tiles the later ones cost more, and threads take neighbours.
      const int64_t turn = i % tiles, place = turn % 2 == 0 ? turn / 2 : tiles - 1 - turn / 2;
      const int64_t first = place * kQueries;
      tile(shape, q.values + row * q.row + head * q.head, q.position,
           laid[static_cast<size_t>(row * shape.kv_heads + head / group)], first,
           std::min(kQueries, shape.queries - first), scratch,
           to + ((row * shape.queries + first) * shape.heads + head) * shape.width);
    }
  });
}
#else
void attend_in_tiles(const TileAttention&, const HeadsAt&, const HeadsAt&, const HeadsAt&, Bf16*, const ParallelFor&) {}
#endif

}  // namespace ccx::torch_backend
