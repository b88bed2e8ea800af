// The operations the model graph is written in. A backend implements them; nothing here knows which one runs.
//
//   core/model/*.cpp --calls--> Ops <-- TorchOps (LibTorch: captioning and training)
//                                   <-- OnnxOps  (emits ONNX nodes), LeanOps (computes in the page)
//                                   <-- ShapeOps (counts parameters and FLOPs)
//
// Shape comments: h, w rows and columns of a map of features [P, C, h, w]. B pairs, P = 2B images in the order
// A0,B0,A1,B1,..., N visual tokens an image, D vision width, T tokens of a step, S keys seen so far, H language width.
// Every operation that reads weights states their shape, so that a backend can check a checkpoint against the graph and
// name the tensor that does not fit.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/scope.h"
#include "core/graph/tensor.h"

namespace ccx {

enum class Bias { kNone, kAdd };
enum class Gelu { kErf, kTanh };
enum class Mask {
  kNone,      // every query sees every key
  kCausal,    // query t of T sees keys 0 .. S-T+t
  kExplicit,  // AttentionSpec::mask says which
};

// A convolution of maps. Padding is zeros, on each side apart: TensorFlow's SAME pads the far side more.
enum class Activation { kNone, kRelu, kRelu6 };  // max(x, 0); and not above 6
struct ConvSpec {
  int64_t out = 0;  // channels
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t groups = 1;  // as many as channels in and out: depthwise
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  Activation activation = Activation::kNone;
};

// Where the decoder keeps the keys and values of earlier steps. A backend makes it, for its own attention() alone.
class KvCache {
 public:
  virtual ~KvCache() = default;
  // Called by attention(), once a layer and step: keeps k, v [B, T, kv_heads * d] behind those of earlier steps, and
  // gives all as that attention reads them, which is nobody else's business.
  virtual std::pair<Tensor, Tensor> append(int layer, const Tensor& k, const Tensor& v) = 0;
};

struct AttentionSpec {
  int heads = 1;
  int kv_heads = 1;  // grouped-query attention when smaller than heads
  Mask mask = Mask::kNone;
  Tensor explicit_mask;  // kExplicit only: [T, S], 0 where seen and -inf where not
  // Keys and values are those of a step; earlier ones of `layer` stand in the cache, which takes these too.
  KvCache* cache = nullptr;
  int layer = 0;

  // What attention() reads of `k` and `v`.
  std::pair<Tensor, Tensor> with_earlier(const Tensor& k, const Tensor& v) const {
    return cache != nullptr ? cache->append(layer, k, v) : std::pair(k, v);
  }
};

class Ops {
 public:
  virtual ~Ops() = default;

  // Weights and constants.
  virtual Tensor parameter(const std::string& name, const Shape& shape) = 0;
  // A tensor the graph computes from the configuration alone. The same name always means the same values, so a backend
  // may keep it; `values` is called only when it does not have it.
  virtual Tensor constant(const std::string& name, const Shape& shape,
                          const std::function<std::vector<float>()>& values) = 0;

