#include "core/lean/tensors.h"

#include <cstring>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace ccx::lean {

std::vector<float> Tensors::floats(const std::string& name, std::int64_t count) const {
  const StoredTensor tensor = get(name);
  const bool is_half = tensor.type == Stored::kFloat16;
  const std::size_t width = is_half ? sizeof(std::uint16_t) : sizeof(float);
  if ((tensor.type != Stored::kFloat32 && !is_half) || tensor.bytes.size() != static_cast<std::size_t>(count) * width) {
    throw InputError("tensor \"" + name + "\" of the export is not " + std::to_string(count) +
                     " numbers of float32 or float16");
  }
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; is_half && i < values.size(); ++i) {
    std::uint16_t bits;
    std::memcpy(&bits, tensor.bytes.data() + 2 * i, sizeof bits);
    values[i] = io::half_to_float(bits);
  }
  if (is_half) return values;
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

}  // namespace ccx::lean
