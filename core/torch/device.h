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

// auto, fp32, bf16. auto is bf16 on a GPU, and for a model that is `large` (workers.h) on a CPU that multiplies bf16;
// else fp32, whose captions are the same bits in any batch. Throws UsageError for another word.
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
