#include "tests/support/skip.h"

#include <iostream>

#include "tests/support/catch.h"

namespace ccx::test {

namespace {

int count = 0;

const char* name_of(Lacking what) {
  switch (what) {
    case Lacking::kInstalled:
      return "installed";
    case Lacking::kBuild:
      return "build";
    case Lacking::kRealData:
      return "real-data";
    case Lacking::kMachine:
      return "machine";
  }
  return "?";
}

}  // namespace

void leave_out(Lacking what, const std::string& reason) {
  ++count;
  // scripts/count_tests.py reads this line.
  std::cerr << "SKIPPED[" << name_of(what) << "]: " << reason << std::endl;
}

void skip(Lacking what, const std::string& reason) {
  leave_out(what, reason);
  // Catch2 takes this for a case that a REQUIRE ended, and counts only assertions that failed.
  throw Catch::TestFailureException();
}

int skips() {
  return count;
}

}  // namespace ccx::test
