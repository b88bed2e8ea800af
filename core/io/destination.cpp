#include "core/io/destination.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>

#include "core/io/standard_output.h"
#include "core/io/write_error.h"

namespace ccx::io {
namespace fs = std::filesystem;

namespace {

constexpr int kMostLinks = 40;  // as the kernel follows

// N for the entry N of this process's own descriptors, whatever links the folder was reached through; else -1.
int own_descriptor(const fs::path& path) {
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 0) return -1;
  std::error_code ignored;
  const fs::path folder = fs::canonical(path.parent_path(), ignored);
  if (folder.empty() || folder != fs::canonical("/proc/self/fd", ignored)) return -1;
  return ::fcntl(number, F_GETFD) < 0 ? -1 : number;
}

// Where a chain of links ends, there or not; /proc's links to descriptors are left standing, since what they name may
// have no path.
fs::path follow_links(const fs::path& named) {
  fs::path path = named;
  std::error_code ignored;
  for (int i = 0; i < kMostLinks; ++i) {
    if (own_descriptor(path) >= 0 || !fs::is_symlink(fs::symlink_status(path, ignored))) return path;
    path = path.parent_path() / fs::read_symlink(path, ignored);  // an absolute link replaces the whole
  }
  throw_write_error(named, ELOOP, false);
}

}  // namespace

Destination find_destination(const fs::path& named) {
  Destination found;
  found.named = named;
  if (named == "-") {
    found.is_stream = true;
    found.descriptor = STDOUT_FILENO;
    return found;
  }
  found.path = follow_links(named);
  found.descriptor = own_descriptor(found.path);
  found.is_stream = found.descriptor >= 0;
  if (found.is_stream) return found;
  struct stat status = {};
  if (::stat(found.path.c_str(), &status) != 0) {
    if (errno != ENOENT) throw_write_error(named, errno, false);
    return found;
  }
  if (S_ISDIR(status.st_mode)) throw_write_error(named, EISDIR, false);
  found.is_stream = !S_ISREG(status.st_mode);
  // A file that the user has protected stays: renaming over it would need no permission of its own.
  if (!found.is_stream && ::access(found.path.c_str(), W_OK) != 0) throw_write_error(named, errno, false);
  if (!found.is_stream) found.mode = status.st_mode & 07777;
  return found;
}

int open_stream(const Destination& stream) {
  if (stream.descriptor == STDOUT_FILENO) standard_output().flush();
  int opened = -1;
  do {
    opened = stream.descriptor >= 0 ? ::fcntl(stream.descriptor, F_DUPFD_CLOEXEC, 3)
                                    : ::open(stream.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  } while (opened < 0 && errno == EINTR);
  if (opened < 0) throw_write_error(stream.named, errno, false);
  return opened;
}

int write_all(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t n = ::write(descriptor, bytes, std::min<std::size_t>(count, std::size_t{1} << 30));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes += n;
    count -= static_cast<std::size_t>(n);
  }
  return 0;
}

void require_not_an_input(const fs::path& output, const std::vector<fs::path>& inputs) {
  std::error_code ignored;
  if (output == "-" || (!fs::is_regular_file(output, ignored) && !fs::is_directory(output, ignored))) return;
  for (const fs::path& input : inputs) {
    if (fs::equivalent(output, input, ignored)) {
      throw UsageError(output.string() + " is read by this command and would be replaced by it; name another file");
    }
  }
}

void require_outside(const fs::path& output, const fs::path& folder, const std::string& what) {
  std::error_code error;
  const fs::path inner = fs::canonical(folder, error);
  if (error || output.empty() || output == "-") return;
  // What is there of the path, links followed, and the rest as it is spelt.
  const fs::path whole = fs::weakly_canonical(fs::absolute(output, error), error);
  if (error) return;
  for (fs::path above = whole; above.has_relative_path(); above = above.parent_path()) {
    if (!fs::equivalent(above, inner, error)) continue;
    throw UsageError(output.string() + (above == whole ? " is " : " lies in ") + what + " " + folder.string() +
                     ", which this command reads; name a place outside it");
  }
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace ccx::io
