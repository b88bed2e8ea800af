// Keeps the memory of large tensors for the next one of its size, on a CPU.
#pragma once

#include <cstddef>

namespace ccx::torch_backend {

// From now on tensors of a megabyte or more on the CPU take blocks that earlier ones gave back, instead of new pages
// from the system. A training step frees and takes the same few gigabytes again and again, and the system clears every
// page it hands out: a third of a step of a convolutional tower. At most `keep_bytes` lie idle. Harmless to call twice.
void keep_large_blocks(std::size_t keep_bytes = std::size_t{6} << 30);

}  // namespace ccx::torch_backend
