// Where tests find their files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"

namespace ccx::test {

// Fixtures that are part of the project.
inline std::filesystem::path data_dir() {
  return CCX_TEST_DATA;
}

// The built command.
inline std::filesystem::path ccx_binary() {
  return CCX_TEST_BINARY;
}

// Real data and further fixtures beside the project, which a user's clone does not have: empty if absent (needs_shared
// skips the test then).
inline std::filesystem::path shared_dir() {
  const char* named = std::getenv("CCX_SHARED");
  const std::filesystem::path dir = named != nullptr ? named : CCX_TEST_SHARED;
  return std::filesystem::exists(dir) ? dir : std::filesystem::path();
}

}  // namespace ccx::test
