#include "core/torch/step_attention.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace ccx::torch_backend {
namespace {

constexpr int kKeysTogether = 4;

// to[g][s] = q[g] . k[s] * scale for kKeysTogether keys, of which the first `count` exist.
template <int kQueries, class T>
CCX_INLINE void ask(const float* q, const T* k, int64_t count, int64_t width, float scale, float* to, int64_t stride) {
  Lanes sum[kQueries][kKeysTogether] = {};
  const int64_t whole = width / kLanes * kLanes;
  for (int64_t d = 0; d < whole; d += kLanes) {
    for (int s = 0; s < kKeysTogether; ++s) {
      Lanes key;
      load(key, k + std::min<int64_t>(s, count - 1) * width + d);
      for (int g = 0; g < kQueries; ++g) {
        Lanes query;
        load(query, q + g * width + d);
        sum[g][s] += query * key;
      }
    }
  }
  for (int g = 0; g < kQueries; ++g) {
    float sums[kKeysTogether];
    sums_of(sum[g], sums);
    for (float& each : sums) each *= scale;
    for (int s = 0; s < kKeysTogether; ++s) {
      for (int64_t t = whole; t < width; ++t) {
        sums[s] += scale * q[g * width + t] * widened(k[std::min<int64_t>(s, count - 1) * width + t]);
      }
    }
    std::memcpy(to + g * stride, sums, sizeof(sums));
  }
}

// Softmax over the first `keys` of `padded` scores; the others become 0.
CCX_INLINE void softmax(float* row, int64_t keys, int64_t padded) {
  std::fill(row + keys, row + padded, -std::numeric_limits<float>::infinity());
  const float top = largest_of(row, padded);
  Lanes sum = {};
  for (int64_t s = 0; s < padded; s += kLanes) {
    Lanes scores;
    load(scores, row + s);
    scores -= top;
    exp_of_negative(scores);
    std::memcpy(row + s, &scores, sizeof(scores));
    if (s + kLanes <= keys) sum += scores;
  }
  float total = sum_of(sum);
  for (int64_t s = keys / kLanes * kLanes; s < keys; ++s) total += row[s];
  const float share = 1.0f / total;
  for (int64_t s = 0; s < keys; ++s) row[s] *= share;
}

// out[g][0 .. 16 kBlocks) = sum over s of weights[g][s] * v[s].
template <int kQueries, int kBlocks, class T>
CCX_INLINE void mix(const float* weights, int64_t stride, const T* v, int64_t keys, int64_t width, T* out) {
  Lanes sum[kQueries][kBlocks] = {};
  for (int64_t s = 0; s < keys; ++s) {
    for (int b = 0; b < kBlocks; ++b) {
      Lanes value;
      load(value, v + s * width + b * kLanes);
      for (int g = 0; g < kQueries; ++g) sum[g][b] += weights[g * stride + s] * value;
    }
  }
  for (int g = 0; g < kQueries; ++g) {
    float each[kBlocks * kLanes];
    std::memcpy(each, sum[g], sizeof(each));
    for (int64_t i = 0; i < kBlocks * kLanes; ++i) narrow(out[g * width + i], each[i]);
  }
}

template <int kQueries, class T>
CCX_INLINE void attend(const float* q, const T* k, const T* v, T* out, float* scores, int64_t keys, int64_t width,
                       float scale) {
  const int64_t stride = (keys + kLanes - 1) / kLanes * kLanes;
  for (int64_t s = 0; s < keys; s += kKeysTogether) {
    ask<kQueries>(q, k + s * width, std::min<int64_t>(kKeysTogether, keys - s), width, scale, scores + s, stride);
  }
  for (int g = 0; g < kQueries; ++g) softmax(scores + g * stride, keys, stride);
  int64_t d = 0;
  for (; d + 2 * kLanes <= width; d += 2 * kLanes) mix<kQueries, 2>(scores, stride, v + d, keys, width, out + d);
  for (; d + kLanes <= width; d += kLanes) mix<kQueries, 1>(scores, stride, v + d, keys, width, out + d);
  for (; d < width; ++d) {
    for (int g = 0; g < kQueries; ++g) {
      float sum = 0;
      for (int64_t s = 0; s < keys; ++s) sum += scores[g * stride + s] * widened(v[s * width + d]);
      narrow(out[g * width + d], sum);
    }
  }
}

template <class T>
CCX_INLINE void attend_all(const T* queries, const T* k, const T* v, T* out, float* buffer, int64_t count, int64_t keys,
                           int64_t width, float scale) {
  float* q = buffer;
  for (int64_t i = 0; i < count * width; ++i) q[i] = widened(queries[i]);
  float* scores = q + count * width;
  int64_t g = 0;
  for (; g + 4 <= count; g += 4) attend<4>(q + g * width, k, v, out + g * width, scores, keys, width, scale);
  if (count - g == 3) attend<3>(q + g * width, k, v, out + g * width, scores, keys, width, scale);
  if (count - g == 2) attend<2>(q + g * width, k, v, out + g * width, scores, keys, width, scale);
  if (count - g == 1) attend<1>(q + g * width, k, v, out + g * width, scores, keys, width, scale);
}

CCX_CLONES void attend_float(const float* q, const float* k, const float* v, float* out, float* buffer, int64_t count,
                             int64_t keys, int64_t width, float scale) {
  attend_all(q, k, v, out, buffer, count, keys, width, scale);
}
CCX_CLONES void attend_bf16(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out, float* buffer, int64_t count,
                            int64_t keys, int64_t width, float scale) {
  attend_all(q, k, v, out, buffer, count, keys, width, scale);
}

// The queries in float32, and the scores of those that are computed together.
std::vector<float> buffer_for(int64_t queries, int64_t keys, int64_t width) {
  return std::vector<float>(static_cast<size_t>(queries * width + kQueriesTogether * (keys + kLanes)));
}

}  // namespace

void single_query_attention(const float* q, const float* k, const float* v, float* out, int64_t queries, int64_t keys,
                            int64_t width, float scale) {
  attend_float(q, k, v, out, buffer_for(queries, keys, width).data(), queries, keys, width, scale);
}
void single_query_attention(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out, int64_t queries, int64_t keys,
                            int64_t width, float scale) {
  attend_bf16(q, k, v, out, buffer_for(queries, keys, width).data(), queries, keys, width, scale);
}

}  // namespace ccx::torch_backend
