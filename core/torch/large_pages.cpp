#include "core/torch/large_pages.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace ccx::torch_backend {

void use_large_pages([[maybe_unused]] void* data, [[maybe_unused]] int64_t bytes) {
#ifdef __linux__
  constexpr int kCollapse = 25;  // MADV_COLLAPSE of Linux 6.1, which older headers do not name
  constexpr uintptr_t kLarge = uintptr_t{2} << 20;
  const auto start = (reinterpret_cast<uintptr_t>(data) + kLarge - 1) / kLarge * kLarge;
  const auto end = (reinterpret_cast<uintptr_t>(data) + static_cast<uintptr_t>(bytes)) / kLarge * kLarge;
  if (start < end) static_cast<void>(::madvise(reinterpret_cast<void*>(start), end - start, kCollapse));
#endif
}

}  // namespace ccx::torch_backend
