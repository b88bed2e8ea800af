// The declarations as JSON (generated.h).
#include <nlohmann/json.hpp>

#include <cmath>

#include "cli/options/generated.h"
#include "cli/options/option_text.h"

namespace ccx::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const options::Option& option) {
  const options::Declaration& d = option.declaration;
  Json out = {{"name", d.name},
              {"keyword", option.keyword()},
              {"type", option.is_flag() ? "flag" : options::type_name(option.target)},
              {"group", option.group},
              {"help", d.help},
              {"default", option.default_json}};
  if (d.letter != 0) out["letter"] = std::string(1, d.letter);
  if (!d.value.empty()) out["value"] = d.value;
  if (!d.by_default.empty()) out["default_means"] = d.by_default;
  if (!d.unit.empty()) out["unit"] = d.unit;
  if (std::isfinite(d.range.least)) out[d.range.above ? "above" : "least"] = d.range.least;
  if (std::isfinite(d.range.most)) out["most"] = d.range.most;
  for (const options::Choice& choice : d.choices) out["choices"].push_back(choice.name);
  if (!d.environment.empty()) out["environment"] = d.environment;
  if (d.required) out["required"] = true;
  if (!d.needs.empty()) out["needs"] = d.needs;
  if (!d.excludes.empty()) out["excludes"] = d.excludes;
  if (!d.recorded.key.empty()) {
    out["recorded"] = {{"key", d.recorded.key}, {"compared", d.recorded.compared != options::Compared::kNo}};
  }
  return out;
}

}  // namespace

Json declarations_json() {
  Json commands = Json::array();
  for (const Command& command : all_commands()) {
    if (!command.define) continue;
    const auto defined = define(command);
    Json entry = {{"name", command.name}, {"summary", command.summary}, {"options", Json::array()}};
    for (const options::Option& option : defined->spec.options.all()) entry["options"].push_back(to_json(option));
    commands.push_back(std::move(entry));
  }
  return {{"commands", commands}};
}

}  // namespace ccx::cli
