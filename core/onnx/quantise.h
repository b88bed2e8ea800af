// How weights lie in an exported graph: as core/graph/exported.h has it, and in 4 bits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/graph/exported.h"
#include "core/graph/quantise.h"

namespace ccx::onnx {

using ccx::float16_bytes;
using ccx::float32_bytes;
using ccx::Int8Weight;
using ccx::kInt8ZeroPoint;
using ccx::quantise_int8;
using ccx::transposed;

// The values as MatMulNBits reads them: [out, blocks, 16] bytes, value + 8, low half first, short blocks padded.
std::string pack_matmul_nbits(const Int4Weight& weight, int64_t out, int64_t in);
// The values as an ONNX int4 tensor [in, out]: two's complement, low half first.
std::string pack_int4_transposed(const Int4Weight& weight, int64_t out, int64_t in);

}  // namespace ccx::onnx
