// The one main() of every test program: Catch2's, and 77 where nothing failed and something was skipped. A name that no
// test has is a failure: ctest asks for tests by name, and one that it cannot spell would pass unseen.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif
#include "tests/support/skip.h"

int main(int argc, char** argv) {
  Catch::Session session;
  const int refused = session.applyCommandLine(argc, argv);
  if (refused != 0) return refused;
#ifdef CATCH_CONFIG_RUNNER  // Catch2 3 fails by itself
  auto& warnings = session.configData().warnings;
  warnings = static_cast<Catch::WarnAbout::What>(warnings | Catch::WarnAbout::NoTests);
#endif
  const int failed = session.run();
  constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in tests/CMakeLists.txt
  return failed == 0 && ccx::test::skips() > 0 ? kSkipped : failed;
}
