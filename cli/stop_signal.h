// SIGINT and SIGTERM for commands that stop at the next good place: the first signal asks, a second one ends the
// process at once.
#pragma once

#include <atomic>
#include <string_view>

namespace ccx::cli {

// Watches for both signals from now on. The flag is set from the first one on, which also says `notice`, as
// io::say_note() would; the second one exits with kInterrupted.
const std::atomic<bool>& watch_stop_signals(std::string_view notice = "");

// Of commands that go through pairs.
inline constexpr std::string_view kFinishingPairs = "finishing the pairs that are begun; once more to leave at once";

}  // namespace ccx::cli
