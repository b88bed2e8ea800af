// Tests that cannot run here say so, and count as skipped: the program ends with 77, which ctest knows.
#pragma once

#include <string>

namespace ccx::test {

// What is missing. scripts/run_tests.sh allows only the last two where `make test` runs.
enum class Lacking {
  kInstalled,  // what `make test` installs: Python packages, METEOR's data, towers, Node
  kBuild,      // a part of ccx that this build leaves out, as `cmake --preset light` does with LibTorch
  kRealData,   // real pairs and other files that are not part of the project
  kMachine,    // a processor, memory, a right that this machine does not have
};

// Ends the case, or the section, here. Sections before and after it still run; what they find to fail still fails.
[[noreturn]] void skip(Lacking what, const std::string& reason);

// Goes on, where a part of a case is left out. The case counts as skipped, not as passed.
void leave_out(Lacking what, const std::string& reason);

// How often either was called in this process.
int skips();

}  // namespace ccx::test
