// Entry point of `ccx`: collects the registered commands, parses, runs one, and turns exceptions into exit codes.
#include "cli/command.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>

#include "core/graph/error.h"

#ifndef CCX_VERSION
#define CCX_VERSION "unknown"
#endif

namespace ccx::cli {

std::vector<Command>& registered_commands() {
  static std::vector<Command> commands;
  return commands;
}

namespace {

int run(int argc, char** argv) {
  CLI::App app{"ccx: describes what changed between two remote sensing images."};
  app.set_version_flag("--version", std::string("ccx ") + CCX_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);

  std::vector<Command> commands = registered_commands();
  std::sort(commands.begin(), commands.end(), [](const Command& a, const Command& b) { return a.order < b.order; });
  std::function<int()> chosen;
  for (const Command& command : commands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    std::function<int()> action = command.define(*sub);
    sub->callback([&chosen, action] { chosen = action; });
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? kOk : kUsage;
  }
  return chosen();
}

}  // namespace
}  // namespace ccx::cli

int main(int argc, char** argv) {
  using namespace ccx;
  try {
    return cli::run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "ccx: " << error.what() << '\n';
    return cli::kUsage;
  } catch (const InputError& error) {
    std::cerr << "ccx: " << error.what() << '\n';
    return cli::kUsage;
  } catch (const std::exception& error) {
    std::cerr << "ccx: " << error.what() << '\n';
    return cli::kFailure;
  }
}
