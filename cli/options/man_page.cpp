// ccx(1) in roff (generated.h).
#include "cli/options/generated.h"
#include "cli/options/option_text.h"
#include "cli/version.h"

namespace ccx::cli {
namespace {

// Text that roff takes for nothing else.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\\' ? std::string("\\e") : c == '-' ? std::string("\\-") : std::string(1, c);
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string bold(const std::string& text) {
  return ".B \"" + escaped(text) + "\"\n";
}

std::string section(const DefinedCommand& command) {
  const CommandSpec& spec = command.spec;
  const std::string name = "ccx " + command.command->name;
  std::string out = ".SH \"" + escaped(name) + "\"\n" + escaped(command.command->summary) + ".\n.PP\n";
  for (const std::string& line : usage_lines(spec)) out += bold(name) + escaped(line) + "\n.br\n";
  if (!spec.about.empty()) out += ".PP\n" + escaped(spec.about) + "\n";
  for (const OptionGroup& group : grouped(spec.options)) {
    if (group.title == kEverywhere) continue;
    out += ".SS \"" + escaped(group.title) + "\"\n";
    for (const options::Option* option : group.options) {
      out += ".TP\n" + bold(left_text(*option)) + escaped(right_text(*option)) + ".\n";
    }
  }
  out += ".SS Exit codes\n";
  for (const ExitMeaning& exit : exit_meanings(spec)) {
    out += ".TP\n" + bold(std::to_string(exit.code)) + escaped(exit.meaning) + ".\n";
  }
  if (!spec.examples.empty()) out += ".SS Examples\n";
  for (const Example& example : spec.examples) {
    if (!example.meaning.empty()) out += ".PP\n" + escaped(example.meaning) + ":\n";
    out += ".PP\n.nf\n.RS\n" + escaped(example.command) + "\n.RE\n.fi\n";
  }
  return out;
}

}  // namespace

std::string man_page() {
  std::string out = ".TH CCX 1 \"\" \"ccx " + std::string(kVersion) + "\" \"User commands\"\n";
  out += ".SH NAME\nccx \\- describes what changed between two remote sensing images\n";
  out += ".SH SYNOPSIS\n.B ccx\nCOMMAND [OPTIONS]\n.SH DESCRIPTION\n";
  out += "A folder of before and after pairs in, one sentence a pair out. stdout is data, stderr is for people.\n";
  out += ".SH COMMON OPTIONS\n";
  bool told = false;
  std::string commands;
  for (const Command& command : all_commands()) {
    if (!command.define) continue;
    const auto defined = define(command);
    commands += section(*defined);
    for (const OptionGroup& group : grouped(defined->spec.options)) {
      if (group.title != kEverywhere || told) continue;
      for (const options::Option* option : group.options) {
        out += ".TP\n" + bold(left_text(*option)) + escaped(right_text(*option)) + ".\n";
      }
      told = true;
    }
  }
  return out + commands;
}

}  // namespace ccx::cli
