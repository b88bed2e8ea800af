// What is thrown when a write fails: work had begun, so the exit code is 1 and not 2.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.h"

namespace ccx::io {

// The disk is full, the device is broken: nothing that other options would mend.
class WriteError : public Error {
 public:
  using Error::Error;
};

// Nobody reads the pipe any more (`ccx ... | head -1`).
class BrokenPipeError : public WriteError {
 public:
  using WriteError::WriteError;
};

// Throws "cannot write PATH: REASON" for an errno: BrokenPipeError for EPIPE, WriteError for what fails on the way, and
// before work has begun InputError for what the user can name otherwise (no such folder, no permission).
[[noreturn]] void throw_write_error(const std::filesystem::path& path, int error, bool begun);

}  // namespace ccx::io
