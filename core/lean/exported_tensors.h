// The tensors of a graph that `ccx export` wrote: what vision.onnx or decoder.onnx names, in the files that lie beside
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/lean/tensors.h"

namespace ccx::lean {

class ExportedTensors : public Tensors {
 public:
  // Gives `bytes` bytes of a file of the export, from `offset` on.
  using Read = std::function<std::string(const std::string& file, std::uint64_t offset, std::size_t bytes)>;

  // graph: the content of the ONNX file. Throws InputError where it is none or a tensor's bytes are not there.
  ExportedTensors(std::string_view graph, Read read);

  bool has(const std::string& name) const override { return places_.contains(name); }
  Stored type(const std::string& name) const override;
  Shape shape(const std::string& name) const override { return place(name).shape; }
  StoredTensor get(const std::string& name) const override;

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
