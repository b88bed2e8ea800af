// Help texts (help_text.h).
#include "cli/options/help_text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "cli/docs_pages.h"
#include "cli/options/option_text.h"

namespace ccx::cli {
namespace {

constexpr std::size_t kLeft = 26;  // columns of names, their indentation among them

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// "  left      right ...", the right column wrapped; on a line of its own where the left one is too long.
std::string row(const std::string& left, const std::string& right, std::size_t left_width, std::size_t width) {
  std::string out = "  " + left;
  if (columns(out) + 2 > left_width) {
    out += "\n" + std::string(left_width, ' ');
  } else {
    out += std::string(left_width - columns(out), ' ');
  }
  return out + wrapped(right, left_width, width) + "\n";
}

// A command line that breaks as a shell allows it, before an option or a pipe: an option keeps its value.
std::string shell_line(const std::string& command, std::size_t width) {
  constexpr char kept = '\x1f';  // a space at which no line breaks
  std::string text = command;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    const std::string_view word = std::string_view(text).substr(at + 1, text.find(' ', at + 1) - at - 1);
    const bool is_option = word.size() > 1 && word[0] == '-';
    if (!is_option && word != "|" && word != ">") text[at] = kept;
  }
  std::string out = "  ";
  for (const char c : wrapped(text, 6, width - 2)) {
    if (c == '\n') out += " \\";
    out += c == kept ? ' ' : c;
  }
  return out + "\n";
}

std::string paragraphs(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find("\n\n", at), text.size());
    out += "\n" + wrapped(text.substr(at, end - at), 0, width) + "\n";
    at = end + 2;
  }
  return out;
}

constexpr std::size_t kNames = 16;  // columns of commands' names

// What exit codes mean wherever they come from (command.h).
const std::array<ExitMeaning, 5> kExits = {{{kOk, "everything asked for was done"},
                                            {kFailure, "the work was begun and failed, or a comparison differs"},
                                            {kUsage, "nothing was begun: the options or the input are wrong"},
                                            {kSomeFailed, "done, with failed records"},
                                            {kInterrupted, "interrupted; what is done is saved"}}};

// Whether a command of the group may end with this code.
bool has_exit(const std::string& group, int code) {
  return std::any_of(all_commands().begin(), all_commands().end(), [&](const Command& command) {
    if (!is_in_group(command, group)) return false;
    const std::vector<ExitMeaning> exits = exit_meanings(define(command)->spec);
    return std::any_of(exits.begin(), exits.end(), [&](const ExitMeaning& exit) { return exit.code == code; });
  });
}

// Of a group the first of each command's.
std::vector<std::string> overview_examples(const std::string& group) {
  if (group.empty()) {
    return {"ccx caption before.tif after.tif", "ccx caption --in pairs/ --out captions.jsonl", "ccx help caption",
            "ccx help captioning"};
  }
  std::vector<std::string> out;
  for (const Command& command : all_commands()) {
    if (!is_in_group(command, group)) continue;
    const auto defined = define(command);
    if (!defined->spec.examples.empty()) out.push_back(defined->spec.examples.front().command);
  }
  return out;
}

std::string common_options(std::size_t width) {
  std::string out = std::string("\n") + kEverywhere + ":\n";
  out += row("-h, --help", "Its options, examples and exit codes", kNames, width);
  out += row("--version", "The version of ccx", kNames, width);
  out += row("-q, --quiet", "Errors alone on stderr", kNames, width);
  return out + row("--log-json", "What is said on stderr as JSON lines", kNames, width);
}

}  // namespace

std::size_t terminal_width() {
  std::size_t width = 80;
  winsize size{};
  const char* columns_variable = std::getenv("COLUMNS");
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    width = size.ws_col;
  } else if (columns_variable != nullptr && std::atoi(columns_variable) > 0) {
    width = static_cast<std::size_t>(std::atoi(columns_variable));
  }
  return std::clamp<std::size_t>(width, 60, 100);
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t used = indent;
  bool is_first = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(" \n", at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
    const std::string_view word = text.substr(start, end - start);
    at = end;
    if (is_first) {
      used += columns(word);
    } else if (used + 1 + columns(word) > width) {
      out += "\n" + std::string(indent, ' ');
      used = indent + columns(word);
    } else {
      out += " ";
      used += 1 + columns(word);
    }
    is_first = false;
    out += word;
  }
  return out;
}

std::string help_text(const DefinedCommand& command, std::size_t width) {
  const CommandSpec& spec = command.spec;
  std::string out = wrapped(command.command->summary, 0, width) + "\n\nUsage:\n";
  for (const std::string& line : usage_lines(spec)) {
    out += "  " + wrapped("ccx " + command.command->name + " " + line, 6, width) + "\n";
  }
  out += paragraphs(spec.about, width);
  for (const OptionGroup& group : grouped(spec.options)) {
    out += "\n" + group.title + ":\n";
    for (const options::Option* option : group.options)
      out += row(left_text(*option), right_text(*option), kLeft, width);
  }
  if (!spec.examples.empty()) out += "\nExamples:\n";
  for (const Example& example : spec.examples) {
    if (!example.meaning.empty()) out += "  # " + wrapped(example.meaning, 4, width) + "\n";
    out += shell_line(example.command, width);
  }
  out += "\nExit codes:\n";
  for (const ExitMeaning& exit : exit_meanings(spec)) out += row(std::to_string(exit.code), exit.meaning, 8, width);
  if (!spec.page.empty()) {
    const bool is_command = find_command(spec.page) != nullptr;
    out += "\nMore: ccx help " + spec.page + (is_command ? " --page\n" : "\n");
  }
  return out;
}

std::string overview_text(std::size_t width, const std::string& group) {
  std::string out;
  if (group.empty()) {
    out = "ccx: describes what changed between two remote sensing images\n\nUsage:\n  ccx COMMAND [OPTIONS]\n";
  } else {
    out = find_command(group)->summary + "\n\nUsage:\n  ccx " + group + " COMMAND [OPTIONS]\n";
  }
  out += "\nCommands:\n";
  for (const Command& command : all_commands()) {
    if (group.empty() && command.name.find(' ') != std::string::npos) continue;
    if (!group.empty() && !is_in_group(command, group)) continue;
    const std::string name = group.empty() ? command.name : command.name.substr(group.size() + 1);
    out += row(name, command.summary, kNames, width);
  }
  if (group.empty()) {
    std::string pages;
    for (const DocsPage& page : docs_pages()) pages += (pages.empty() ? "" : ", ") + std::string(page.name);
    out += "\nPages:\n" + row("ccx help PAGE", pages, kNames + 2, width);
  }
  out += common_options(width) + "\nExamples:\n";
  for (const std::string& example : overview_examples(group)) out += shell_line(example, width);
  out += "\nExit codes:\n";
  for (const ExitMeaning& exit : kExits) {
    if (group.empty() || has_exit(group, exit.code)) out += row(std::to_string(exit.code), exit.meaning, 8, width);
  }
  return out;
}

}  // namespace ccx::cli
