#include "core/metrics/gzip_lines.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/error.h"

namespace ccx::metrics {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr std::size_t kTrailer = std::size_t{1} << 16;

}  // namespace

GzipLines::GzipLines(const std::filesystem::path& path) : name_(path.string()) {
  errno = 0;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw InputError("cannot read " + name_ + ": " + std::strerror(errno));
  gzbuffer(file, kChunk);
  file_ = file;
}

GzipLines::~GzipLines() {
  gzclose(static_cast<gzFile>(file_));
}

bool GzipLines::refill() {
  if (ended_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  if (buffer_.size() > kLongestLine)
    throw InputError(name_ + ": a line is longer than 1 MiB; fetch METEOR's data again");
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kChunk);
  const int got = gzread(static_cast<gzFile>(file_), buffer_.data() + kept, kChunk);
  int error = Z_OK;
  const char* message = gzerror(static_cast<gzFile>(file_), &error);
  if (got < 0 || (error != Z_OK && error != Z_STREAM_END)) {
    throw InputError(name_ + ": damaged or cut short (" + message + "); fetch METEOR's data again");
  }
  buffer_.resize(kept + static_cast<std::size_t>(got));
  ended_ = got == 0;
  return !ended_;
}

bool GzipLines::next(std::string_view& line) {
  std::size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos && refill()) end = buffer_.find('\n', at_);
  if (end == std::string::npos) {
    if (at_ >= buffer_.size()) return false;
    end = buffer_.size();
  }
  line = std::string_view(buffer_).substr(at_, end - at_);
  at_ = std::min(end + 1, buffer_.size());
  return true;
}

std::string gzip_trailer(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw InputError("cannot read " + path.string() + ": " + std::strerror(errno));
  const std::streamoff size = file.tellg();
  const std::streamoff tail = std::min<std::streamoff>(size, kTrailer);
  std::string bytes(static_cast<std::size_t>(tail), '\0');
  file.seekg(size - tail);
  file.read(bytes.data(), tail);
  if (!file) throw InputError("cannot read " + path.string());
  return std::to_string(size) + bytes;
}

}  // namespace ccx::metrics
