#include "cli/stop_signal.h"

#include <csignal>

namespace ccx::cli {
namespace {

std::atomic<bool> asked{false};

void ask(int) {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  asked = true;
}

}  // namespace

const std::atomic<bool>& watch_stop_signals() {
  std::signal(SIGINT, ask);
  std::signal(SIGTERM, ask);
  return asked;
}

}  // namespace ccx::cli
