// The docs' tables of options (generated.h).
#include "cli/options/generated.h"
#include "cli/options/option_text.h"

namespace ccx::cli {
namespace {

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : c == '<' ? std::string("&lt;") : std::string(1, c);
  return out;
}

std::string section(const DefinedCommand& command) {
  const CommandSpec& spec = command.spec;
  std::string out = "## ccx " + command.command->name + "\n" + command.command->summary + ".\n\n";
  for (const std::string& line : usage_lines(spec)) out += "    ccx " + command.command->name + " " + line + "\n";
  if (!spec.about.empty()) out += "\n" + spec.about + "\n";
  for (const OptionGroup& group : grouped(spec.options)) {
    if (group.title == kEverywhere) continue;  // told once, at the top
    out += "\n| " + group.title + " | |\n|---|---|\n";
    for (const options::Option* option : group.options) {
      out += "| `" + cell(left_text(*option)) + "` | " + cell(right_text(*option)) + " |\n";
    }
  }
  out += "\nExit codes: ";
  std::string exits;
  for (const ExitMeaning& exit : exit_meanings(spec)) {
    exits += (exits.empty() ? "" : "; ") + std::to_string(exit.code) + " " + exit.meaning;
  }
  out += exits + ".\n\n";
  for (const Example& example : spec.examples) {
    if (!example.meaning.empty()) out += "    # " + example.meaning + "\n";
    out += "    " + example.command + "\n";
  }
  return out;
}

}  // namespace

std::string markdown_reference() {
  std::string out;
  for (const Command& command : all_commands()) {
    if (!command.define) continue;
    out += "<!-- ccx " + command.name + " -->\n" + section(*define(command)) + "<!-- end -->\n\n";
  }
  return out;
}

}  // namespace ccx::cli
