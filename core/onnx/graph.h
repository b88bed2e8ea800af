// An ONNX graph under construction: nodes, initialisers, inputs and outputs, and the file format they are saved in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ccx::onnx {

// TensorProto.DataType, as far as it is used here.
enum class ElementType : int32_t {
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kInt32 = 6,
  kInt64 = 7,
  kFloat16 = 10,
  kInt4 = 22
};

// "float32", as the manifest spells it.
std::string element_type_name(ElementType type);
// Bytes of `elements` values; two int4 values share a byte.
int64_t element_bytes(ElementType type, int64_t elements);

// An axis of a graph input or output: a size, or the name of a size that is known when the graph runs.
using Dim = std::variant<int64_t, std::string>;

struct ValueInfo {
  std::string name;
  ElementType type;
  std::vector<Dim> dims;
};

struct Attribute {
  std::string name;
  std::variant<int64_t, float, std::string, std::vector<int64_t>> value;
};

// Where the bytes of an initialiser lie outside the graph file.
struct ExternalLocation {
  std::string file;  // a plain name, beside the graph
  int64_t offset = 0;
  int64_t length = 0;
};

class Graph {
 public:
  explicit Graph(std::string name) : name_(std::move(name)) {}

  void add_input(ValueInfo info) { inputs_.push_back(std::move(info)); }
  void add_output(ValueInfo info) { outputs_.push_back(std::move(info)); }
  const std::vector<ValueInfo>& inputs() const { return inputs_; }
  const std::vector<ValueInfo>& outputs() const { return outputs_; }

  // Adds a node and returns the names of its outputs. `name` is what it stands for ("model.norm/Mul"); a number is
  // added where it is taken. An output is called like its node, with :1, :2 ... for further ones. An empty input is one
  // that the operator leaves out.
  std::vector<std::string> add_node(const std::string& name, const std::string& op,
                                    const std::vector<std::string>& inputs,
                                    const std::vector<Attribute>& attributes = {}, int outputs = 1,
                                    const std::string& domain = "");
  // Gives a value the name of a graph output, which is fixed by the contract and not by the code that computed it.
  void rename_output(const std::string& value, const std::string& output);

  void add_initializer(const std::string& name, ElementType type, std::vector<int64_t> dims, std::string raw_bytes);
  void add_external_initializer(const std::string& name, ElementType type, std::vector<int64_t> dims,
                                ExternalLocation location);
  bool has_initializer(const std::string& name) const { return initializer_names_.count(name) != 0; }
  // A small tensor of int64: axes, shapes, starts. Equal values share one initialiser.
  std::string integers(const std::vector<int64_t>& values, bool scalar = false);

  // The ModelProto. `metadata` becomes metadata_props.
  std::string serialise(int opset, const std::map<std::string, std::string>& metadata) const;

 private:
  struct Node {
    std::string name, op, domain;
    std::vector<std::string> inputs, outputs;
    std::vector<Attribute> attributes;
  };
  struct Initializer {
    std::string name;
    ElementType type;
    std::vector<int64_t> dims;
    std::string raw_bytes;
    std::optional<ExternalLocation> location;
  };
  class Writer;

  std::string unique(const std::string& name);

  std::string name_;
  std::vector<ValueInfo> inputs_, outputs_;
  std::vector<Node> nodes_;
  std::vector<Initializer> initializers_;
  std::map<std::string, size_t> initializer_names_;
  std::map<std::string, int> taken_;  // how often a node name was asked for
};

}  // namespace ccx::onnx
