#include "core/torch/explain_products.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

#include "core/graph/shape_ops.h"
#include "core/model/ccexpert.h"
#include "core/model/shape_walk.h"
#include "core/torch/device.h"
#include "core/torch/machine_peak.h"
#include "core/torch/packed_products.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {
namespace {

// Notes the products that a graph asks for.
class ProductShapes : public ShapeOps {
 public:
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override {
    const int64_t in = x.shape().back();
    int64_t count = 1;
    for (const int64_t size : x.shape()) count *= size;
    const Product product = product_of(scope, at::kFloat, count / in, in, rows > 0 ? rows : out);
    ProductChoice& found = found_[{product.rows, in, product.out, product.decodes, product.gives_words}];
    found.weight = scope.weight();
    ++found.count;
    return ShapeOps::linear(x, scope, out, bias, rows);
  }

  using Key = std::tuple<int64_t, int64_t, int64_t, bool, bool>;
  const std::map<Key, ProductChoice>& found() const { return found_; }

 private:
  std::map<Key, ProductChoice> found_;
};

void run_over_shapes(const model::ModelConfig& config, int64_t positions, int64_t rows, ProductShapes& ops) {
  model::walk(config, ops, {.text_tokens = positions - 2 * config.vision.tokens(), .last_only = true});
  const model::Qwen2 language(config.text);
  model::Qwen2::Step step;
  step.embeddings = ShapeOps::input({rows, 1, config.text.hidden_size});
  step.positions = ShapeOps::input({1, 1});
  language.logits(ops, language.hidden(ops, step), config.text.vocab_size);
}

// Times products as a model runs them: few rows find their weight in memory and not in a cache, because those of the
// other layers have been read since.
class Clock {
 public:
  explicit Clock(int repetitions) : repetitions_(repetitions) {}
  double fastest(bool from_memory, const std::function<void()>& work) {
    work();
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < repetitions_; ++i) {
      if (from_memory) others_.add_(1);
      best = std::min(best, time_once(at::kCPU, work));
    }
    return best;
  }

 private:
  int repetitions_;
  at::Tensor others_ = at::ones({32 << 20});  // 128 MB
};

}  // namespace

std::vector<ProductChoice> explain_products(const model::ModelConfig& config, const std::string& dtype,
                                            int64_t positions, int64_t rows, int repetitions) {
  const c10::InferenceMode guard;
  ProductShapes shapes;
  run_over_shapes(config, positions, rows, shapes);
  const at::ScalarType type = resolve_dtype(dtype, at::kCPU);
  Clock clock(repetitions);
  std::vector<ProductChoice> choices;
  for (const auto& [key, noted] : shapes.found()) {
    ProductChoice choice = noted;
    Product product{.dtype = type};
    std::tie(product.rows, product.in, product.out, product.decodes, product.gives_words) = key;
    std::tie(choice.rows, choice.in, choice.out) = std::tie(product.rows, product.in, product.out);
    const bool few = choice.rows <= kFewRows;  // the weight decides the time
    const bool step = product.decodes && choice.rows == rows;
    const at::Tensor input =
        at::randn({step ? choice.rows : 1, step ? 1 : choice.rows, choice.in}, at::kFloat).to(type);
    const at::Tensor weight = at::randn({choice.out, choice.in}).to(type);
    const at::Tensor bias = at::randn({choice.out}).to(type);
    const PackedWeight taken = pack_where_it_pays(weight, product);
    choice.packed = taken.layout.defined();
    choice.plain_seconds = clock.fastest(few, [&] { plain_product(input, weight, bias); });
    if (can_pack()) {
      const PackedWeight packed = choice.packed ? taken : pack_linear(weight);
      choice.packed_seconds = clock.fastest(few, [&] { packed_linear(input, packed, bias); });
    }
    choices.push_back(choice);
  }
  const auto work = [](const ProductChoice& c) { return static_cast<double>(c.count * c.rows) * c.in * c.out; };
  std::sort(choices.begin(), choices.end(), [&](const auto& a, const auto& b) { return work(a) > work(b); });
  return choices;
}

}  // namespace ccx::torch_backend
