#include "core/io/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/graph/error.h"

namespace ccx::io {

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  const auto fail = [&](int error) { return InputError("cannot read " + path.string() + ": " + std::strerror(error)); };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw fail(EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw fail(errno != 0 ? errno : EIO);
  std::string content;
  const std::uintmax_t expected = std::filesystem::file_size(path, ignored);
  if (!ignored && expected <= most) content.reserve(static_cast<std::size_t>(expected) + 1);
  std::array<char, 1 << 16> block;
  while (in.read(block.data(), block.size()) || in.gcount() > 0) {
    content.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (content.size() > most) {
      throw InputError(path.string() + " is larger than " +
                       (most >> 20 == 0 ? std::to_string(most) + " bytes" : std::to_string(most >> 20) + " MiB") +
                       ", the most that ccx reads of such a file");
    }
  }
  if (in.bad()) throw fail(EIO);
  return content;
}

AtomicFile::AtomicFile(const std::filesystem::path& target)
    : target_(target), temporary_(target.string() + ".part-" + std::to_string(::getpid())) {
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(errno);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(int error) {
  throw InputError("cannot write " + target_.string() + ": " + std::strerror(error));
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), std::min<size_t>(bytes.size(), size_t{1} << 30));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

void AtomicFile::commit() {
  // EINVAL: the target lies on something that cannot sync (a pipe-like file system); there is nothing to wait for.
  if (::fsync(fd_) != 0 && errno != EINVAL) fail(errno);
  const int fd = fd_;
  if (::close(fd) != 0) {
    fd_ = -1;
    const int error = errno;
    ::unlink(temporary_.c_str());
    fail(error);
  }
  fd_ = -1;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    fail(error);
  }
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace ccx::io
