// SIGINT and SIGTERM: the first asks the run to finish what it has begun, the second ends the process at once.
#pragma once

namespace ccx::cli {

// From now on both signals are counted instead of ending the process; the second one exits with kInterrupted.
void catch_interrupts();

// True from the first signal on.
bool interrupted();

}  // namespace ccx::cli
