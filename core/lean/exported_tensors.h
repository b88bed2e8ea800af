// The tensors of a graph that `ccx export` wrote: what vision.onnx or decoder.onnx names, in the files that lie beside
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/tensor.h"

namespace ccx::lean {

enum class Stored { kFloat32, kFloat16, kInt8, kUint8 };

struct ExportedTensor {
  Stored type = Stored::kFloat32;
  Shape shape;
  std::string bytes;
};

class ExportedTensors {
 public:
  // Gives `bytes` bytes of a file of the export, from `offset` on.
  using Read = std::function<std::string(const std::string& file, std::uint64_t offset, std::size_t bytes)>;

  // graph: the content of the ONNX file. Throws InputError where it is none or a tensor's bytes are not there.
  ExportedTensors(std::string_view graph, Read read);

  bool has(const std::string& name) const { return places_.contains(name); }
  // Without its numbers. Throws as get().
  Stored type(const std::string& name) const;
  Shape shape(const std::string& name) const { return place(name).shape; }
  // Throws InputError for a tensor that is not there, is of a type that is not known here, or has another size.
  ExportedTensor get(const std::string& name) const;
  // Of a tensor of float32 or float16 with that many numbers.
  std::vector<float> floats(const std::string& name, std::int64_t count) const;

 private:
  struct Place {
    std::uint64_t type = 0;  // TensorProto.DataType
    Shape shape;
    std::string inside;  // the bytes themselves, of small ones
    std::string file;
    std::uint64_t offset = 0, length = 0;
  };
  const Place& place(const std::string& name) const;
  static Place place_of(std::string_view message, std::string& name);
  static void read_external(std::string_view message, Place& place);

  Read read_;
  std::map<std::string, Place> places_;
};

}  // namespace ccx::lean
