// LeanOps where only a language model calls it.
#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/lean/attention.h"
#include "core/lean/lean_cache.h"
#include "core/lean/lean_value.h"
#include "core/model/names.h"

namespace ccx::lean {

void LeanCache::keep(std::int64_t positions) {
  if (positions < 0 || positions > this->positions()) throw std::invalid_argument("the cache has fewer positions");
  for (Layer& layer : layers_) {
    for (auto* numbers : {&layer.keys, &layer.values}) {
      (*numbers)->resize(static_cast<std::size_t>(positions * layer.width));
    }
  }
}

std::int64_t LeanCache::positions() const {
  return static_cast<std::int64_t>(layers_[0].keys->size()) / layers_[0].width;
}

std::pair<Tensor, Tensor> LeanCache::append(int layer, const Tensor& k, const Tensor& v) {
  Layer& one = layers_[static_cast<std::size_t>(layer)];
  one.width = k.size(2);
  const auto joined = [&](Numbers& to, const Tensor& more) {
    const Numbers& numbers = LeanOps::pixels(more);
    to.insert(to.end(), numbers.begin(), numbers.end());
  };
  joined(*one.keys, k);
  joined(*one.values, v);
  const Shape shape = {1, static_cast<std::int64_t>(one.keys->size()) / one.width, one.width};
  return {LeanOps::shared(shape, one.keys), LeanOps::shared(shape, one.values)};
}

bool LeanOps::has_language_of(const model::ModelConfig& config) {
  constexpr int kWidest = 512;  // beyond, several threads gain what other backends have and this has not
  const bool has_heads = config.text.num_attention_heads % config.text.num_key_value_heads == 0 &&
                         config.text.head_dim() % (2 * kFloats) == 0;
  return config.text.tie_word_embeddings && config.text.hidden_size <= kWidest && has_heads;
}

bool LeanOps::can_speak(const model::ModelConfig& config, const Tensors& tensors) {
  const std::string first = model::kFirstQuery, table = model::kTokenTable;
  return has_language_of(config) && tensors.has(table) && tensors.has(first) && tensors.type(first) == Stored::kUint8 &&
         (tensors.type(table) == Stored::kFloat16 || tensors.type(table) == Stored::kFloat32);
}

Tensor LeanOps::shared(Shape shape, std::shared_ptr<const Numbers> numbers) {
  return Tensor(std::make_shared<Value>(std::move(shape), std::move(numbers)));
}

Tensor LeanOps::tokens(Shape shape, Numbers numbers) {
  return map(std::move(shape), std::move(numbers));
}

Tensor LeanOps::picked(const Tensor& x, int axis, const std::vector<std::int32_t>& places) {
  Shape shape = x.shape();
  std::int64_t width = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < shape.size(); ++i) width *= shape[i];
  const Numbers& from = numbers(x);
  Numbers to;
  to.reserve(places.size() * static_cast<std::size_t>(width));
  for (const std::int32_t place : places) {
    if (place < 0 || place >= shape[static_cast<std::size_t>(axis)]) throw std::invalid_argument("no such position");
    to.insert(to.end(), from.begin() + place * width, from.begin() + (place + 1) * width);
  }
  shape[static_cast<std::size_t>(axis)] = static_cast<std::int64_t>(places.size());
  return make(std::move(shape), std::move(to));
}

// x / sqrt(mean(x^2) + eps) * weight, a position each.
Tensor LeanOps::rms_norm(const Tensor& x, const Scope& scope, float eps) {
  const std::int64_t width = x.size(-1);
  const std::vector<float>& weight = weights_->floats(scope.weight(), width);
  Numbers to = numbers(x);
  for (std::size_t row = 0; row < to.size(); row += static_cast<std::size_t>(width)) {
    float* values = to.data() + row;
    F4 squares = {};
    std::int64_t i = 0;
    for (; i + kFloats <= width; i += kFloats) squares += load<F4>(values + i) * load<F4>(values + i);
    float sum = squares[0] + squares[1] + squares[2] + squares[3];
    for (; i < width; ++i) sum += values[i] * values[i];
    const float scale = 1.0f / std::sqrt(sum / static_cast<float>(width) + eps);
    for (i = 0; i < width; ++i) values[i] = values[i] * scale * weight[static_cast<std::size_t>(i)];
  }
  return make(x.shape(), std::move(to));
}

// cos and sin of position / theta^(2i / d), [d / 2] each, known from then on.
const std::vector<float>& LeanOps::turn_of(std::int64_t position, std::int64_t width, float theta) {
  std::vector<float>& turn = turns_[{position, width}];
  if (!turn.empty()) return turn;
  for (std::int64_t i = 0; i < width; i += 2) {
    const float angle =
        static_cast<float>(position) * (1.0f / std::pow(theta, static_cast<float>(i) / static_cast<float>(width)));
    turn.insert(turn.end(), {std::cos(angle), std::sin(angle)});
  }
  return turn;
}

