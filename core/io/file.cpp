#include "core/io/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/io/lock.h"
#include "core/io/temporary.h"
#include "core/io/write_error.h"

namespace ccx::io {

AtomicFile::AtomicFile(const std::filesystem::path& target, const FileKind& replaces)
    : destination_(find_destination(target)) {
  require_replaceable(destination_, replaces);
  if (destination_.is_stream) {
    fd_ = open_stream(destination_);
  } else {
    create();
  }
}

AtomicFile::~AtomicFile() {
  discard();
}

// A new file of a name that nobody else has, locked, so that the next process can tell it from what a killed one left.
void AtomicFile::create() {
  while (true) {
    temporary_ = temporary_name(destination_.path, Stage::kPart);
    fd_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ < 0 && (errno == EEXIST || errno == EINTR)) continue;
    if (fd_ < 0) throw_write_error(destination_.named, errno, false);
    struct stat status = {};
    const LockState state = try_lock(fd_, temporary_);
    // Where somebody clears up, it may have taken the file for abandoned before it was locked.
    if (state != LockState::kHeldElsewhere && ::fstat(fd_, &status) == 0 && status.st_nlink > 0) break;
    ::close(fd_);
  }
  // Another user's or group's file keeps them where that is allowed; its permissions in any case.
  struct stat old = {};
  if (!destination_.mode || ::stat(destination_.path.c_str(), &old) != 0) return;
  [[maybe_unused]] const int owner = ::fchown(fd_, old.st_uid, old.st_gid);
  [[maybe_unused]] const int mode = ::fchmod(fd_, *destination_.mode);
}

void AtomicFile::discard() noexcept {
  if (fd_ < 0) return;
  if (!destination_.is_stream) ::unlink(temporary_.c_str());
  ::close(fd_);
  fd_ = -1;
}

void AtomicFile::write(std::string_view bytes) {
  const int error = write_all(fd_, bytes.data(), bytes.size());
  if (error != 0) throw_write_error(destination_.named, error, true);
}

void AtomicFile::put_in_place() {
  // EINVAL: the target lies on something that cannot sync (a pipe-like file system); there is nothing to wait for.
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != ENOTSUP) throw_write_error(destination_.named, errno, true);
  if (::rename(temporary_.c_str(), destination_.path.c_str()) != 0) {
    throw_write_error(destination_.named, errno, true);
  }
}

void AtomicFile::commit(Durability durability) {
  if (!destination_.is_stream) put_in_place();
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0 && errno != EINTR) throw_write_error(destination_.named, errno, true);
  if (!destination_.is_stream && durability == Durability::kNamed) sync_folder(destination_.path.parent_path());
}

int AtomicFile::commit_and_keep() {
  put_in_place();
  sync_folder(destination_.path.parent_path());
  ::fcntl(fd_, F_SETFL, O_APPEND);
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content, const FileKind& replaces,
                           Durability durability) {
  AtomicFile file(path, replaces);
  file.write(content);
  file.commit(durability);
}

void replace_link(const std::filesystem::path& link, const std::string& target) {
  struct stat there = {};
  if (::lstat(link.c_str(), &there) == 0 && !S_ISLNK(there.st_mode)) throw_write_error(link, EEXIST, true);
  const std::filesystem::path fresh = temporary_name(link, Stage::kPart);
  if (::symlink(target.c_str(), fresh.c_str()) != 0) throw_write_error(link, errno, true);
  if (::rename(fresh.c_str(), link.c_str()) != 0) {
    const int reason = errno;
    ::unlink(fresh.c_str());
    throw_write_error(link, reason, true);
  }
  sync_folder(link.parent_path());
}

}  // namespace ccx::io
