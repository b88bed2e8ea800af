// SIGINT and SIGTERM (caption_interrupt.h).
#include "cli/caption_interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "cli/command.h"

namespace ccx::cli {
namespace {

std::atomic<int> signals{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

extern "C" void on_signal(int) {
  if (signals.fetch_add(1) > 0) ::_exit(kInterrupted);
  static constexpr char kMessage[] = "\nfinishing the pairs that are begun; once more to leave at once\n";
  // Nothing can be done about a terminal that is gone.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return signals.load() > 0;
}

}  // namespace ccx::cli
