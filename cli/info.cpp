// `ccx info`: what a checkpoint directory is, and whether it would load.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/generate/generation_config.h"
#include "core/io/standard_output.h"
#include "core/model/ccexpert.h"
#include "core/model/checkpoint.h"
#include "core/model/checkpoint_folder.h"
#include "core/model/config_keys.h"
#include "core/model/parameters.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"

namespace ccx::cli {
namespace {

struct Findings {
  int64_t parameters = 0;
  int64_t unused = 0;  // of them dead weights
  int64_t bytes = 0;
  std::map<std::string, int64_t> dtypes;  // parameters by dtype
  std::vector<std::string> problems;      // why it would not load
};

Findings examine(const model::Checkpoint& checkpoint) {
  Findings found;
  const auto live = model::live_parameters(checkpoint.config());
  for (const auto& [name, file] : checkpoint.tensors()) found.bytes += static_cast<int64_t>(file->at(name).bytes);
  const auto attempt = [&](const auto& check) {
    try {
      check();
    } catch (const Error& error) {
      // One fault may stop several of these.
      const bool is_told =
          std::find(found.problems.begin(), found.problems.end(), error.what()) != found.problems.end();
      if (!is_told) found.problems.push_back(error.what());
    }
  };
  attempt([&] {
    for (const auto& [name, shape] : checkpoint.shapes()) {
      int64_t elements = 1;
      for (const int64_t size : shape) elements *= size;
      const auto few_bits = checkpoint.quantised_bits().find(name);
      const std::string stored = few_bits != checkpoint.quantised_bits().end()
                                     ? "I" + std::to_string(few_bits->second)
                                     : std::string(io::dtype_name(checkpoint.tensors().at(name)->at(name).dtype));
      found.parameters += elements;
      found.dtypes[stored] += elements;
      if (live.count(name) == 0) found.unused += elements;
    }
  });
  attempt([&] { checkpoint.check(); });
  attempt([&] {
    for (const auto& entry : live) {
      if (!checkpoint.has(entry.first)) continue;
      const io::TensorView view = checkpoint.get(entry.first);
      model::check_finite(view, entry.first, checkpoint.origin(entry.first));
      checkpoint.release(entry.first);
    }
  });
  attempt([&] {
    const text::Tokenizer tokenizer = text::Tokenizer::load(checkpoint.directory());
    text::build_prompt(tokenizer);
    tokenizer.require_rows(checkpoint.config().text.vocab_size);
    auto generation = generate::GenerationConfig::load(checkpoint.directory(), tokenizer);
    generation.validate(tokenizer.size());
    generation.max_new_tokens = 1;  // how many are asked for is the run's
    generation.require_room(
        static_cast<int64_t>(text::build_prompt(tokenizer).text_length()) + 2 * checkpoint.config().vision.tokens(),
        checkpoint.config().text.max_position_embeddings);
  });
  return found;
}

nlohmann::ordered_json to_json(const model::Checkpoint& checkpoint, const Findings& found) {
  const model::ModelConfig& config = checkpoint.config();
  nlohmann::ordered_json json = {
      {"directory", checkpoint.directory().string()},
      {"files", checkpoint.files().size()},
      {"bytes", found.bytes},
      {"parameters", found.parameters},
      {"unused_parameters", found.unused},
      {"dtypes", found.dtypes},
      {"image_size", config.vision.image_size},
      {"visual_tokens", config.vision.tokens()},
      {"vision_layers", config.vision.num_hidden_layers},
      {"vision_width", config.vision.hidden_size},
      {"difference_depth", model::CCExpert(config).has_difference() ? config.difference.depth : 0},
      {"text_layers", config.text.num_hidden_layers},
      {"text_width", config.text.hidden_size},
      {"vocab_size", config.text.vocab_size},
      {"tied_embeddings", config.text.tie_word_embeddings},
      {model::kMinPChangeKey, config.min_p_change},
      {"loads", found.problems.empty()},
      {"problems", found.problems}};
  if (config.vision.conv) json["vision_levels"] = config.vision.conv->levels;
  if (config.change_head) {
    json["change_head"] = {{"channels", config.change_head->channels}, {"grid", config.vision.map_cells()}};
  }
  return json;
}

std::string tower_text(const model::VisionConfig& vision) {
  char text[200];
  if (!vision.conv) {
    std::snprintf(text, sizeof(text), "%d layers of width %d, %d pixels, %d tokens an image", vision.num_hidden_layers,
                  vision.hidden_size, vision.image_size, vision.tokens());
    return text;
  }
  int blocks = 0;
  for (const auto& stage : vision.conv->stages) blocks += stage.repeats;
  std::string strides;
  for (const int level : vision.conv->levels) strides += (strides.empty() ? "" : ", ") + std::to_string(level);
  std::snprintf(text, sizeof(text), "%d inverted residuals, read at strides %s, %d pixels, %d tokens an image", blocks,
                strides.c_str(), vision.image_size, vision.tokens());
  return text;
}

void print(const model::Checkpoint& checkpoint, const Findings& found) {
  const model::ModelConfig& config = checkpoint.config();
  const auto row = [](const char* name, const std::string& value) { io::print("%-20s %s\n", name, value.c_str()); };
  char text[200];
  row("checkpoint", checkpoint.directory().string());
  std::snprintf(text, sizeof(text), "%zu, %.1f MB", checkpoint.files().size(), static_cast<double>(found.bytes) / 1e6);
  row("weight files", text);
  std::snprintf(text, sizeof(text), "%.2f M, of them %.2f M that the model never uses",
                static_cast<double>(found.parameters) / 1e6, static_cast<double>(found.unused) / 1e6);
  row("parameters", text);
  std::string dtypes;
  for (const auto& [name, count] : found.dtypes) dtypes += (dtypes.empty() ? "" : ", ") + name;
  row("stored as", dtypes);
  row("vision tower", tower_text(config.vision));
  if (config.change_head) {
    std::snprintf(text, sizeof(text), "%d channels, a map of %d x %d", config.change_head->channels,
                  config.vision.map_cells(), config.vision.map_cells());
    row("change head", text);
  }
  if (model::CCExpert(config).has_difference()) {
    std::snprintf(text, sizeof(text), "%d blocks of width %d, %zu levels", config.difference.depth,
                  config.difference.embedding_dim,
                  config.vision.conv ? config.vision.conv->token_levels.size() : config.vision.select_layers.size());
    row("difference module", text);
  } else {
    row("difference module", "none: the change head stands in its place");
  }
  std::snprintf(text, sizeof(text), "%d layers of width %d, %d tokens, %s head", config.text.num_hidden_layers,
                config.text.hidden_size, config.text.vocab_size, config.text.tie_word_embeddings ? "tied" : "own");
  row("language model", text);
  if (config.min_p_change > 0) {
    std::snprintf(text, sizeof(text), "of changes with p_change %.4g or more (%s)",
                  static_cast<double>(config.min_p_change), model::kMinPChangeKey);
    row("tells", text);
  }
  row("would load", found.problems.empty() ? "yes" : "no");
  for (const std::string& problem : found.problems) row("", problem);
}

// A folder that would not even open as a checkpoint is one that would not load.
int tell_problem(const std::filesystem::path& directory, const Error& error, bool json) {
  if (json) {
    const nlohmann::ordered_json out = {
        {"directory", directory.string()}, {"loads", false}, {"problems", {error.what()}}};
    io::standard_output().write(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    io::print("%-20s %s\n%-20s %s\n%-20s %s\n", "checkpoint", directory.c_str(), "would load", "no", "", error.what());
  }
  return kFailure;
}

int run(const std::filesystem::path& named, bool json) {
  const std::filesystem::path directory = captioner::model_or_default(named);
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) {
    if (std::filesystem::exists(directory, ignored)) model::checkpoint_files(directory);  // says what the file is
    throw InputError("there is no folder " + directory.string() + ": a checkpoint is a folder with a config.json");
  }
  try {
    const model::Checkpoint checkpoint(directory);
    const Findings found = examine(checkpoint);
    if (json) {
      io::standard_output().write(
          to_json(checkpoint, found).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    } else {
      print(checkpoint, found);
    }
    return found.problems.empty() ? kOk : kFailure;
  } catch (const InputError& error) {
    return tell_problem(directory, error, json);
  }
}

const RegisterCommand info(55, "info", "Say what a checkpoint is and whether it would load", [](CommandSpec& spec) {
  const auto directory = std::make_shared<std::filesystem::path>();
  const auto json = std::make_shared<bool>(false);
  spec.page = "models";
  spec.examples = {{"ccx info", "the model that comes with ccx"},
                   {"ccx info checkpoints/0.5b"},
                   {"ccx info checkpoints/0.5b --json"}};
  spec.exits = {{kOk, "it would load"}, {kFailure, "it would not; the reasons are on stdout"}};
  spec.options.group("Model");
  captioner::declare_model_word(spec.options, *directory, "directory");
  spec.options.group("Output");
  spec.options.add(json.get(), {.name = "--json", .help = "JSON instead of a table"});
  return [directory, json] { return run(*directory, *json); };
});

}  // namespace
}  // namespace ccx::cli
