// Lines of a gzip file, decompressed as they are read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::metrics {

class GzipLines {
 public:
  // Throws InputError naming a file that cannot be opened.
  explicit GzipLines(const std::filesystem::path& path);
  ~GzipLines();
  GzipLines(const GzipLines&) = delete;
  GzipLines& operator=(const GzipLines&) = delete;

  // The next line without its end, valid until the next call; false at the end. Throws InputError naming a file that is
  // truncated, damaged or holds a line longer than 1 MiB.
  bool next(std::string_view& line);

 private:
  bool refill();

  std::string name_;
  void* file_ = nullptr;  // zlib's gzFile
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

// The size of a file in decimal digits and its last 64 kB: for a gzip file that includes length and CRC of its content.
std::string gzip_trailer(const std::filesystem::path& path);

}  // namespace ccx::metrics
