// A file that grows by whole lines and survives its writer: kill -9 loses nothing that was appended, a power cut a few
// seconds' work.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/io/destination.h"

namespace ccx::io {

// Lines are handed to the system whole; every five seconds and at the end they are synced to the disk. A lock keeps two
// processes from writing one file. What is no regular file (AtomicFile tells which) is written as a stream.
class LineFile {
 public:
  // Opens for reading and appending, creating the file if need be. Throws InputError when it cannot be written or is
  // locked by another process.
  explicit LineFile(const std::filesystem::path& path);
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  // A file that this object created is removed again if keep() was never called and nothing was written.
  ~LineFile();

  bool is_stream() const { return destination_.is_stream; }
  const std::filesystem::path& path() const { return destination_.named; }

  // Bytes in the file, a cut last line included.
  std::size_t size() const { return size_; }
  // All that the file holds, a cut last line included. Empty for streams.
  std::string read() const;
  // The file stays from now on, even without a line.
  void keep() { created_ = false; }
  // Leaves the first `bytes`, which must end with a whole line or be 0. Not for streams.
  void truncate(std::size_t bytes);
  // `lines` are whole lines with their newlines. Throws WriteError; what is in the file then still ends with a whole
  // line.
  void append(std::string_view lines);
  // Throws as append().
  void sync();
  // Another content, whole or not at all, and under the same lock. Not for streams.
  void replace(std::string_view content);

 private:
  Destination destination_;
  int fd_ = -1;
  bool created_ = false;      // by this object, and nobody has said that it stays
  bool name_is_new_ = false;  // and does not outlast a power cut yet
  std::size_t size_ = 0;      // bytes; of whole lines once truncate() has seen to that
  std::chrono::steady_clock::time_point last_sync_ = std::chrono::steady_clock::now();
};

}  // namespace ccx::io
