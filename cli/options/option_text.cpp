// An option in words (option_text.h).
#include "cli/options/option_text.h"

#include <algorithm>

namespace ccx::cli {
namespace {

std::string choices_text(const std::vector<options::Choice>& choices) {
  const bool explained =
      std::any_of(choices.begin(), choices.end(), [](const options::Choice& c) { return !c.meaning.empty(); });
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const bool is_last = i + 1 == choices.size();
    if (i > 0) out += explained ? "; " : is_last ? " or " : ", ";
    out += choices[i].name;
    if (!choices[i].meaning.empty()) out += " (" + choices[i].meaning + ")";
  }
  return out;
}

}  // namespace

std::string left_text(const options::Option& option) {
  const options::Declaration& d = option.declaration;
  if (option.is_positional()) return d.value;
  const std::string letter = d.letter == 0 ? "" : std::string("-") + d.letter + ", ";
  return letter + d.name + (d.value.empty() ? "" : " " + d.value);
}

std::string default_text(const options::Option& option) {
  if (option.default_text.empty() || option.declaration.required) return "";
  const std::string& unit = option.declaration.unit;
  return "[" + option.default_text + (unit.empty() ? "" : " " + unit) + "]";
}

std::string right_text(const options::Option& option) {
  const options::Declaration& d = option.declaration;
  std::string out = d.help;
  if (!d.choices.empty()) out += (out.empty() ? "" : ": ") + choices_text(d.choices);
  if (d.required) out += " (required)";
  if (!d.environment.empty()) out += " ($" + d.environment + ")";
  const std::string by_default = default_text(option);
  return out + (by_default.empty() ? "" : " " + by_default);
}

std::vector<std::string> usage_lines(const CommandSpec& spec) {
  if (!spec.usage.empty()) return spec.usage;
  std::string positional;
  std::string required;
  for (const options::Option& option : spec.options.all()) {
    const options::Declaration& d = option.declaration;
    if (option.is_positional()) {
      positional += d.required ? " " + d.value : " [" + d.value + "]";
    } else if (d.required) {
      required += " " + d.name + " " + d.value;
    }
  }
  return {"[OPTIONS]" + positional + required};
}

std::vector<ExitMeaning> exit_meanings(const CommandSpec& spec) {
  std::vector<ExitMeaning> out = spec.exits;
  const auto add = [&](int code, const char* meaning) {
    const auto same = [&](const ExitMeaning& e) { return e.code == code; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back({code, meaning});
  };
  add(kOk, "done");
  add(kFailure, "the work was begun and failed");
  add(kUsage, "nothing was begun: the options or the input are wrong");
  std::sort(out.begin(), out.end(), [](const ExitMeaning& a, const ExitMeaning& b) { return a.code < b.code; });
  return out;
}

std::vector<OptionGroup> grouped(const options::OptionSet& options) {
  std::vector<OptionGroup> out;
  for (const options::Option& option : options.all()) {
    const auto same = [&](const OptionGroup& group) { return group.title == option.group; };
    auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end()) found = out.insert(out.end(), OptionGroup{option.group, {}});
    found->options.push_back(&option);
  }
  return out;
}

}  // namespace ccx::cli
