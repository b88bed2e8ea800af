// What the fuzz targets share. Each target is one file with LLVMFuzzerTestOneInput: any bytes may come, and what is
// thrown must be a ccx::Error. Built with clang it is fuzzed (`make fuzz`); else replay.cpp runs it over its corpus.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);

namespace ccx::fuzz {

inline std::string_view text(const uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Runs `read` and lets pass what a user would be told. Every other exception is a fault and ends the program.
template <typename Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error&) {
  }
}

// Bytes as a file in memory, for readers that take a path.
class MemoryFile {
 public:
  MemoryFile(const uint8_t* data, std::size_t size) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    const ssize_t written = ::write(fd_, data, size);
    if (written != static_cast<ssize_t>(size)) ::_exit(3);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

}  // namespace ccx::fuzz
