// Completion scripts for shells (generated.h).
#include <algorithm>
#include <map>

#include "cli/command.h"
#include "cli/docs_pages.h"
#include "cli/options/generated.h"
#include "core/base/error.h"

namespace ccx::cli {
namespace {

enum class Completes { kNothing, kWords, kFiles, kFolders };

Completes value_kind(const options::Option& option) {
  if (!option.declaration.choices.empty()) return Completes::kWords;
  const std::string& value = option.declaration.value;
  if (value.starts_with("DIR")) return Completes::kFolders;
  for (const char* file : {"FILE", "PATH", "DATA", "BEFORE"}) {
    if (value.starts_with(file)) return Completes::kFiles;
  }
  return Completes::kNothing;
}

std::string words_of(const options::Option& option) {
  std::string out;
  for (const options::Choice& choice : option.declaration.choices) out += (out.empty() ? "" : " ") + choice.name;
  return out;
}

// Words that may stand without an option: names for `ccx help`.
std::string loose_words(const DefinedCommand& command) {
  std::string out;
  if (command.command->name == "help") {
    for (const Command& other : all_commands()) out += (out.empty() ? "" : " ") + other.name;
    for (const DocsPage& page : docs_pages()) out += " " + std::string(page.name);
  }
  for (const options::Option& option : command.spec.options.all()) {
    if (option.is_positional()) out += (out.empty() ? "" : " ") + words_of(option);
  }
  return out;
}

bool takes_files(const DefinedCommand& command) {
  const std::vector<options::Option>& all = command.spec.options.all();
  return std::any_of(all.begin(), all.end(), [](const options::Option& option) {
    return option.is_positional() && value_kind(option) != Completes::kNothing;
  });
}

// Top-level names; names within a group by the group's.
std::map<std::string, std::string> names_by_group() {
  std::map<std::string, std::string> out;
  for (const Command& command : all_commands()) {
    const std::size_t blank = command.name.find(' ');
    const std::string group = blank == std::string::npos ? "" : command.name.substr(0, blank);
    std::string& names = out[group];
    names += (names.empty() ? "" : " ") + (group.empty() ? command.name : command.name.substr(blank + 1));
  }
  return out;
}

// In single quotes of any of the three shells.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + out + "'";
}

std::string bash_options(const DefinedCommand& command) {
  std::string out;
  for (const options::Option& option : command.spec.options.all()) {
    if (option.is_positional()) continue;
    out += (out.empty() ? "" : " ") + option.declaration.name;
    if (option.declaration.letter != 0) out += std::string(" -") + option.declaration.letter;
  }
  return out;
}

std::string bash_command(const DefinedCommand& command) {
  const std::string& name = command.command->name;
  std::string out;
  for (const options::Option& option : command.spec.options.all()) {
    if (option.is_flag() || option.is_positional()) continue;
    out += "    " + quoted(name + " " + option.declaration.name) + ") ";
    switch (value_kind(option)) {
      case Completes::kWords:
        out += "_ccx_words " + quoted(words_of(option)) + "; return ;;\n";
        break;
      case Completes::kFiles:
        out += "_ccx_reply -f; return ;;\n";
        break;
      case Completes::kFolders:
        out += "_ccx_reply -d; return ;;\n";
        break;
      case Completes::kNothing:
        out += "COMPREPLY=(); return ;;\n";
    }
  }
  return out;
}

std::string bash_script() {
  const std::map<std::string, std::string> names = names_by_group();
  std::string values;
  std::string options;
  std::string loose;
  for (const Command& command : all_commands()) {
    if (!command.define) continue;
    const auto defined = define(command);
    values += bash_command(*defined);
    options += "      " + quoted(command.name) + ") _ccx_words " + quoted(bash_options(*defined)) + " ;;\n";
    loose += "    " + quoted(command.name) + ") ";
    const std::string words = loose_words(*defined);
    loose += words.empty() ? (takes_files(*defined) ? "_ccx_reply -f ;;\n" : "COMPREPLY=() ;;\n")
                           : "_ccx_words " + quoted(words) + " ;;\n";
  }
  std::string groups;
  for (const auto& [group, words] : names) {
    if (group.empty()) continue;
    groups += "    " + group + ")\n      if ((COMP_CWORD == 2)); then _ccx_words " + quoted(words) +
              "; return; fi\n      command=\"" + group + " ${COMP_WORDS[2]}\" ;;\n";
  }
  return "# Completion of ccx for bash, made by: ccx completion bash\n"
         "_ccx_reply() { mapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\"); }\n"
         "_ccx_words() { _ccx_reply -W \"$1\"; }\n"
         "_ccx() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
         "  if [[ $cur == '=' ]]; then cur=; elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
         "  if ((COMP_CWORD == 1)); then _ccx_words " +
         quoted(names.at("") + " --help --version") + "; return; fi\n  case $command in\n" + groups +
         "  esac\n"
         "  case \"$command $prev\" in\n" +
         values +
         "  esac\n"
         "  if [[ $cur == -* ]]; then\n"
         "    case $command in\n" +
         options +
         "    esac\n"
         "    return\n"
         "  fi\n"
         "  case $command in\n" +
         loose +
         "  esac\n"
         "}\n"
         "complete -o filenames -F _ccx ccx\n";
}

// Text inside of a specification of _arguments, or behind a name of _describe.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const options::Option& option) {
  switch (value_kind(option)) {
    case Completes::kWords:
      return "(" + words_of(option) + ")";
    case Completes::kFiles:
      return "_files";
    case Completes::kFolders:
      return "_files -/";
    case Completes::kNothing:
      break;
  }
  return " ";
}

