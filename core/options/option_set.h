// The options of one command, in the order in which they are told: a table of declarations bound to variables.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/options/declaration.h"
#include "core/options/value.h"

namespace ccx::options {

struct Option {
  Declaration declaration;
  Target target;
  std::string group;
  std::string default_text;  // by_default, or what the variable said when it was declared
  Json default_json;
  bool given = false;  // by a command line or JSON

  bool is_flag() const { return declaration.value.empty() && !is_positional(); }
  bool is_positional() const { return !declaration.name.starts_with("-"); }
  // "max_new_tokens": the keyword of a program, the key in JSON.
  std::string keyword() const;
};

// What a command line gave an option.
struct Given {
  std::string name;  // "--max-new-tokens"
  std::vector<std::string> words;
};

// Options keep addresses of variables, which must outlive the set and stay where they are.
class OptionSet {
 public:
  // The heading of the options that follow.
  void group(std::string title) { group_ = std::move(title); }
  // The variable's value is the default.
  void add(Target target, Declaration declaration);

  const std::vector<Option>& all() const { return options_; }
  const Option* find(std::string_view name) const;  // with its dashes; null where there is none
  bool given(std::string_view name) const;

  // Sets variables in the order of the declarations, then checks what excludes, needs and must be there. Throws
  // UsageError naming the option and what it takes.
  void set(const std::vector<Given>& given);
  // Sets variables from an object by keyword. Throws UsageError likewise, also for a keyword that no option has.
  void set_json(const Json& values);
  // Every option's value by keyword.
  Json json() const;

  // What a run writes down of its options, by their keys.
  Json recorded() const;
  // The variables from such an object; what it lacks stays as it is. Throws UsageError naming the key.
  void set_recorded(const Json& recorded);

 private:
  void require() const;

  std::vector<Option> options_;
  std::string group_;
};

// What of two recorded objects makes runs that cannot be joined or continued, as "max_new_tokens was 32 and is 128".
// What either lacks is the option's default.
std::vector<std::string> differences(const OptionSet& options, const Json& then, const Json& now);

// The part of `recorded` that a continued run must share.
Json compared(const OptionSet& options, const Json& recorded);

}  // namespace ccx::options
