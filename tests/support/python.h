// Runs a Python script of the tests in the environment that scripts/setup.sh and setup_tests.sh made.
#pragma once

#include <cstdlib>
#include <string>

#include "tests/support/process.h"

namespace ccx::test {

// CCX_PYTHON, or the environment in .deps/python.
inline std::string python() {
  const char* named = std::getenv("CCX_PYTHON");
  return named != nullptr ? named : (data_dir() / "../../.deps/python/bin/python").lexically_normal().string();
}

// Whether that Python is there and has the modules ("onnx, onnxruntime").
inline bool python_has(const std::string& modules) {
  return run_shell(quoted(python()) + " -c 'import " + modules + "'").exit_code == 0;
}

// tests/NAME with a shell fragment of arguments.
inline ProcessResult run_python(const std::string& script, const std::string& arguments) {
  return run_shell(quoted(python()) + " " + quoted((data_dir() / ".." / script).lexically_normal().string()) + " " +
                   arguments);
}

}  // namespace ccx::test
