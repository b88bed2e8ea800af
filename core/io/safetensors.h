// Reads and writes the safetensors format: an 8-byte little-endian header length, a JSON header, raw tensors.
//
// The header is hostile until checked: its length, every name, shape, dtype and byte range is verified against the file
// before a tensor is handed out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/mapped_file.h"

namespace ccx::io {

enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

size_t dtype_size(DType dtype);
std::string_view dtype_name(DType dtype);      // "F32", as in the header
DType dtype_from_name(std::string_view name);  // throws InputError

// A tensor that lies in a file or elsewhere; the bytes are row-major and little-endian.
struct TensorView {
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  const std::byte* data = nullptr;
  size_t bytes = 0;

  int64_t elements() const;
  // The values as float32, whatever is stored. Integers convert exactly up to 2^24.
  std::vector<float> to_float32() const;
};

std::string shape_text(const std::vector<int64_t>& shape);  // "[2, 3]"

// One memory-mapped file. Views live as long as the object.
class SafetensorsFile {
 public:
  // Maps and checks the header; names lose PyTorch's wrappers ("_orig_mod."). Throws CheckpointError naming the file.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // Throws CheckpointError when there is no such tensor.
  const TensorView& at(const std::string& name) const;
  // Tells the system that a tensor's pages will not be read again, once its values have been copied.
  void release(const TensorView& view) const;

 private:
  std::filesystem::path path_;
  MappedFile map_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

// A tensor to be written. `data` must stay valid until the call returns.
struct NamedTensor {
  std::string name;
  TensorView view;
};

// Writes a file beside the target, syncs it and renames it. Tensors keep their order. Throws InputError.
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

// float16 and bfloat16 bits to float32 and back (round to nearest even).
float half_to_float(uint16_t bits);
float bfloat16_to_float(uint16_t bits);
uint16_t float_to_half(float value);
uint16_t float_to_bfloat16(float value);

}  // namespace ccx::io
