#include "core/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/error.h"

namespace ccx::io {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // a pipe would wait for its writer
  if (file < 0) throw InputError("cannot open " + path.string() + ": " + std::strerror(errno));
  struct stat status {};
  ::fstat(file, &status);
  const bool is_regular = S_ISREG(status.st_mode);
  const auto size = static_cast<std::size_t>(status.st_size);
  void* map = is_regular && size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
  const int map_error = errno;
  ::close(file);
  if (!is_regular) throw InputError(path.string() + " is not a regular file");
  if (map == MAP_FAILED) throw InputError("cannot map " + path.string() + ": " + std::strerror(map_error));
  data_ = static_cast<std::byte*>(map);
  size_ = size;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace ccx::io
