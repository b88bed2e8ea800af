// An option in words: the two columns that help texts, docs and the man page show.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace ccx::cli {

// "-q, --quiet", "--in PATH", "BEFORE AFTER".
std::string left_text(const options::Option& option);

// What it is, its choices, what it needs, its default and where else it is read from, in one line.
std::string right_text(const options::Option& option);

// "[auto]", "[1800 s]"; empty where there is no default to tell.
std::string default_text(const options::Option& option);

// What stands behind the command's name, a line a form.
std::vector<std::string> usage_lines(const CommandSpec& spec);

// The exit codes of a command, 1 and 2 among them, in ascending order.
std::vector<ExitMeaning> exit_meanings(const CommandSpec& spec);

struct OptionGroup {
  std::string title;
  std::vector<const options::Option*> options;
};
std::vector<OptionGroup> grouped(const options::OptionSet& options);

}  // namespace ccx::cli
