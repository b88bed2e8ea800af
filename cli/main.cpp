// Entry point of `ccx`: collects the registered commands, parses, runs one, and turns exceptions into exit codes.
#include "cli/command.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <sstream>

#include "core/base/error.h"
#include "core/io/standard_output.h"
#include "core/io/write_error.h"

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
    std::ostringstream out;
    const int code = app.exit(error, out, std::cerr);
    io::standard_output().write(out.str());
    return code == 0 ? kOk : kUsage;
  }
  return chosen();
}

}  // namespace
}  // namespace ccx::cli

int main(int argc, char** argv) {
  using namespace ccx;
  io::occupy_standard_descriptors();
  // A reader that leaves ends the command as it ends any filter, but by way of the destructors; a terminal that is gone
  // ends no training.
  const auto on_broken_pipe = std::signal(SIGPIPE, SIG_IGN);
  try {
    const int code = cli::run(argc, argv);
    io::standard_output().finish();
    return code;
  } catch (const io::BrokenPipeError& error) {
    if (on_broken_pipe == SIG_DFL) {
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    std::cerr << "ccx: " << error.what() << '\n';
    return cli::kFailure;
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
