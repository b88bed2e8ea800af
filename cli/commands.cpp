// The commands that joined (command.h).
#include <algorithm>
#include <utility>

#include "cli/command.h"

namespace ccx::cli {
namespace {

std::vector<Command>& registered() {
  static std::vector<Command> commands;
  return commands;
}

// What every command has. The values are read by main() before anything else (main.cpp).
void add_common_options(options::OptionSet& options) {
  static bool help, version, quiet, log_json;
  options.group(kEverywhere);
  options.add(&quiet, {.name = "--quiet",
                       .letter = 'q',
                       .help = "Errors and failures alone on stderr: no progress, no notes",
                       .excludes = {"--log-json"}});
  options.add(&log_json, {.name = "--log-json", .help = "What is said on stderr as JSON lines"});
  options.add(&help, {.name = "--help", .letter = 'h', .help = "This text"});
  options.add(&version, {.name = "--version", .help = "The version of ccx"});
}

}  // namespace

const std::vector<Command>& all_commands() {
  std::vector<Command>& commands = registered();
  static bool sorted = false;
  if (!sorted) {
    std::stable_sort(commands.begin(), commands.end(),
                     [](const Command& a, const Command& b) { return a.order < b.order; });
    sorted = true;
  }
  return commands;
}

const Command* find_command(const std::string& name) {
  for (const Command& command : all_commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

bool is_in_group(const Command& command, const std::string& group) {
  return command.name.starts_with(group + " ");
}

std::unique_ptr<DefinedCommand> define(const Command& command) {
  auto out = std::make_unique<DefinedCommand>();
  out->command = &command;
  out->run = command.define(out->spec);
  add_common_options(out->spec.options);
  return out;
}

RegisterCommand::RegisterCommand(int order, std::string name, std::string summary, Define how) {
  registered().push_back({order, std::move(name), std::move(summary), std::move(how)});
}

}  // namespace ccx::cli
