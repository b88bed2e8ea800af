// Entry point of `ccx`: finds the command, sets its options, runs it, and turns exceptions into exit codes.
#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/options/command_line.h"
#include "cli/options/help_text.h"
#include "cli/version.h"
#include "core/base/error.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"
#include "core/io/write_error.h"
#include "core/options/nearest.h"

namespace ccx::cli {
namespace {

using Words = std::vector<std::string>;

// The message styles are known before the options are: what is wrong with them is said in the style asked for.
void choose_message_style(const Words& words) {
  if (asks_for(words, "--log-json")) {
    io::set_message_style(io::MessageStyle::kJson);
  } else if (asks_for(words, "--quiet", "-q")) {
    io::set_message_style(io::MessageStyle::kQuiet);
  }
}

int print(const std::string& text) {
  io::standard_output().write(text);
  return kOk;
}

[[noreturn]] void refuse_command(const std::string& word, const std::string& group) {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) {
    if (group.empty()) names.push_back(command.name);
    if (!group.empty() && is_in_group(command, group)) names.push_back(command.name.substr(group.size() + 1));
  }
  if (group.empty() && word.starts_with("-")) {
    throw UsageError(word +
                     " stands where the command's name does: ccx COMMAND [OPTIONS]; ccx help lists the commands");
  }
  const std::string near = options::nearest(word, names);
  const std::string before = group.empty() ? "" : group + " ";
  throw UsageError("there is no command " + before + word +
                   (near.empty() ? "; ccx help lists the commands" : "; did you mean ccx " + before + near + "?"));
}

int run_command(const Command& command, const Words& words) {
  const auto defined = define(command);
  if (asks_for(words, "--help", "-h")) return print(help_text(*defined, terminal_width()));
  if (asks_for(words, "--version")) return print(std::string("ccx ") + kVersion + "\n");
  defined->spec.options.set(parse_words(defined->spec.options, words));
  return defined->run();
}

// A command's name is one word, or two where the first is a group.
int run(Words words) {
  choose_message_style(words);
  if (words.empty())
    throw UsageError("which command? ccx help lists them: ccx caption before.tif after.tif is the first");
  const std::string first = words.front();
  if (first == "--help" || first == "-h") return print(overview_text(terminal_width()));
  if (first == "--version") return print(std::string("ccx ") + kVersion + "\n");
  const Command* command = find_command(first);
  if (command == nullptr) refuse_command(first, "");
  words.erase(words.begin());
  if (command->define) return run_command(*command, words);
  if (words.empty() || !words.front().starts_with("-")) {
    if (words.empty()) throw UsageError("which command of " + first + "? ccx " + first + " --help lists them");
    const Command* inner = find_command(first + " " + words.front());
    if (inner == nullptr) refuse_command(words.front(), first);
    words.erase(words.begin());
    return run_command(*inner, words);
  }
  if (asks_for(words, "--help", "-h")) return print(overview_text(terminal_width(), first));
  if (asks_for(words, "--version")) return print(std::string("ccx ") + kVersion + "\n");
  refuse_command(words.front(), first);
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
    const int code = cli::run(cli::Words(argv + std::min(argc, 1), argv + argc));
    io::standard_output().finish();
    return code;
  } catch (const io::BrokenPipeError& error) {
    if (on_broken_pipe == SIG_DFL) {
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    io::say_error(error.what());
    return cli::kFailure;
  } catch (const UsageError& error) {
    io::say_error(error.what());
    return cli::kUsage;
  } catch (const InputError& error) {
    io::say_error(error.what());
    return cli::kUsage;
  } catch (const std::exception& error) {
    io::say_error(error.what());
    return cli::kFailure;
  }
}
