// Products and convolutions on a CPU: of weights as they lie, and of weights laid out once for oneDNN, by way of
// LibTorch's own operators.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "core/graph/ops.h"
#include "core/torch/device.h"
#include "core/torch/packed_weight.h"

namespace ccx::torch_backend {

// Whether this LibTorch has the operators.
bool can_pack();

// Up to this many rows a product is bound by reading the weight.
constexpr int64_t kFewRows = 32;

// Whether `input`, [rows, 1, in] of a decoding step or [..., in], is what the kernels of few rows multiply here: on a
// CPU, without gradients, in `dtype`, which is float32 or bfloat16.
bool is_few_rows(const at::Tensor& input, at::ScalarType dtype);

// input [..., in], weight [out, in] as it lies in a checkpoint, bias [out] or undefined -> [..., out]: of few rows
// row_products.h's, whose rows are the same bits whatever stands beside them; else LibTorch's own.
at::Tensor plain_product(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias);

// A product of a model, as what decides whether its weight is packed.
struct Product {
  at::ScalarType dtype = at::kFloat;
  int64_t rows = 1;  // of the input when the weight is first used: a prompt's, not a decoding step's
  int64_t in = 1, out = 1;
  bool decodes = false;      // whether a decoding step reads the weight too
  bool gives_words = false;  // whether it gives the next word: of a prompt, of its last position alone
};

// A product of `scope`'s weight [out, in] with `rows` rows.
Product product_of(const Scope& scope, at::ScalarType dtype, int64_t rows, int64_t in, int64_t out);

// Whether a packed weight is the better one. It depends on nothing but these, so that two runs on one machine add in
// the same order. A weight is either packed or plain: one that is used both ways would be kept twice.
bool pays_to_pack(const Product& product, const Processor& processor);

// weight [out, in] -> its layout for packed_linear.
PackedWeight pack_linear(const at::Tensor& weight);
// The same where the product pays; undefined where it does not, or where a step in float32 would be left without the
// kernel that gives a row the same bits in any batch, because oneDNN lays the weight out in another way here.
PackedWeight pack_where_it_pays(const at::Tensor& weight, const Product& product);
// input [..., in], bias [out] or undefined -> [..., out], through gelu where one is given. Of few rows
// panel_product.h's where it can read the layout.
at::Tensor packed_linear(const at::Tensor& input, const PackedWeight& packed, const at::Tensor& bias,
                         std::optional<Gelu> gelu = std::nullopt);
// Several products of one input, all of whose weights panel_product.h can read, in one go of the threads.
std::vector<at::Tensor> panel_linears(const at::Tensor& input, const std::vector<PackedWeight>& packed,
                                      const std::vector<at::Tensor>& biases);

// weight [out, C / groups, k, k] -> its layout for maps of `input` [P, C, h, w] and no other size.
at::Tensor pack_convolution(const at::Tensor& weight, at::IntArrayRef input, const std::vector<int64_t>& padding,
                            const ConvSpec& spec);
// input [P, C, h, w] float32, channels last, padded by `padding` rows and columns on either side; the weight packed or
// plain. The activation is the convolution's last step, which saves a fifth of the time of one after the other.
at::Tensor fused_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                             const std::vector<int64_t>& padding, const ConvSpec& spec);

}  // namespace ccx::torch_backend
