// Files written whole or not at all, and read with an error that names them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::io {

inline constexpr std::size_t kMostOfAnyFile = std::size_t{16} << 30;

// The whole content. Throws InputError naming the path when it cannot be read, or holds more than `most` bytes: a
// device that never ends is not read to its end.
std::string read_file(const std::filesystem::path& path, std::size_t most = kMostOfAnyFile);

// A file under construction: written beside its target, synced and renamed over it by commit(), so that a crash leaves
// the old file or the new one and never half of either. Without commit() the target is untouched. Every member throws
// InputError naming the target and the system's reason (no space, no permission).
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& target);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(int error);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int fd_ = -1;
};

void write_file_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace ccx::io
