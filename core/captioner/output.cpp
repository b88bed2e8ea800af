// The captions file (output.h).
#include "core/captioner/output.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/pairs/names.h"

namespace ccx::captioner {
namespace {

constexpr std::chrono::seconds kSyncEvery{5};

// Calls `use` with every whole line and its newline; a rest without one is no line.
template <typename Use>
void for_each_line(std::string_view content, const Use& use) {
  for (std::size_t end = content.find('\n'); end != std::string_view::npos; end = content.find('\n')) {
    use(content.substr(0, end + 1));
    content.remove_prefix(end + 1);
  }
}

std::string_view without_newline(std::string_view line) {
  return line.substr(0, line.size() - 1);
}

}  // namespace

RecordsFile::RecordsFile(std::filesystem::path path, OutputMode mode) : path_(std::move(path)), mode_(mode) {
  if (path_ == "-") {
    is_stream_ = true;
    fd_ = STDOUT_FILENO;
  } else {
    open(true);
  }
  if (is_stream_) {
    if (mode_ == OutputMode::kResume)
      throw UsageError("there is nothing to resume in a stream; --out must name a file");
    return;
  }
  try {
    read_existing();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

RecordsFile::~RecordsFile() {
  if (fd_ < 0 || fd_ == STDOUT_FILENO) return;
  struct stat status = {};
  if (created_ && ::fstat(fd_, &status) == 0 && status.st_size == 0) ::unlink(path_.c_str());
  ::close(fd_);
}

void RecordsFile::fail(int error) const {
  throw InputError("cannot write " + path_.string() + ": " + std::strerror(error));
}

void RecordsFile::open(bool may_create) {
  struct stat status = {};
  const bool is_there = ::stat(path_.c_str(), &status) == 0;
  created_ = created_ || (!is_there && may_create);
  is_stream_ = is_there && !S_ISREG(status.st_mode);
  if (is_there && S_ISDIR(status.st_mode)) fail(EISDIR);
  const int access = is_stream_ ? O_WRONLY : O_RDWR | O_APPEND;
  fd_ = ::open(path_.c_str(), access | O_CLOEXEC | (may_create ? O_CREAT : 0), 0666);
  if (fd_ < 0) fail(errno);
  if (!is_stream_ && ::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(fd_);
    fd_ = -1;
    throw InputError(path_.string() + " is being written by another run; wait for it, or name another --out");
  }
}

void RecordsFile::read_existing() {
  struct stat status = {};
  if (::fstat(fd_, &status) != 0) fail(errno);
  if (status.st_size == 0 || mode_ == OutputMode::kOverwrite) return;
  if (mode_ == OutputMode::kNew) {
    throw InputError(path_.string() + " is there already; --resume continues it, --overwrite begins anew");
  }
  const std::string content = io::read_file(path_);
  std::unordered_map<std::string, std::size_t> lines;
  std::size_t number = 0;
  for_each_line(content, [&](std::string_view line) {
    ++number;
    const std::string where = path_.string() + ":" + std::to_string(number) + ": ";
    try {
      existing_.push_back(parse_record(without_newline(line)));
    } catch (const InputError& error) {
      throw InputError(where + error.what() + "; this is not a captions file that can be resumed");
    }
    const auto [first, is_new] = lines.emplace(existing_.back().id, number);
    if (!is_new) {
      throw InputError(where + "the id '" + pairs::printable(first->first) + "' was in line " +
                       std::to_string(first->second) + " already");
    }
    size_ += line.size();
  });
  cut_bytes_ = content.size() - size_;
}

void RecordsFile::begin(bool drop_failed) {
  created_ = false;  // a shard without pairs is an empty file, and stays
  if (is_stream_) return;
  if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) fail(errno);
  if (!drop_failed) return;
  std::string kept;
  std::size_t index = 0;
  for_each_line(io::read_file(path_), [&](std::string_view line) {
    if (existing_[index++].error_code.empty()) kept += line;
  });
  if (kept.size() == size_) return;
  replace(kept);
  std::erase_if(existing_, [](const RecordSummary& record) { return !record.error_code.empty(); });
}

// A renamed file is another one: the descriptor and the lock must follow.
void RecordsFile::replace(std::string_view content) {
  // Through a link, not over it.
  io::write_file_atomically(std::filesystem::canonical(path_), content);
  ::close(fd_);
  open(false);
  size_ = content.size();
}

void RecordsFile::append(std::string_view lines) {
  std::size_t written = 0;
  while (written < lines.size()) {
    const ssize_t n = ::write(fd_, lines.data() + written, lines.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      // Keep the lines that did fit, and cut the one that did not.
      const std::size_t end = lines.substr(0, written).rfind('\n');
      size_ += end == std::string_view::npos ? 0 : end + 1;
      if (!is_stream_ && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0) fail(errno);
      fail(error);
    }
    written += static_cast<std::size_t>(n);
  }
  size_ += lines.size();
  if (std::chrono::steady_clock::now() - last_sync_ > kSyncEvery) sync();
}

void RecordsFile::sync() {
  if (is_stream_) return;
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS) fail(errno);
  last_sync_ = std::chrono::steady_clock::now();
}

void RecordsFile::reorder(const std::vector<std::string>& ids) {
  const std::string content = io::read_file(path_);
  std::unordered_map<std::string, std::string_view> lines;
  for_each_line(content, [&](std::string_view line) { lines.emplace(parse_record(without_newline(line)).id, line); });
  std::string sorted;
  sorted.reserve(content.size());
  for (const std::string& id : ids) sorted += lines.at(id);
  replace(sorted);
}

}  // namespace ccx::captioner
