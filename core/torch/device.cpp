#include "core/torch/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/Utils.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <malloc.h>

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/io/machine.h"
#include "core/model/quantisation.h"

namespace ccx::torch_backend {
namespace {

int cuda_count() {
  if (!at::hasCUDA()) return 0;
  return static_cast<int>(c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount());
}

}  // namespace

std::vector<at::Device> resolve_devices(const std::string& name) {
  if (name == "cpu") return {at::Device(at::kCPU)};
  const int gpus = cuda_count();
  const auto gpu = [](int index) { return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index)); };
  if (name == "auto") return {gpus > 0 ? gpu(0) : at::Device(at::kCPU)};
  if (name.rfind("cuda", 0) != 0 || (name.size() > 4 && name[4] != ':')) {
    throw UsageError("unknown device \"" + name + "\": choose auto, cpu, cuda, cuda:N or cuda:all");
  }
  if (gpus == 0) {
    throw UsageError("--device " + name +
                     ": no CUDA device is usable; this machine shows none, or ccx was built with a " +
                     "LibTorch for CPUs only. Use --device cpu");
  }
  if (name == "cuda") return {gpu(0)};
  if (name == "cuda:all") {
    std::vector<at::Device> all;
    for (int index = 0; index < gpus; ++index) all.push_back(gpu(index));
    return all;
  }
  int index = -1;
  const auto [end, error] = std::from_chars(name.data() + 5, name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size() || index < 0) {
    throw UsageError("unknown device \"" + name + "\": choose auto, cpu, cuda, cuda:N or cuda:all");
  }
  if (index >= gpus) {
    throw UsageError("--device " + name + ": this machine has " + std::to_string(gpus) +
                     " CUDA device(s), numbered from 0");
  }
  return {gpu(index)};
}

const Processor& this_processor() {
  // LibTorch's own detection, which asks the operating system too and knows more kinds of processors than compilers do.
  static const Processor found = [] {
    const auto known = at::cpu::get_cpu_capabilities();
    const auto has = [&known](const char* name) {
      const auto entry = known.find(name);
      return entry != known.end() && entry->second.isBool() && entry->second.toBool();
    };
    return Processor{.multiplies_bf16 = has("avx512_bf16"), .has_amx = has("amx_bf16")};
  }();
  return found;
}

at::ScalarType resolve_dtype(const std::string& name, at::Device device, bool large, const Processor& processor) {
  if (name == "fp32") return at::kFloat;
  if (name == "bf16") return at::kBFloat16;
  if (name == "auto") return device.is_cuda() || (large && processor.multiplies_bf16) ? at::kBFloat16 : at::kFloat;
  throw UsageError("unknown dtype \"" + name + "\": choose auto, fp32 or bf16");
}

NumberFormat resolve_format(const std::string& name, const FormatCase& for_case, const Processor& processor) {
  const bool on_cpu = for_case.device.is_cpu();
  const int asked = model::bits_of_dtype(name);
  if (asked == 0 && name != "auto" && name != "fp32" && name != "bf16") {
    throw UsageError("unknown dtype \"" + name + "\": choose auto, fp32, bf16, int8 or int4");
  }
  if (asked != 0 && !on_cpu) {
    throw UsageError("--dtype " + name + " is computed on a CPU; choose bf16 or fp32 for " +
                     device_name(for_case.device));
  }
  if (asked != 0 && for_case.stored_bits > asked) {
    throw UsageError("--dtype " + name + ": the model's weights are stored in " + std::to_string(for_case.stored_bits) +
                     " bits already; make it from the model that they were made from");
  }
  const int bits = asked != 0 && for_case.stored_bits != 0 ? std::min(asked, for_case.stored_bits)
                   : asked != 0                            ? asked
                   : name == "auto" && on_cpu              ? for_case.stored_bits
                                                           : 0;
  return {resolve_dtype(asked != 0 ? "auto" : name, for_case.device, for_case.large, processor), bits};
}

std::string format_name(const NumberFormat& format) {
  return format.weight_bits != 0 ? "int" + std::to_string(format.weight_bits) : dtype_name(format.compute);
}

std::string device_name(at::Device device) {
  return device.str();
}

std::string dtype_name(at::ScalarType dtype) {
  return dtype == at::kBFloat16 ? "bf16" : "fp32";
}

void prepare_cpu(int threads) {
  at::set_num_threads(threads > 0 ? threads : io::usable_cores());
  // The same buffers are wanted again for every pair: giving them back in between costs a fault a page.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  at::globalContext().setFlushDenormal(true);  // false where the processor has no such mode: nothing to do
}

void synchronize(at::Device device) {
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
}

}  // namespace ccx::torch_backend
