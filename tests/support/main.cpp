// The one main() of every test program: Catch2's, and 77 where nothing failed and something was skipped.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif
#include "tests/support/skip.h"

int main(int argc, char** argv) {
  const int failed = Catch::Session().run(argc, argv);
  constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in tests/CMakeLists.txt
  return failed == 0 && ccx::test::skips() > 0 ? kSkipped : failed;
}
