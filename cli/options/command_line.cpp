// Words to options (command_line.h).
#include "cli/options/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "core/base/error.h"
#include "core/options/nearest.h"

namespace ccx::cli {
namespace {

// Of a list. CLI11 gives more than some millions a meaning of their own.
constexpr int kMostWords = 1'000'000;

CLI::Option* declare(CLI::App& app, const options::Option& option) {
  const options::Declaration& d = option.declaration;
  const std::string letter = d.letter == 0 ? "" : std::string("-") + d.letter + ",";
  if (option.is_flag()) return app.add_flag(letter + d.name)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::Option* out = app.add_option(letter + d.name, CLI::callback_t());
  out->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  const bool is_list = options::is_list(option.target);
  if (option.is_positional()) {
    // It takes whatever no option takes: parse_words counts them.
    out->expected(0, kMostWords)->allow_extra_args();
  } else if (is_list) {
    out->expected(1, kMostWords);
  } else {
    out->expected(1);
  }
  return out;
}

std::string needs_value(const options::Option& option) {
  const std::string& name = option.declaration.name;
  return name + " needs a value behind it: " + name + " " + option.declaration.value;
}

// An option without its value, in words of our own.
UsageError without_value(const options::OptionSet& options, const std::string& message) {
  const std::string name = message.substr(0, message.find_first_of(": "));
  const options::Option* option = options.find(name);
  if (option == nullptr) return UsageError(message);
  return UsageError(needs_value(*option));
}

// The option of this name, or letter; null where there is none. What stands behind '=' is not looked at.
const options::Option* named(const options::OptionSet& options, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (!name.starts_with("-") || name == "-" || name == "--") return nullptr;
  for (const options::Option& option : options.all()) {
    if (option.is_positional()) continue;
    const char letter = option.declaration.letter;
    if (option.declaration.name == name || (letter != 0 && name == std::string("-") + letter)) return &option;
  }
  return nullptr;
}

// CLI11 takes whatever stands behind an option for its value: a file named --limit.
void refuse_options_as_values(const options::OptionSet& options, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
    const options::Option* option = named(options, words[i]);
    const bool takes_next = option != nullptr && !option->is_flag() && words[i].find('=') == std::string::npos;
    if (!takes_next || named(options, words[i + 1]) == nullptr) continue;
    throw UsageError(needs_value(*option) + "; " + words[i + 1] +
                     " is an option (as a value: " + option->declaration.name + "=" + words[i + 1] + ")");
  }
}

[[noreturn]] void refuse_word(const std::string& word) {
  throw UsageError("'" + word + "' is more than this command takes: it belongs to no option");
}

[[noreturn]] void refuse_extra(const options::OptionSet& options, const std::vector<std::string>& extras) {
  const auto is_option = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const auto found = std::find_if(extras.begin(), extras.end(), is_option);
  if (found == extras.end()) refuse_word(extras.front());
  const std::string word = found->substr(0, found->find('='));
  std::vector<std::string> names;
  for (const options::Option& option : options.all()) {
    if (!option.is_positional()) names.push_back(option.declaration.name);
  }
  const std::string near = options::nearest(word, names);
  throw UsageError("there is no option " + word + (near.empty() ? "" : "; did you mean " + near + "?"));
}

}  // namespace

std::vector<options::Given> parse_words(const options::OptionSet& options, const std::vector<std::string>& words) {
  refuse_options_as_values(options, words);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> declared;
  for (const options::Option& option : options.all()) declared.push_back(declare(app, option));
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    // An unknown option before it explains more.
    const std::vector<std::string> extras = app.remaining();
    if (!extras.empty()) refuse_extra(options, extras);
    throw without_value(options, error.what());
  }
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) refuse_extra(options, extras);
  std::vector<options::Given> given;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (declared[i]->count() == 0) continue;
    const options::Option& option = options.all()[i];
    const std::vector<std::string>& values = declared[i]->results();
    if (option.is_positional() && values.size() > option.declaration.most) refuse_word(values[option.declaration.most]);
    given.push_back({option.declaration.name, values});
  }
  return given;
}

bool asks_for(const std::vector<std::string>& words, const std::string& name, const std::string& letter) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == name || (!letter.empty() && word == letter)) return true;
  }
  return false;
}

}  // namespace ccx::cli
