// What of this machine the process may use: cores and memory.
#pragma once

#include <cstddef>
#include <filesystem>

namespace ccx::io {

// What the control groups of this process (a container's, a batch system's) allow, read below `root`: the least of its
// own group and those around it, in version 2 of the interface, and of the controllers' mounts in version 1.
struct GroupLimits {
  int cores = 0;                       // whole cores that the quota pays for, at least 1; 0: no limit
  std::size_t memory_left = SIZE_MAX;  // bytes up to the limit; SIZE_MAX: no limit
};
GroupLimits group_limits(const std::filesystem::path& root = "/");

// Cores that this process may use: those of its affinity mask, and no more than its quota pays for. At least 1.
int usable_cores();

// Bytes of memory that can still be taken: what the machine has available and the limit leaves.
std::size_t available_memory();

}  // namespace ccx::io
