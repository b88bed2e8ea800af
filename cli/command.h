// How a subcommand joins `ccx`: a file in cli/ that defines one RegisterCommand. main.cpp knows no command by name.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/options/option_set.h"

namespace ccx::cli {

// The contract with scripts and schedulers (docs/architecture.md).
enum ExitCode : int {
  kOk = 0,            // everything asked for was done
  kFailure = 1,       // the work was begun and could not be finished, or a comparison failed
  kUsage = 2,         // nothing was begun: the options or the input are wrong
  kSomeFailed = 3,    // done, with failed records
  kInterrupted = 130  // stopped by SIGINT or SIGTERM; what is done is saved
};

struct Example {
  std::string command;       // as it would be typed
  std::string meaning = {};  // where the line does not say it
};

struct ExitMeaning {
  int code;
  std::string meaning;
};

// Everything that is told of a command: help texts, the man page, docs/cli.md and completion are made from it.
struct CommandSpec {
  options::OptionSet options;
  std::vector<std::string> usage = {};  // what stands behind the name, a line a form; empty: made from the options
  std::string about = {};               // paragraphs, parted by empty lines
  std::vector<Example> examples = {};
  std::vector<ExitMeaning> exits = {};  // without 1 and 2, which mean the same everywhere
  std::string page = {};                // of the docs: "captioning"
};

// Fills in the spec of a command and returns what runs once its options are set. The returned function gives an exit
// code and may throw ccx::Error: UsageError, InputError and CheckpointError become exit code 2, others 1.
using Define = std::function<std::function<int()>(CommandSpec& spec)>;

struct Command {
  int order;            // position in `ccx --help`
  std::string name;     // "caption"; of a group "data", and "data check" of what is in it
  std::string summary;  // one line
  Define define;        // null for a group
};

// In the order of `ccx --help`.
const std::vector<Command>& all_commands();
const Command* find_command(const std::string& name);  // null where there is none
bool is_in_group(const Command& command, const std::string& group);

// The heading of the options that every command has.
inline constexpr const char* kEverywhere = "In every command";

// The command's own spec with the options that all commands have.
struct DefinedCommand {
  const Command* command = nullptr;
  CommandSpec spec;
  std::function<int()> run;
};
// Options point into the returned object's variables; it is kept where it is.
std::unique_ptr<DefinedCommand> define(const Command& command);

struct RegisterCommand {
  RegisterCommand(int order, std::string name, std::string summary, Define define);
};

}  // namespace ccx::cli
