// Help texts (help_text.h).
#include "cli/options/help_text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

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
  constexpr std::size_t left = 16;
  out += "\nCommands:\n";
  for (const Command& command : all_commands()) {
    if (group.empty() && command.name.find(' ') != std::string::npos) continue;
    if (!group.empty() && !is_in_group(command, group)) continue;
    const std::string name = group.empty() ? command.name : command.name.substr(group.size() + 1);
    out += row(name, command.summary, left, width);
  }
  if (!group.empty()) return out + "\n" + wrapped("ccx " + group + " COMMAND --help tells of one.", 0, width) + "\n";
  std::string pages;
  for (const DocsPage& page : docs_pages()) pages += (pages.empty() ? "" : ", ") + std::string(page.name);
  out += "\nPages:\n" + row("ccx help PAGE", pages, left + 2, width);
  out += "\nIn every command:\n";
  out += row("-h, --help", "Its options, examples and exit codes", left, width);
  out += row("--version", "The version of ccx", left, width);
  out += row("-q, --quiet", "Errors alone on stderr", left, width);
  out += row("--log-json", "What is said on stderr as JSON lines", left, width);
  out += "\nExamples:\n";
  out += shell_line("ccx caption before.tif after.tif", width);
  out += shell_line("ccx caption --in pairs/ --out captions.jsonl", width);
  out += shell_line("ccx help caption", width);
  out += shell_line("ccx help captioning", width);
  out += "\nExit codes:\n";
  out += row("0", "everything asked for was done", 8, width);
  out += row("1", "the work was begun and failed, or a comparison differs", 8, width);
  out += row("2", "nothing was begun: the options or the input are wrong", 8, width);
  out += row("3", "done, with failed records", 8, width);
  out += row("130", "interrupted; what is done is saved", 8, width);
  return out;
}

}  // namespace ccx::cli
