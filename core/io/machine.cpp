#include "core/io/machine.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace ccx::io {
namespace {

namespace fs = std::filesystem;

// The first word of a file as a number; nothing without such a file and for "max".
std::optional<double> number_in(const fs::path& file) {
  std::ifstream in(file);
  double value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

void limit_cores(GroupLimits& limits, double cores) {
  const int whole = std::max(1, static_cast<int>(std::lround(cores)));
  limits.cores = limits.cores == 0 ? whole : std::min(limits.cores, whole);
}

void limit_memory(GroupLimits& limits, const fs::path& limit, const fs::path& used) {
  const std::optional<double> most = number_in(limit);
  const std::optional<double> taken = number_in(used);
  if (!most || !taken || *most >= 9e18) return;  // version 1 writes "none" as a number near 2^63
  limits.memory_left = std::min(limits.memory_left, static_cast<std::size_t>(std::max(0.0, *most - *taken)));
}

// Where this process's group lies below the mount: the "0::PATH" line of version 2. "/" inside most containers.
std::string group_path(const fs::path& root) {
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("0::/", 0) == 0) return line.substr(4);
  }
  return "";
}

}  // namespace

GroupLimits group_limits(const fs::path& root) {
  GroupLimits limits;
  const fs::path mount = root / "sys/fs/cgroup";
  fs::path group = group_path(root);
  while (true) {
    const fs::path folder = mount / group;
    std::ifstream in(folder / "cpu.max");  // "QUOTA PERIOD", the quota "max" for none
    double quota = 0, period = 0;
    if (in >> quota >> period && quota > 0 && period > 0) limit_cores(limits, quota / period);
    limit_memory(limits, folder / "memory.max", folder / "memory.current");
    if (group.empty()) break;
    group = group.parent_path();
  }
  const std::optional<double> quota = number_in(mount / "cpu/cpu.cfs_quota_us");
  const std::optional<double> period = number_in(mount / "cpu/cpu.cfs_period_us");
  if (quota && period && *quota > 0 && *period > 0) limit_cores(limits, *quota / *period);
  limit_memory(limits, mount / "memory/memory.limit_in_bytes", mount / "memory/memory.usage_in_bytes");
  return limits;
}

int usable_cores() {
  int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (::sched_getaffinity(0, sizeof mask, &mask) == 0 && CPU_COUNT(&mask) > 0) cores = CPU_COUNT(&mask);
  const int paid = group_limits().cores;
  return paid > 0 ? std::min(cores, paid) : cores;
}

std::size_t available_memory() {
  std::size_t available = SIZE_MAX;
  std::ifstream in("/proc/meminfo");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("MemAvailable:", 0) != 0) continue;
    available = static_cast<std::size_t>(std::strtoull(line.c_str() + line.find(':') + 1, nullptr, 10)) << 10;
  }
  return std::min(available, group_limits().memory_left);
}

}  // namespace ccx::io
