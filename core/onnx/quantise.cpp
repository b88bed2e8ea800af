#include "core/onnx/quantise.h"

namespace ccx::onnx {

std::string pack_matmul_nbits(const Int4Weight& weight, int64_t out, int64_t in) {
  constexpr int64_t kBytes = kInt4Block / 2;
  std::string packed(static_cast<size_t>(out * weight.blocks * kBytes), static_cast<char>(0x88));
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t i = 0; i < in; ++i) {
      const auto nibble = static_cast<unsigned>(weight.values[static_cast<size_t>(o * in + i)] + 8);
      const int64_t place = o * weight.blocks * kBytes + i / kInt4Block * kBytes + i % kInt4Block / 2;
      auto byte = static_cast<unsigned char>(packed[static_cast<size_t>(place)]);
      byte = static_cast<unsigned char>(i % 2 == 0 ? (byte & 0xf0u) | nibble : (byte & 0x0fu) | (nibble << 4));
      packed[static_cast<size_t>(place)] = static_cast<char>(byte);
    }
  }
  return packed;
}

std::string pack_int4_transposed(const Int4Weight& weight, int64_t out, int64_t in) {
  std::string packed(static_cast<size_t>((in * out + 1) / 2), '\0');
  for (int64_t i = 0; i < in; ++i) {
    for (int64_t o = 0; o < out; ++o) {
      const auto nibble = static_cast<unsigned>(weight.values[static_cast<size_t>(o * in + i)]) & 0x0fu;
      const int64_t place = i * out + o;
      auto byte = static_cast<unsigned char>(packed[static_cast<size_t>(place / 2)]);
      byte = static_cast<unsigned char>(byte | (place % 2 == 0 ? nibble : nibble << 4));
      packed[static_cast<size_t>(place / 2)] = static_cast<char>(byte);
    }
  }
  return packed;
}

}  // namespace ccx::onnx
