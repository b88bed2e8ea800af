#include "core/lean/kernels.h"

namespace ccx::lean {

extern const Kernels kKernels128;
#if defined(__x86_64__)
extern const Kernels kKernels256, kKernels512;
#endif

const Kernels* kernels_of_width(int bits) {
  if (bits == 128) return &kKernels128;
#if defined(__x86_64__)
  const auto has_512 = [] {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
  };
  if (bits == 256 && __builtin_cpu_supports("avx2")) return &kKernels256;
  if (bits == 512 && has_512()) return &kKernels512;
#endif
  return nullptr;
}

const Kernels& kernels() {
  static const Kernels& widest = []() -> const Kernels& {
    for (const int bits : {512, 256}) {
      if (const Kernels* found = kernels_of_width(bits)) return *found;
    }
    return *kernels_of_width(128);
  }();
  return widest;
}

}  // namespace ccx::lean
