// What a test needs of the machine and of the build: there, or the test is skipped with the reason.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/process.h"
#include "tests/support/python.h"
#include "tests/support/skip.h"

namespace ccx::test {

// A command that a build without LibTorch does not have.
inline void needs_command(const std::string& name) {
  if (!has_command(name)) skip(Lacking::kBuild, "this build has no LibTorch and no ccx " + name);
}

// Modules of the tests' Python, as in "onnx, onnxruntime".
inline void needs_python(const std::string& modules) {
  if (!python_has(modules))
    skip(Lacking::kInstalled, python() + " lacks one of " + modules + " (scripts/setup_tests.sh)");
}

// Node and the ONNX Runtime of browsers.
inline void needs_onnxruntime_web() {
  if (run_shell("command -v node").exit_code != 0 ||
      !std::filesystem::exists(data_dir() / "../support/onnx/node_modules/onnxruntime-web")) {
    skip(Lacking::kInstalled, "no node, or no onnxruntime-web in tests/support/onnx (scripts/setup_tests.sh)");
  }
}

// FOLDER of the files beside the project.
inline std::filesystem::path needs_shared(const std::string& folder) {
  const std::filesystem::path place = shared_dir().empty() ? shared_dir() : shared_dir() / folder;
  if (place.empty() || !std::filesystem::exists(place)) {
    skip(Lacking::kRealData, folder + " is not beside this project (CCX_SHARED names where)");
  }
  return place;
}

}  // namespace ccx::test
