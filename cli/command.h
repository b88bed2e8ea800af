// How a subcommand joins `ccx`: a file in cli/ that defines one RegisterCommand. main.cpp knows no command by name.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ccx::cli {

// The contract with scripts and schedulers (docs/architecture.md).
enum ExitCode : int {
  kOk = 0,            // everything asked for was done
  kFailure = 1,       // the work was begun and could not be finished, or a comparison failed
  kUsage = 2,         // nothing was begun: the options or the input are wrong
  kSomeFailed = 3,    // done, with failed records
  kInterrupted = 130  // stopped by SIGINT or SIGTERM; what is done is saved
};

// Declares the options of a command on `app` and returns what runs once they are parsed. The returned function gives an
// exit code and may throw ccx::Error: UsageError, InputError and CheckpointError become exit code 2, others 1.
using Define = std::function<std::function<int()>(CLI::App& app)>;

struct Command {
  int order;  // position in `ccx --help`
  std::string name;
  std::string summary;  // one line
  Define define;
};

std::vector<Command>& registered_commands();

struct RegisterCommand {
  RegisterCommand(int order, std::string name, std::string summary, Define define) {
    registered_commands().push_back({order, std::move(name), std::move(summary), std::move(define)});
  }
};

}  // namespace ccx::cli