std::string zsh_command(const DefinedCommand& command, const std::string& indent) {
  std::string out = "_arguments -S";
  for (const options::Option& option : command.spec.options.all()) {
    const options::Declaration& d = option.declaration;
    if (option.is_positional()) continue;
    const std::string help = "[" + zsh_text(d.help) + "]";
    const std::string value = option.is_flag() ? "" : ":" + zsh_text(d.value) + ":" + zsh_action(option);
    out += " \\\n" + indent + quoted(d.name + help + value);
    if (d.letter != 0) out += " \\\n" + indent + quoted(std::string("-") + d.letter + help + value);
  }
  const std::string words = loose_words(command);
  if (!words.empty()) out += " \\\n" + indent + quoted("*:word:(" + words + ")");
  if (words.empty() && takes_files(command)) out += " \\\n" + indent + quoted("*:file:_files");
  return out + "\n";
}

std::string zsh_names(const std::string& group) {
  std::string out;
  for (const Command& command : all_commands()) {
    const bool is_inside = command.name.find(' ') != std::string::npos;
    if (group.empty() ? is_inside : !is_in_group(command, group)) continue;
    const std::string name = group.empty() ? command.name : command.name.substr(group.size() + 1);
    out += " " + quoted(name + ":" + zsh_text(command.summary));
  }
  return out;
}

std::string zsh_script() {
  std::string out =
      "#compdef ccx\n"
      "# Completion of ccx for zsh, made by: ccx completion zsh\n"
      "_ccx() {\n"
      "  local -a names\n"
      "  local curcontext=\"$curcontext\" context state line\n"
      "  if ((CURRENT == 2)); then\n"
      "    names=(" +
      zsh_names("") +
      ")\n"
      "    _describe command names\n"
      "    return\n"
      "  fi\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $words[1] in\n";
  for (const Command& command : all_commands()) {
    if (command.name.find(' ') != std::string::npos) continue;
    out += "    " + command.name + ")\n";
    if (command.define) {
      out += "      " + zsh_command(*define(command), "        ") + "      ;;\n";
      continue;
    }
    out += "      if ((CURRENT == 2)); then\n        names=(" + zsh_names(command.name) +
           ")\n        _describe command names\n        return\n      fi\n"
           "      shift words\n      ((CURRENT--))\n      case $words[1] in\n";
    for (const Command& inner : all_commands()) {
      if (!is_in_group(inner, command.name)) continue;
      out += "        " + inner.name.substr(command.name.size() + 1) + ")\n          " +
             zsh_command(*define(inner), "            ") + "          ;;\n";
    }
    out += "      esac\n      ;;\n";
  }
  return out +
         "  esac\n}\n"
         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _ccx \"$@\"; else compdef _ccx ccx; fi\n";
}

std::string fish_command(const DefinedCommand& command, const std::string& condition) {
  std::string out;
  const std::string start = "complete -c ccx -n " + quoted(condition);
  for (const options::Option& option : command.spec.options.all()) {
    const options::Declaration& d = option.declaration;
    if (option.is_positional()) continue;
    out += start + " -l " + d.name.substr(2);
    if (d.letter != 0) out += std::string(" -s ") + d.letter;
    if (!option.is_flag()) {
      switch (value_kind(option)) {
        case Completes::kWords:
          out += " -x -a " + quoted(words_of(option));
          break;
        case Completes::kFiles:
          out += " -r -F";
          break;
        case Completes::kFolders:
          out += " -x -a '(__fish_complete_directories)'";
          break;
        case Completes::kNothing:
          out += " -x";
      }
    }
    out += " -d " + quoted(d.help) + "\n";
  }
  const std::string words = loose_words(command);
  if (!words.empty()) out += start + " -f -a " + quoted(words) + "\n";
  if (words.empty() && !takes_files(command)) out += start + " -f\n";
  return out;
}

std::string fish_script() {
  const std::map<std::string, std::string> names = names_by_group();
  std::string out = "# Completion of ccx for fish, made by: ccx completion fish\n";
  for (const Command& command : all_commands()) {
    const std::size_t blank = command.name.find(' ');
    const std::string group = blank == std::string::npos ? "" : command.name.substr(0, blank);
    const std::string own = group.empty() ? command.name : command.name.substr(blank + 1);
    const std::string here = group.empty() ? "__fish_use_subcommand"
                                           : "__fish_seen_subcommand_from " + group +
                                                 "; and not __fish_seen_subcommand_from " + names.at(group);
    out += "complete -c ccx -n " + quoted(here) + " -f -a " + own + " -d " + quoted(command.summary) + "\n";
    if (!command.define) continue;
    const std::string condition =
        group.empty() ? "__fish_seen_subcommand_from " + own
                      : "__fish_seen_subcommand_from " + group + "; and __fish_seen_subcommand_from " + own;
    out += fish_command(*define(command), condition);
  }
  return out;
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  throw UsageError("there is no completion for " + shell + ": bash, zsh and fish are known");
}

}  // namespace ccx::cli
