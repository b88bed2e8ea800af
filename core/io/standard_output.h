// stdout, for everything that prints data: buffered, in order, and checked, so that a full disk or a closed descriptor
// behind it is an error and not a short file with exit code 0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccx::io {

// For one thread at a time. Every member throws WriteError, and BrokenPipeError when nobody reads any more; after that
// what is printed is dropped.
class StandardOutput {
 public:
  StandardOutput() = default;
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  void write(std::string_view bytes);
  void flush();
  // Flushes, and asks for what the system tells only at the end (a network file system without space). Once a process,
  // last.
  void finish();

 private:
  std::string waiting_;
  bool failed_ = false;
};

StandardOutput& standard_output();

// As printf, on it.
void print(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

// Opens /dev/null in place of a closed stdin, stdout or stderr, the wrong way round, so that no file that is opened
// later takes their number and is printed into, and using them still fails. First thing in main().
void occupy_standard_descriptors();

}  // namespace ccx::io
