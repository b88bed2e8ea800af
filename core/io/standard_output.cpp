#include "core/io/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

#include "core/io/destination.h"
#include "core/io/write_error.h"

namespace ccx::io {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;

bool is_terminal() {
  static const bool is = ::isatty(STDOUT_FILENO) != 0;
  return is;
}

}  // namespace

StandardOutput& standard_output() {
  static StandardOutput output;
  return output;
}

void StandardOutput::write(std::string_view bytes) {
  if (failed_) return;
  waiting_ += bytes;
  const bool shows_line = is_terminal() && bytes.find('\n') != std::string_view::npos;
  if (shows_line || waiting_.size() >= kBuffer) flush();
}

void StandardOutput::flush() {
  if (failed_ || waiting_.empty()) return;
  const int error = write_all(STDOUT_FILENO, waiting_.data(), waiting_.size());
  waiting_.clear();
  failed_ = error != 0;
  if (failed_) throw_write_error("-", error, true);
}

void StandardOutput::finish() {
  flush();
  if (failed_) return;
  const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) throw_write_error("-", errno, true);
}

void print(const char* pattern, ...) {
  std::va_list arguments;
  va_start(arguments, pattern);
  std::va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, pattern, arguments);
  va_end(arguments);
  std::string text(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  standard_output().write(text);
}

void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int access = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    // The lowest free number is this one. Nothing can be done where there is no /dev/null.
    [[maybe_unused]] const int opened = ::open("/dev/null", access);
  }
}

}  // namespace ccx::io
