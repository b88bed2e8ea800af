#include "core/model/quantised_tensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/graph/quantise.h"
#include "core/model/checkpoint.h"

namespace ccx::model {
namespace {

constexpr const char* kScale = "_scale";
constexpr const char* kPacked = "_packed";
constexpr const char* kShape = "_shape";

// The weight's name where the tensor's ends with `suffix`.
std::optional<std::string> weight_of(const std::string& tensor, const std::string& suffix) {
  if (!tensor.ends_with("weight" + suffix)) return std::nullopt;
  return tensor.substr(0, tensor.size() - suffix.size());
}

// Larger ones are no weights but a mistake or an attack.
constexpr int64_t kMostRows = int64_t{1} << 31;

}  // namespace

QuantisedTensors::QuantisedTensors(const StoredTensors& stored) : stored_(&stored) {
  for (const auto& [tensor, file] : stored) {
    if (const auto weight = weight_of(tensor, kPacked)) weights_[*weight] = 4;
    if (file->at(tensor).dtype == io::DType::kI8 && stored.count(tensor + kScale) != 0) weights_[tensor] = 8;
  }
  for (const auto& [weight, bits] : weights_) {
    for (const char* suffix : {kScale, kPacked, kShape}) {
      if (stored.count(weight + suffix) != 0 && (bits == 4 || suffix == kScale)) parts_.insert(weight + suffix);
    }
  }
}

std::vector<std::string> QuantisedTensors::parts_of(const std::string& weight) const {
  if (weights_.at(weight) == 8) return {weight, weight + kScale};
  return {weight + kPacked, weight + kScale, weight + kShape};
}

void QuantisedTensors::fail(const std::string& tensor, const std::string& what) const {
  const auto found = stored_->find(tensor);
  throw CheckpointError((found == stored_->end() ? "" : found->second->path().string() + ": ") + "tensor \"" + tensor +
                        "\" " + what);
}

const io::TensorView& QuantisedTensors::at(const std::string& tensor) const {
  const auto found = stored_->find(tensor);
  if (found == stored_->end()) fail(tensor, "is missing, without which a quantised weight cannot be read");
  return found->second->at(tensor);
}

Shape QuantisedTensors::shape(const std::string& weight) const {
  if (weights_.at(weight) == 8) {
    const Shape& shape = at(weight).shape;
    if (shape.size() != 2) fail(weight, "holds 8-bit values of shape " + io::shape_text(shape) + ", not of a matrix");
    return shape;
  }
  const io::TensorView& stated = at(weight + kShape);
  const bool wide = stated.dtype == io::DType::kI64;
  if (stated.shape != Shape{2} || (!wide && stated.dtype != io::DType::kI32)) {
    fail(weight + kShape, "is " + std::string(io::dtype_name(stated.dtype)) + " " + io::shape_text(stated.shape) +
                              "; it must be two whole numbers (I64), the weight's rows and columns");
  }
  Shape shape(2);
  for (size_t i = 0; i < 2; ++i) {
    int32_t narrow = 0;
    if (wide) {
      std::memcpy(&shape[i], stated.data + i * sizeof(int64_t), sizeof(int64_t));
    } else {
      std::memcpy(&narrow, stated.data + i * sizeof(int32_t), sizeof(int32_t));
      shape[i] = narrow;
    }
    if (shape[i] < 1 || shape[i] > kMostRows)
      fail(weight + kShape, "says " + std::to_string(shape[i]) + " rows or columns");
  }
  const io::TensorView& packed = at(weight + kPacked);
  const Shape needed = {shape[0], packed_int4_row_bytes(shape[1]) / 4};
  if (packed.dtype != io::DType::kI32 || packed.shape != needed) {
    fail(weight + kPacked, "is " + std::string(io::dtype_name(packed.dtype)) + " " + io::shape_text(packed.shape) +
                               "; 4-bit values of a weight " + io::shape_text(shape) + " are I32 " +
                               io::shape_text(needed));
  }
  return shape;
}

QuantisedView QuantisedTensors::view(const std::string& weight) const {
  const Shape shape = QuantisedTensors::shape(weight);
  const bool bytes = weights_.at(weight) == 8;
  for (const char* unread : {"_zero_point", "_g_idx"}) {
    if (stored_->count(weight + unread) != 0) {
      fail(weight + unread, "belongs to a kind of quantised weight that ccx does not read: it reads symmetric ones, " +
                                std::string("whose inputs are in their own order"));
    }
  }
  QuantisedView view{bytes ? 8 : 4, shape[0], shape[1], at(bytes ? weight : weight + kPacked).data, {}};
  const std::string name = weight + kScale;
  const io::TensorView& scale = at(name);
  if (scale.dtype != io::DType::kF32 && scale.dtype != io::DType::kF16 && scale.dtype != io::DType::kBF16) {
    fail(name, "is stored as " + std::string(io::dtype_name(scale.dtype)) + "; scales must be F32, F16 or BF16");
  }
  check_finite(scale, name, stored_->at(name)->path().string());
  const int64_t blocks = scales_of_row(view.bits, view.columns);
  const int64_t groups = scale.shape.size() == 2 ? scale.shape[1] : 1;
  const int64_t blocks_of_group = groups < 1 ? 0 : (blocks + groups - 1) / groups;
  // So many blocks a group, the last group fewer: any other count would have been another size.
  if (scale.shape.empty() || scale.shape.size() > 2 || scale.shape[0] != view.rows || blocks_of_group < 1 ||
      (blocks + blocks_of_group - 1) / blocks_of_group != groups) {
    fail(name, "has shape " + io::shape_text(scale.shape) + "; a weight " + io::shape_text(shape) + " of " +
                   (bytes ? std::string("8 bits has a scale a row")
                          : std::string("4 bits has scales of groups of 32 inputs or a multiple of it")));
  }
  const std::vector<float> given = scale.to_float32();
  view.scales.resize(static_cast<size_t>(view.rows * blocks));
  for (int64_t row = 0; row < view.rows; ++row) {
    for (int64_t block = 0; block < blocks; ++block) {
      view.scales[static_cast<size_t>(row * blocks + block)] =
          given[static_cast<size_t>(row * groups + block / blocks_of_group)];
    }
  }
  return view;
}

std::vector<StoredPart> stored_parts(const std::string& weight, const Shape& shape, int bits) {
  const int64_t out = shape.at(0), in = shape.at(1);
  if (bits == 8) {
    return {{weight, io::DType::kI8, {out, in}}, {weight + kScale, io::DType::kF32, {out, 1}}};
  }
  return {{weight + kPacked, io::DType::kI32, {out, packed_int4_row_bytes(in) / 4}},
          {weight + kScale, io::DType::kF32, {out, int4_blocks(in)}},
          {weight + kShape, io::DType::kI64, {2}}};
}

std::string quantisation_json(int bits) {
  const auto weights = [](int of, const char* strategy) {
    nlohmann::ordered_json json = {{"num_bits", of}, {"type", "int"}, {"symmetric", true}, {"strategy", strategy}};
    if (of == 4) json["group_size"] = kInt4Block;
    json["dynamic"] = false;
    return json;
  };
  const nlohmann::ordered_json activations = {
      {"num_bits", 8}, {"type", "int"}, {"symmetric", true}, {"strategy", "token"}, {"dynamic", true}};
  const auto group = [&](int of, const char* strategy, const char* format) {
    return nlohmann::ordered_json{{"targets", {"Linear"}},
                                  {"weights", weights(of, strategy)},
                                  {"input_activations", activations},
                                  {"format", format}};
  };
  nlohmann::ordered_json groups = {{"group_0", group(8, "channel", "int-quantized")}};
  if (bits == 4) groups["group_1"] = group(4, "group", "pack-quantized");
  const nlohmann::ordered_json json = {{"quant_method", "compressed-tensors"},
                                       {"format", bits == 4 ? "mixed-precision" : "int-quantized"},
                                       {"quantization_status", "compressed"},
                                       {"config_groups", groups}};
  return json.dump();
}

bool is_read_quantisation(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || parsed.value("quant_method", nlohmann::json()) != "compressed-tensors") return false;
  const auto format = parsed.value("format", nlohmann::json());
  return format == "int-quantized" || format == "pack-quantized" || format == "mixed-precision";
}

}  // namespace ccx::model
