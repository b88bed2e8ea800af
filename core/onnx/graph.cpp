#include "core/onnx/graph.h"

#include <cstring>
#include <protozero/pbf_writer.hpp>
#include <set>
#include <stdexcept>

namespace ccx::onnx {
namespace {

// Field numbers of onnx.proto3.
namespace field {
namespace model {
constexpr protozero::pbf_tag_type kIrVersion = 1, kProducer = 2, kGraph = 7, kOpset = 8, kMetadata = 14;
}
namespace opset {
constexpr protozero::pbf_tag_type kDomain = 1, kVersion = 2;
}
namespace graph {
constexpr protozero::pbf_tag_type kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}
namespace node {
constexpr protozero::pbf_tag_type kInput = 1, kOutput = 2, kName = 3, kOp = 4, kAttribute = 5, kDomain = 7;
}
namespace attribute {
constexpr protozero::pbf_tag_type kName = 1, kFloat = 2, kInt = 3, kString = 4, kInts = 8, kType = 20;
}
namespace tensor {
constexpr protozero::pbf_tag_type kDims = 1, kType = 2, kName = 8, kRaw = 9, kExternal = 13, kLocation = 14;
}
namespace entry {
constexpr protozero::pbf_tag_type kKey = 1, kValue = 2;
}
namespace value {
constexpr protozero::pbf_tag_type kName = 1, kType = 2;
}
namespace type {
constexpr protozero::pbf_tag_type kTensor = 1, kElement = 1, kShape = 2, kDim = 1, kDimValue = 1, kDimParam = 2;
}
}  // namespace field

// The file format version that brought an opset; a reader older than it refuses the file cleanly.
int ir_version(int opset) {
  return opset >= 23 ? 11 : 10;
}

void write_entry(protozero::pbf_writer& parent, protozero::pbf_tag_type tag, const std::string& key,
                 const std::string& value) {
  protozero::pbf_writer entry(parent, tag);
  entry.add_string(field::entry::kKey, key);
  entry.add_string(field::entry::kValue, value);
}

void write_value(protozero::pbf_writer& parent, protozero::pbf_tag_type tag, const ValueInfo& info) {
  protozero::pbf_writer value(parent, tag);
  value.add_string(field::value::kName, info.name);
  protozero::pbf_writer type(value, field::value::kType);
  protozero::pbf_writer tensor(type, field::type::kTensor);
  tensor.add_int32(field::type::kElement, static_cast<int32_t>(info.type));
  protozero::pbf_writer shape(tensor, field::type::kShape);
  for (const Dim& dim : info.dims) {
    protozero::pbf_writer writer(shape, field::type::kDim);
    if (const auto* size = std::get_if<int64_t>(&dim)) writer.add_int64(field::type::kDimValue, *size);
    if (const auto* symbol = std::get_if<std::string>(&dim)) writer.add_string(field::type::kDimParam, *symbol);
  }
}

void write_attribute(protozero::pbf_writer& node, const Attribute& attribute) {
  enum AttributeType : int32_t { kFloat = 1, kInt = 2, kString = 3, kInts = 7 };
  protozero::pbf_writer writer(node, field::node::kAttribute);
  writer.add_string(field::attribute::kName, attribute.name);
  if (const auto* i = std::get_if<int64_t>(&attribute.value)) {
    writer.add_int64(field::attribute::kInt, *i);
    writer.add_int32(field::attribute::kType, kInt);
  } else if (const auto* f = std::get_if<float>(&attribute.value)) {
    writer.add_float(field::attribute::kFloat, *f);
    writer.add_int32(field::attribute::kType, kFloat);
  } else if (const auto* s = std::get_if<std::string>(&attribute.value)) {
    writer.add_string(field::attribute::kString, *s);
    writer.add_int32(field::attribute::kType, kString);
  } else if (const auto* ints = std::get_if<std::vector<int64_t>>(&attribute.value)) {
    for (int64_t value : *ints) writer.add_int64(field::attribute::kInts, value);
    writer.add_int32(field::attribute::kType, kInts);
  }
}

}  // namespace

std::string element_type_name(ElementType type) {
  switch (type) {
    case ElementType::kFloat:
      return "float32";
    case ElementType::kUint8:
      return "uint8";
    case ElementType::kInt8:
      return "int8";
    case ElementType::kInt32:
      return "int32";
    case ElementType::kInt64:
      return "int64";
    case ElementType::kFloat16:
      return "float16";
    case ElementType::kInt4:
      return "int4";
  }
  throw std::logic_error("unknown ONNX element type");
}

int64_t element_bytes(ElementType type, int64_t elements) {
  switch (type) {
    case ElementType::kFloat:
    case ElementType::kInt32:
      return 4 * elements;
    case ElementType::kUint8:
    case ElementType::kInt8:
      return elements;
    case ElementType::kInt64:
      return 8 * elements;
    case ElementType::kFloat16:
      return 2 * elements;
    case ElementType::kInt4:
      return (elements + 1) / 2;
  }
  throw std::logic_error("unknown ONNX element type");
}

std::string Graph::unique(const std::string& name) {
  const int before = taken_[name]++;
  return before == 0 ? name : unique(name + "_" + std::to_string(before));
}

std::vector<std::string> Graph::add_node(const std::string& name, const std::string& op,
                                         const std::vector<std::string>& inputs,
                                         const std::vector<Attribute>& attributes, int outputs,
                                         const std::string& domain) {
  Node node{unique(name), op, domain, inputs, {}, attributes};
  for (int i = 0; i < outputs; ++i) node.outputs.push_back(i == 0 ? node.name : node.name + ":" + std::to_string(i));
  nodes_.push_back(node);
  return node.outputs;
}

void Graph::rename_output(const std::string& value, const std::string& output) {
  bool found = false;
  for (Node& node : nodes_) {
    for (std::string& name : node.outputs) {
      if (name == value) name = output, found = true;
    }
    for (std::string& name : node.inputs) {
      if (name == value) name = output;
    }
  }
  if (!found) throw std::logic_error("no node computes " + value);
}

void Graph::add_initializer(const std::string& name, ElementType type, std::vector<int64_t> dims,
                            std::string raw_bytes) {
  if (!initializer_names_.emplace(name, initializers_.size()).second) {
    throw std::logic_error("initialiser " + name + " is there already");
  }
  initializers_.push_back({name, type, std::move(dims), std::move(raw_bytes), std::nullopt});
}

void Graph::add_external_initializer(const std::string& name, ElementType type, std::vector<int64_t> dims,
                                     ExternalLocation location) {
  add_initializer(name, type, std::move(dims), "");
  initializers_.back().location = std::move(location);
}

std::string Graph::integers(const std::vector<int64_t>& values, bool scalar) {
  std::string name = scalar ? "scalar" : "ints";
  for (int64_t value : values) name += "/" + std::to_string(value);
  if (!has_initializer(name)) {
    std::string raw(values.size() * sizeof(int64_t), '\0');
    std::memcpy(raw.data(), values.data(), raw.size());
    const auto count = static_cast<int64_t>(values.size());
    add_initializer(name, ElementType::kInt64, scalar ? std::vector<int64_t>{} : std::vector<int64_t>{count},
                    std::move(raw));
  }
  return name;
}

std::string Graph::serialise(int opset, const std::map<std::string, std::string>& metadata) const {
  std::string out;
  protozero::pbf_writer model(out);
  model.add_int64(field::model::kIrVersion, ir_version(opset));
  model.add_string(field::model::kProducer, "ccx");
  {
    protozero::pbf_writer graph(model, field::model::kGraph);
    for (const Node& node : nodes_) {
      protozero::pbf_writer writer(graph, field::graph::kNode);
      for (const std::string& input : node.inputs) writer.add_string(field::node::kInput, input);
      for (const std::string& output : node.outputs) writer.add_string(field::node::kOutput, output);
      writer.add_string(field::node::kName, node.name);
      writer.add_string(field::node::kOp, node.op);
      for (const Attribute& attribute : node.attributes) write_attribute(writer, attribute);
      if (!node.domain.empty()) writer.add_string(field::node::kDomain, node.domain);
    }
    graph.add_string(field::graph::kName, name_);
    for (const Initializer& initializer : initializers_) {
      protozero::pbf_writer writer(graph, field::graph::kInitializer);
      for (int64_t size : initializer.dims) writer.add_int64(field::tensor::kDims, size);
      writer.add_int32(field::tensor::kType, static_cast<int32_t>(initializer.type));
      writer.add_string(field::tensor::kName, initializer.name);
      if (initializer.location) {
        write_entry(writer, field::tensor::kExternal, "location", initializer.location->file);
        write_entry(writer, field::tensor::kExternal, "offset", std::to_string(initializer.location->offset));
        write_entry(writer, field::tensor::kExternal, "length", std::to_string(initializer.location->length));
        writer.add_int32(field::tensor::kLocation, 1);
      } else {
        writer.add_bytes(field::tensor::kRaw, initializer.raw_bytes);
      }
    }
    for (const ValueInfo& info : inputs_) write_value(graph, field::graph::kInput, info);
    for (const ValueInfo& info : outputs_) write_value(graph, field::graph::kOutput, info);
  }
  std::set<std::string> domains = {""};
  for (const Node& node : nodes_) domains.insert(node.domain);
  for (const std::string& domain : domains) {
    protozero::pbf_writer writer(model, field::model::kOpset);
    writer.add_string(field::opset::kDomain, domain);
    writer.add_int64(field::opset::kVersion, domain.empty() ? opset : 1);
  }
  for (const auto& [key, value] : metadata) write_entry(model, field::model::kMetadata, key, value);
  return out;
}

}  // namespace ccx::onnx
