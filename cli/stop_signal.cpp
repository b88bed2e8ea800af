// SIGINT and SIGTERM (stop_signal.h).
#include "cli/stop_signal.h"

#include <signal.h>
#include <unistd.h>

#include <string>

#include "cli/command.h"
#include "core/io/messages.h"

namespace ccx::cli {
namespace {

std::atomic<bool> asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

// A whole line, made before the first signal can come. It is never freed: a signal may come while the process ends.
std::atomic<const std::string*> notice_line{nullptr};

extern "C" void ask(int) {
  if (asked.exchange(true)) ::_exit(kInterrupted);
  const std::string* line = notice_line.load();
  if (line == nullptr) return;
  // Nothing can be done about a terminal that is gone.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line->data(), line->size());
}

}  // namespace

const std::atomic<bool>& watch_stop_signals(std::string_view notice) {
  std::string line = notice.empty() ? "" : io::note_line(notice);
  // Behind ^C and a bar.
  if (!line.empty() && io::draws_bar()) line.insert(0, "\n");
  if (!line.empty()) notice_line = new std::string(std::move(line));
  struct sigaction action = {};
  action.sa_handler = ask;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return asked;
}

}  // namespace ccx::cli
