// `ccx help`, `ccx version` and `ccx completion`: what ccx tells of itself.
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/docs_pages.h"
#include "cli/options/generated.h"
#include "cli/options/help_text.h"
#include "cli/version.h"
#include "core/base/error.h"
#include "core/io/standard_output.h"
#include "core/options/nearest.h"

namespace ccx::cli {
namespace {

struct HelpGiven {
  std::vector<std::string> topic;
  bool page = false;
  bool man = false;
  bool markdown = false;
  bool json = false;
};

const DocsPage* find_page(const std::string& name) {
  for (const DocsPage& page : docs_pages()) {
    if (page.name == name) return &page;
  }
  return nullptr;
}

[[noreturn]] void refuse_topic(const std::string& topic, bool page_alone) {
  std::vector<std::string> names;
  for (const DocsPage& page : docs_pages()) names.push_back(page.name);
  for (const Command& command : all_commands()) {
    if (!page_alone) names.push_back(command.name);
  }
  const std::string near = options::nearest(topic, names);
  throw UsageError("there is no " + std::string(page_alone ? "page " : "command or page ") + topic +
                   (near.empty() ? "; ccx help lists them" : "; did you mean " + near + "?"));
}

std::string topic_text(const HelpGiven& given) {
  std::string topic;
  for (const std::string& word : given.topic) topic += (topic.empty() ? "" : " ") + word;
  const std::size_t width = terminal_width();
  if (const Command* command = find_command(topic); command != nullptr && !given.page) {
    return command->define ? help_text(*define(*command), width) : overview_text(width, topic);
  }
  const DocsPage* page = find_page(topic);
  if (page == nullptr) refuse_topic(topic, given.page);
  return page_text(page->text, width);
}

int help(const HelpGiven& given) {
  const int forms = (given.man ? 1 : 0) + (given.markdown ? 1 : 0) + (given.json ? 1 : 0);
  if (forms > 0 && !given.topic.empty()) throw UsageError("--man, --markdown and --json tell of all commands at once");
  io::StandardOutput& out = io::standard_output();
  if (given.man) {
    out.write(man_page());
  } else if (given.markdown) {
    out.write(markdown_reference());
  } else if (given.json) {
    out.write(declarations_json().dump(2) + "\n");
  } else {
    out.write(given.topic.empty() ? overview_text(terminal_width()) : topic_text(given));
  }
  return kOk;
}

const RegisterCommand kHelp(90, "help", "Tell of a command, or print a page of the docs", [](CommandSpec& spec) {
  const auto given = std::make_shared<HelpGiven>();
  spec.examples = {{"ccx help caption", "the same as ccx caption --help"},
                   {"ccx help captioning", "the page of the docs"},
                   {"ccx help scenes --page", "the page, where a command has its name"},
                   {"ccx help --man | man -l -"}};
  options::OptionSet& options = spec.options;
  options.group("Topic");
  options.add(&given->topic,
              {.name = "topic", .value = "TOPIC", .help = "A command or a page; none: the list of both", .most = 2});
  options.add(&given->page, {.name = "--page", .help = "The page, where a command has the same name"});
  options.group("All commands at once");
  options.add(&given->man, {.name = "--man", .help = "The man page", .excludes = {"--markdown", "--json"}});
  options.add(&given->markdown, {.name = "--markdown", .help = "The sections of docs/cli.md", .excludes = {"--json"}});
  options.add(&given->json, {.name = "--json", .help = "Every option with its type, default and help, for programs"});
  return [given] { return help(*given); };
});

const RegisterCommand kVersion_(92, "version", "Print the version of ccx", [](CommandSpec& spec) {
  spec.examples = {{"ccx version"}, {"ccx --version"}};
  return [] {
    io::standard_output().write(std::string("ccx ") + kVersion + "\n");
    return kOk;
  };
});

const RegisterCommand kCompletion(91, "completion", "Print what makes a shell complete ccx", [](CommandSpec& spec) {
  const auto shell = std::make_shared<std::string>();
  spec.about = "An installed ccx has put these scripts where the shells look for them.";
  spec.examples = {{"source <(ccx completion bash)", "in ~/.bashrc"},
                   {"source <(ccx completion zsh)", "in ~/.zshrc, after compinit"},
                   {"ccx completion fish > ~/.config/fish/completions/ccx.fish"}};
  spec.options.group("Shell");
  spec.options.add(
      shell.get(),
      {.name = "shell", .value = "SHELL", .help = "Which shell", .choices = {"bash", "zsh", "fish"}, .required = true});
  return [shell] {
    io::standard_output().write(completion_script(*shell));
    return kOk;
  };
});

}  // namespace
}  // namespace ccx::cli