  // Layers, named by the checkpoint.
  // [..., in] -> [..., out]; scope.weight [out, in], scope.bias [out]. With 0 < `rows` < out only the first `rows` of
  // weight and bias are used, which gives [..., rows]: how logits are cut to the tokenizer's length.
  virtual Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows = 0) = 0;
  // linear() of one input by several weights, which a backend may compute in one step.
  struct Branch {
    Scope scope;
    int64_t out = 0;
    Bias bias = Bias::kNone;
  };
  virtual std::vector<Tensor> branches(const Tensor& x, const std::vector<Branch>& each) {
    std::vector<Tensor> results;
    for (const Branch& branch : each) results.push_back(linear(x, branch.scope, branch.out, branch.bias));
    return results;
  }
  // gelu(linear(x)) with a bias, which a backend may compute in one step.
  virtual Tensor linear_gelu(const Tensor& x, const Scope& scope, int64_t out, Gelu kind) {
    return gelu(linear(x, scope, out, Bias::kAdd), kind);
  }
  // Over the last axis; scope.weight and scope.bias [width].
  virtual Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) = 0;
  // x / sqrt(mean(x^2) + eps) * scope.weight, over the last axis.
  virtual Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) = 0;
  // pixels [P, 3, S, S] -> [P, (S/patch)^2, width], row-major; scope.weight [width, 3, patch, patch], scope.bias. Rows
  // and columns that do not fill a patch are ignored.
  virtual Tensor patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) = 0;
  // ids [B, T] -> [B, T, width]; scope.weight [vocabulary, width].
  virtual Tensor embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) = 0;

  // Maps of features, [P, C, h, w].
  // scope.weight [out, C / groups, kernel, kernel], scope.bias [out].
  virtual Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) = 0;
  // Twice the height and width: bilinear between the cells' centres, the border's own value beyond them.
  virtual Tensor upsample(const Tensor& x) = 0;
  // Mean and largest of every size x size cells that do not overlap; size divides h and w.
  virtual Tensor average_pool(const Tensor& x, int64_t size) = 0;
  virtual Tensor max_pool(const Tensor& x, int64_t size) = 0;
  // [P, C, h, w] -> [P, h * w, C], row-major; and back.
  virtual Tensor to_tokens(const Tensor& map) = 0;
  virtual Tensor to_map(const Tensor& tokens, int64_t height, int64_t width) = 0;

  // Attention: softmax(q k^T / sqrt(head width)) v, one fused operation per backend.
  // q [B, T, heads * d], k and v [B, S, kv_heads * d] -> [B, T, heads * d]. With a cache S counts its positions too.
  virtual Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) = 0;
  // Rotary position embedding, rotate-half form. x [B, T, heads * d], positions [1 or B, T].
  virtual Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) = 0;

  // Elementwise, with broadcasting from the last axis.
  virtual Tensor add(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor sub(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor mul(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor div(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor add_scalar(const Tensor& x, float value) = 0;
  virtual Tensor sigmoid(const Tensor& x) = 0;
  virtual Tensor silu(const Tensor& x) = 0;
  // silu(gate) * x, likewise.
  virtual Tensor gated(const Tensor& gate, const Tensor& x) { return mul(silu(gate), x); }
  virtual Tensor gelu(const Tensor& x, Gelu kind) = 0;
  virtual Tensor relu(const Tensor& x) = 0;
  virtual Tensor abs(const Tensor& x) = 0;
  virtual Tensor softmax(const Tensor& x, int axis) = 0;

  // Shape.
  virtual Tensor concat(const std::vector<Tensor>& parts, int axis) = 0;
  // `count` entries of `axis` from `start`; a negative start counts from the end.
  virtual Tensor slice(const Tensor& x, int axis, int64_t start, int64_t count) = 0;
  // `parts` equal pieces along `axis`.
  virtual std::vector<Tensor> chunk(const Tensor& x, int parts, int axis) = 0;
  // Removes an axis of size one.
  virtual Tensor squeeze(const Tensor& x, int axis) = 0;
  // Mean and largest over `axis`, which stays with size one.
  virtual Tensor mean(const Tensor& x, int axis) = 0;
  virtual Tensor max(const Tensor& x, int axis) = 0;
  // [2B, ...] in the order A0,B0,A1,B1,... -> A [B, ...], B [B, ...]; and back.
  virtual std::pair<Tensor, Tensor> split_pairs(const Tensor& x) = 0;
  virtual Tensor interleave_pairs(const Tensor& a, const Tensor& b) = 0;
  // To float32, whatever the backend computes in.
  virtual Tensor to_float32(const Tensor& x) = 0;

  // The same values, through which a training backend sends no gradient.
  virtual Tensor stop_gradient(const Tensor& x) { return x; }

  // In training, features x [P, C, h, w] of P pictures as another day, light and camera might have made them, where the
  // run asks for it; elsewhere x.
  virtual Tensor restyle(const Tensor& x) { return x; }

  // A stretch of graph whose activations a training backend may drop and compute again in the backward pass. `body` may
  // therefore run again after the caller has returned: it must own what it captures.
  virtual Tensor segment(const std::function<Tensor(const Tensor&)>& body, const Tensor& x) { return body(x); }

  // Names an intermediate tensor, as reference/vectors do. Costs nothing unless somebody listens.
  using Listener = std::function<void(const std::string& name, const Tensor& tensor)>;
  void listen(Listener listener) { listener_ = std::move(listener); }
  bool listening() const { return static_cast<bool>(listener_); }
  void tap(const std::string& name, const Tensor& tensor) {
    if (listener_) listener_(name, tensor);
  }

 private:
  Listener listener_;
};

}  // namespace ccx
