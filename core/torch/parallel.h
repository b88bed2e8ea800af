// How kernels without LibTorch use the threads of whoever calls them.
#pragma once

#include <cstdint>
#include <functional>

namespace ccx::torch_backend {

// Runs body(begin, end) over parts of [0, count) on the threads of the caller's pool.
using ParallelFor = std::function<void(int64_t count, const std::function<void(int64_t begin, int64_t end)>& body)>;

}  // namespace ccx::torch_backend
