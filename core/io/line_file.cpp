#include "core/io/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/io/file.h"
#include "core/io/lock.h"
#include "core/io/write_error.h"

namespace ccx::io {
namespace {

constexpr std::chrono::seconds kSyncEvery{5};

}  // namespace

LineFile::LineFile(const std::filesystem::path& path) : destination_(find_destination(path)) {
  if (destination_.is_stream) {
    fd_ = open_stream(destination_);
    return;
  }
  created_ = !destination_.mode;
  name_is_new_ = created_;
  struct stat opened = {};
  struct stat named = {};
  do {
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(destination_.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd_ < 0) throw_write_error(path, errno, false);
    if (try_lock(fd_, path) == LockState::kHeldElsewhere) {
      ::close(fd_);
      throw InputError(path.string() + " is being written by another run; wait for it, or name another --out");
    }
    // The other run may have replaced the file between our opening and its letting go of the lock.
  } while (::fstat(fd_, &opened) == 0 && ::stat(destination_.path.c_str(), &named) == 0 &&
           (opened.st_ino != named.st_ino || opened.st_dev != named.st_dev));
  size_ = static_cast<std::size_t>(opened.st_size);
}

LineFile::~LineFile() {
  struct stat status = {};
  if (created_ && ::fstat(fd_, &status) == 0 && status.st_size == 0) ::unlink(destination_.path.c_str());
  ::close(fd_);
}

std::string LineFile::read() const {
  return is_stream() ? std::string() : read_file(destination_.path);
}

void LineFile::truncate(std::size_t bytes) {
  if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0) throw_write_error(path(), errno, true);
  size_ = bytes;
}

void LineFile::append(std::string_view lines) {
  std::size_t written = 0;
  while (written < lines.size()) {
    const ssize_t n = ::write(fd_, lines.data() + written, lines.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      // Keep the lines that did fit, and cut the one that did not.
      const std::size_t end = lines.substr(0, written).rfind('\n');
      size_ += end == std::string_view::npos ? 0 : end + 1;
      if (!is_stream()) truncate(size_);
      throw_write_error(path(), error, true);
    }
    written += static_cast<std::size_t>(n);
  }
  size_ += lines.size();
  if (std::chrono::steady_clock::now() - last_sync_ > kSyncEvery) sync();
}

void LineFile::sync() {
  if (is_stream()) return;
  const bool failed = ::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP;
  if (failed) throw_write_error(path(), errno, true);
  if (name_is_new_) sync_folder(destination_.path.parent_path());
  name_is_new_ = false;
  last_sync_ = std::chrono::steady_clock::now();
}

void LineFile::replace(std::string_view content) {
  AtomicFile fresh(destination_.path, own_place());
  fresh.write(content);
  const int fd = fresh.commit_and_keep();
  ::close(fd_);
  fd_ = fd;
  size_ = content.size();
}

}  // namespace ccx::io
