// Names of devices and dtypes, as options spell them, to LibTorch's.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

namespace ccx::torch_backend {

// auto (the first GPU, else the CPU), cpu, cuda, cuda:N, cuda:all. Throws UsageError for another word or for a device
// that this LibTorch or this machine does not have, saying which.
std::vector<at::Device> resolve_devices(const std::string& name);

// What of the CPU decides how a model is computed.
struct Processor {
  // Instructions that multiply bf16 (AVX512-BF16, which those with AMX have too): products take about half the time of
  // float32's.
  bool multiplies_bf16 = false;
  bool has_amx = false;  // tiles of bf16
};
const Processor& this_processor();

// What a model is computed in. Of LibTorch's types alone: weights as numbers of it.
struct NumberFormat {
  // NOLINTNEXTLINE(google-explicit-constructor): a type by itself is a format
  NumberFormat(at::ScalarType type = at::kFloat, int bits = 0) : compute(type), weight_bits(bits) {}

  at::ScalarType compute;  // of activations, and of weights that are no product's
  int weight_bits;         // 8 or 4 of products' weights (model/quantisation.h); 0: numbers of `compute`
};

// What a checkpoint and a device have to do with the choice.
struct FormatCase {
  at::Device device = at::kCPU;
  bool large = false;   // is_large() of the model
  int stored_bits = 0;  // the fewest that a weight is stored in, 8 or 4; 0 where none is
};

// resolve_dtype()'s names, and int8 and int4: on a CPU, products' weights in so many bits and the rest in what auto
// would take. auto takes the bits that the checkpoint has. Throws UsageError: for another word, for int8 and int4 on a
// GPU, and for fewer bits than the checkpoint's.
NumberFormat resolve_format(const std::string& name, const FormatCase& for_case,
                            const Processor& processor = this_processor());
std::string format_name(const NumberFormat& format);  // "fp32", "bf16", "int8", "int4"

// auto, fp32, bf16. auto is bf16 on a GPU, and for a model that is `large` (prepare/workers.h) on a CPU that multiplies
// bf16; else fp32, whose captions are the same bits in any batch. Throws UsageError for another word.
at::ScalarType resolve_dtype(const std::string& name, at::Device device, bool large = false,
                             const Processor& processor = this_processor());

std::string device_name(at::Device device);    // "cpu", "cuda:0"
std::string dtype_name(at::ScalarType dtype);  // "fp32", "bf16"
void synchronize(at::Device device);           // waits until the device has done what it was given

// Before the first computation: CPU threads of a product (0: as many as there are cores), and numbers below the
// smallest normal one (1.2e-38) count as zero in this thread and in those that it starts from here on. Some processors
// are slow at them, and attention makes many: without them a training step of the default model was 3 times as fast on
// an AVX-512 Xeon, and losses the same.
void prepare_cpu(int threads);

}  // namespace ccx::torch_backend
