// A command's options (option_set.h).
#include "core/options/option_set.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/options/nearest.h"

namespace ccx::options {
namespace {

// Calls `change` and puts `where` before what it refuses.
template <typename Change>
void naming(const std::string& where, const Change& change) {
  try {
    change();
  } catch (const UsageError& error) {
    const std::string what = error.what();
    // Parsers of values know their option by its name already.
    const std::string option = where.substr(0, where.find(' '));
    throw UsageError(what.starts_with(option) ? what : where + ": " + what);
  }
}

}  // namespace

std::string Option::keyword() const {
  std::string out = declaration.name.substr(std::min(declaration.name.find_first_not_of('-'), declaration.name.size()));
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

void OptionSet::add(Target target, Declaration declaration) {
  Option option;
  option.default_json = options::json(target);
  const bool shows_value = !declaration.value.empty() && declaration.by_default.empty();
  option.default_text = shows_value ? text(target) : declaration.by_default;
  option.target = std::move(target);
  option.group = group_;
  option.declaration = std::move(declaration);
  options_.push_back(std::move(option));
}

const Option* OptionSet::find(std::string_view name) const {
  for (const Option& option : options_) {
    if (option.declaration.name == name) return &option;
  }
  return nullptr;
}

bool OptionSet::given(std::string_view name) const {
  const Option* option = find(name);
  return option != nullptr && option->given;
}

void OptionSet::set(const std::vector<Given>& given) {
  for (Option& option : options_) {
    const Declaration& d = option.declaration;
    const auto found = std::find_if(given.begin(), given.end(), [&](const Given& g) { return g.name == d.name; });
    if (found == given.end()) continue;
    const bool is_repeated_flag = option.is_flag() && found->words.size() > 1;
    if (is_repeated_flag || found->words.size() > d.most) {
      throw UsageError(d.name + (d.most == 1 ? " is given twice" : " takes at most " + std::to_string(d.most)) + ": " +
                       joined_text(found->words, " "));
    }
    const bool is_word = !found->words.empty() && !option.is_flag();
    naming(d.name + (is_word ? " " + joined_text(found->words, " ") : ""),
           [&] { options::set(option.target, found->words, d); });
    option.given = true;
  }
  require();
}

void OptionSet::require() const {
  for (const Option& option : options_) {
    const Declaration& d = option.declaration;
    if (!option.given) continue;
    for (const std::string& other : d.excludes) {
      if (given(other)) throw UsageError(d.name + " and " + other + " exclude each other: take one of the two");
    }
    for (const std::string& other : d.needs) {
      if (!given(other)) throw UsageError(d.name + " requires " + other);
    }
  }
  for (const Option& option : options_) {
    const Declaration& d = option.declaration;
    if (!d.required || option.given) continue;
    const std::string what = d.help.empty() ? "" : ": " + d.help;
    throw UsageError((option.is_positional() ? d.value : d.name + " " + d.value) + " is required" + what);
  }
}

void OptionSet::set_json(const Json& values) {
  if (!values.is_object()) throw UsageError("options must be a JSON object");
  for (const auto& item : values.items()) {
    const std::string& key = item.key();
    const Json& value = item.value();
    const auto found =
        std::find_if(options_.begin(), options_.end(), [&](const Option& option) { return option.keyword() == key; });
    if (found == options_.end()) {
      std::vector<std::string> known;
      for (const Option& option : options_) known.push_back(option.keyword());
      const std::string near = nearest(key, known);
      throw UsageError("there is no option " + key + (near.empty() ? "" : "; did you mean " + near + "?"));
    }
    naming(key + " " + value.dump(), [&] { options::set_json(found->target, value, found->declaration); });
    found->given = true;
  }
}

Json OptionSet::json() const {
  Json out = Json::object();
  for (const Option& option : options_) out[option.keyword()] = options::json(option.target);
  return out;
}

Json OptionSet::recorded() const {
  Json out = Json::object();
  for (const Option& option : options_) {
    const Recorded& how = option.declaration.recorded;
    if (how.key.empty()) continue;
    out[how.key] = how.is_presence ? Json(!text(option.target).empty()) : options::json(option.target);
  }
  return out;
}

void OptionSet::set_recorded(const Json& recorded) {
  if (!recorded.is_object()) throw UsageError("options must be a JSON object");
  for (Option& option : options_) {
    const Recorded& how = option.declaration.recorded;
    const auto value = recorded.find(how.key);
    if (how.key.empty() || value == recorded.end()) continue;
    if (how.is_presence) {
      if (!value->is_boolean()) throw UsageError(how.key + " " + value->dump() + ": expected true or false");
      continue;
    }
    naming(value.key() + " " + value->dump(), [&] { options::set_json(option.target, *value, option.declaration); });
  }
}

namespace {

Json default_record(const Option& option) {
  const Json& by_default = option.default_json;
  const bool is_empty = by_default.is_string() && by_default.get_ref<const std::string&>().empty();
  if (option.declaration.recorded.is_presence) return !by_default.is_null() && !is_empty;
  return option.default_json;
}

}  // namespace

Json compared(const OptionSet& options, const Json& recorded) {
  Json out = Json::object();
  for (const Option& option : options.all()) {
    const Recorded& how = option.declaration.recorded;
    const auto value = recorded.find(how.key);
    if (how.key.empty() || how.compared == Compared::kNo || value == recorded.end()) continue;
    if (how.compared == Compared::kUnlessDefault && *value == default_record(option)) continue;
    out[how.key] = *value;
  }
  return out;
}

std::vector<std::string> differences(const OptionSet& options, const Json& then, const Json& now) {
  std::vector<std::string> out;
  for (const Option& option : options.all()) {
    const Recorded& how = option.declaration.recorded;
    if (how.key.empty() || how.compared == Compared::kNo) continue;
    const auto in_then = then.find(how.key);
    const auto in_now = now.find(how.key);
    const Json was = in_then == then.end() ? default_record(option) : *in_then;
    const Json is = in_now == now.end() ? default_record(option) : *in_now;
    if (was != is) out.push_back(how.key + " was " + was.dump() + " and is " + is.dump());
  }
  return out;
}

}  // namespace ccx::options
