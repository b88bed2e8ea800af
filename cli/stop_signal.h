// SIGINT and SIGTERM for commands that stop at the next good place: the first signal asks, a second one ends the
// process at once.
#pragma once

#include <atomic>

namespace ccx::cli {

// Watches for both signals from now on. The flag is set from the first one on.
const std::atomic<bool>& watch_stop_signals();

}  // namespace ccx::cli
