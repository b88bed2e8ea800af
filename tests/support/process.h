// Runs a real command and keeps what it printed, for tests of `ccx` as a user meets it.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/paths.h"

namespace ccx::test {

struct ProcessResult {
  int exit_code = -1;  // 128 + the signal for a killed process, as a shell reports it
  std::string out;     // stdout
  std::string err;     // stderr
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

// Single-quotes a word for the shell.
inline std::string quoted(const std::string& word) {
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Runs a shell command line (bash); `input` goes to its stdin.
inline ProcessResult run_shell(const std::string& command, const std::string& input = "") {
  const TempDir dir;
  write_file(dir / "in", input);
  const std::string line = "{ " + command + "\n} <" + quoted((dir / "in").string()) + " >" +
                           quoted((dir / "out").string()) + " 2>" + quoted((dir / "err").string());
  const int status = std::system(("bash -c " + quoted(line)).c_str());
  ProcessResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_file(dir / "out");
  result.err = read_file(dir / "err");
  return result;
}

// Runs `ccx ARGUMENTS` where arguments is a shell fragment.
inline ProcessResult run_ccx(const std::string& arguments, const std::string& input = "") {
  return run_shell(quoted(ccx_binary().string()) + " " + arguments, input);
}

// Whether this build has a command: those that run the model are left out of a build without LibTorch.
inline bool has_command(const std::string& name) {
  return run_ccx("--help").out.find("\n  " + name + " ") != std::string::npos;
}

}  // namespace ccx::test