// (a, b) -> (a cos - b sin, b cos + a sin), the halves a and b of every head.
Tensor LeanOps::rotary(const Tensor& x, const Tensor& positions, int heads, float theta) {
  const std::int64_t width = x.size(-1) / heads, half = width / 2;
  const Numbers& at = numbers(positions);
  Numbers to = numbers(x);
  float* head = to.data();
  for (std::int64_t t = 0; t < x.size(1); ++t) {
    const std::vector<float>& turn = turn_of(static_cast<std::int64_t>(at[static_cast<std::size_t>(t)]), width, theta);
    for (int h = 0; h < heads; ++h, head += width) {
      for (std::int64_t i = 0; i < half; ++i) {
        const float cosine = turn[static_cast<std::size_t>(2 * i)], sine = turn[static_cast<std::size_t>(2 * i + 1)];
        const float a = head[i], b = head[half + i];
        head[i] = a * cosine - b * sine;
        head[half + i] = b * cosine + a * sine;
      }
    }
  }
  return make(x.shape(), std::move(to));
}

Tensor LeanOps::attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) {
  if (spec.mask != Mask::kExplicit) throw std::logic_error("attention without a mask that says what is seen");
  const auto [keys, values] = spec.with_earlier(k, v);
  const AttentionSizes sizes{q.size(1), keys.size(1), spec.heads, spec.kv_heads, q.size(2) / spec.heads};
  const Numbers& bias = numbers(spec.explicit_mask);
  if (static_cast<std::int64_t>(bias.size()) != sizes.queries * sizes.keys) {
    throw std::invalid_argument("the mask is not of these positions");
  }
  return make(q.shape(), attend(sizes, numbers(q).data(), numbers(keys).data(), numbers(values).data(), bias.data()));
}

// gate / (1 + e^-gate) * x
Tensor LeanOps::gated(const Tensor& gate, const Tensor& x) {
  Numbers to = numbers(gate);
  const Numbers& from = numbers(x);
  if (from.size() != to.size()) throw std::logic_error("sizes that do not fit");
  std::size_t i = 0;
  for (; i + kFloats <= to.size(); i += kFloats) {
    // Of the two forms the one whose power is not above 0.
    const F4 open = load<F4>(to.data() + i);
    const F4 power = exponential(open < all(0.0f) ? open : -open);
    const F4 share = (open < all(0.0f) ? power : all(1.0f)) / (all(1.0f) + power);
    store(to.data() + i, open * share * load<F4>(from.data() + i));
  }
  for (; i < to.size(); ++i) to[i] = to[i] / (1.0f + std::exp(-to[i])) * from[i];
  return make(x.shape(), std::move(to));
}

// The first `rows` rows of the table, each times each position.
Numbers LeanOps::rows_of_table(const Numbers& from, std::int64_t in, std::int64_t rows) {
  const Shape stored = weights_->tensors().shape(model::kTokenTable);
  if (stored.size() != 2 || stored[1] != in || stored[0] < rows) {
    throw InputError(std::string("tensor \"") + model::kTokenTable + "\" of the export has not " +
                     std::to_string(rows) + " rows of " + std::to_string(in) + " numbers");
  }
  constexpr std::int64_t kTogether = 4;  // rows, so that no sum waits for the one before
  const std::vector<float>& table = weights_->floats(model::kTokenTable, stored[0] * in);
  Numbers to;
  to.reserve(from.size() / static_cast<std::size_t>(in) * static_cast<std::size_t>(rows));
  for (std::size_t at = 0; at < from.size(); at += static_cast<std::size_t>(in)) {
    const float* position = from.data() + at;
    std::int64_t row = 0;
    for (; row + kTogether <= rows; row += kTogether) {
      const float* weight = table.data() + row * in;
      F4 sums[kTogether] = {};
      std::int64_t i = 0;
      for (; i + kFloats <= in; i += kFloats) {
        const F4 numbers = load<F4>(position + i);
        for (std::int64_t r = 0; r < kTogether; ++r) sums[r] += numbers * load<F4>(weight + r * in + i);
      }
      for (std::int64_t r = 0; r < kTogether; ++r) {
        float sum = sums[r][0] + sums[r][1] + sums[r][2] + sums[r][3];
        for (std::int64_t j = i; j < in; ++j) sum += position[j] * weight[r * in + j];
        to.push_back(sum);
      }
    }
    for (; row < rows; ++row) {
      const float* weight = table.data() + row * in;
      F4 sums = {};
      std::int64_t i = 0;
      for (; i + kFloats <= in; i += kFloats) sums += load<F4>(position + i) * load<F4>(weight + i);
      float sum = sums[0] + sums[1] + sums[2] + sums[3];
      for (; i < in; ++i) sum += position[i] * weight[i];
      to.push_back(sum);
    }
  }
  return to;
}

}  // namespace ccx::lean
