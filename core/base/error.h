// The exceptions of ccx. Every message names the file, tensor, option or line at fault and says what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace ccx {

// Base of all errors a user can meet. `what()` is one sentence for people, without a trailing newline.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line or a configuration asks for something that cannot be done. Exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

// A file or directory that the user named is missing, unreadable, malformed or not writable. Exit code 2 before
// work has begun, 1 afterwards.
class InputError : public Error {
 public:
  using Error::Error;
};

// A checkpoint is not what it claims: a tensor is missing, misshapen or not finite, a header lies. Exit code 2.
class CheckpointError : public InputError {
 public:
  using InputError::InputError;
};

// The device has no memory left for the work asked of it. The captioner answers by halving the batch.
class OutOfMemoryError : public Error {
 public:
  using Error::Error;
};

}  // namespace ccx
