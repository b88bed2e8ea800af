// Generation options from a checkpoint directory, apart from the rest because the web build has no disk.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/generate/generation_config.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/text/tokenizer.h"

namespace ccx::generate {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBeginOfTurn = "<|im_start|>";
constexpr const char* kEndOfTurn = "<|im_end|>";

// The options that config.json holds; what stands in its text_config counts where the top has none.
GenerationConfig from_model_config(const fs::path& file) {
  nlohmann::json root = io::read_json(file);
  if (!root.is_object()) throw InputError(file.string() + ": expected a JSON object");
  const auto inner = root.find("text_config");
  if (inner != root.end() && inner->is_object()) {
    for (const char* key : {"eos_token_id", "pad_token_id"}) {
      const bool is_set = root.contains(key) && !root[key].is_null();
      if (!is_set && inner->contains(key)) root[key] = (*inner)[key];
    }
  }
  return GenerationConfig::from_json(root.dump(), file.string());
}

// The token that tokenizer_config.json calls the end: a string, or an object that holds it.
std::optional<std::int64_t> end_of_tokenizer_config(const fs::path& file, const text::Tokenizer& tokenizer) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  const nlohmann::json root = io::read_json(file);
  if (!root.is_object() || !root.contains("eos_token") || root["eos_token"].is_null()) return std::nullopt;
  const nlohmann::json& named = root["eos_token"];
  const nlohmann::json& text = named.is_object() && named.contains("content") ? named["content"] : named;
  if (!text.is_string()) throw InputError(file.string() + ": \"eos_token\" must be a token");
  const auto id = tokenizer.token_to_id(text.get<std::string>());
  if (!id) {
    throw InputError(file.string() + ": \"eos_token\" is \"" + text.get<std::string>() + "\", which is no token of " +
                     tokenizer.source() + ": the two files belong to different models");
  }
  return id;
}

void add(std::vector<std::int64_t>& ids, std::optional<std::int64_t> id) {
  if (id && std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
}

// A caption that a word ends, or the token that begins a turn, is cut there or never ends: the ids are of another
// tokenizer.
void require_ends(const GenerationConfig& config, const text::Tokenizer& tokenizer, const fs::path& file) {
  std::string wrong;
  bool ends = false;
  for (const std::int64_t id : config.eos_token_ids) {
    if (id >= tokenizer.size()) continue;  // validate() tells where none is below
    const std::int64_t one[] = {id};
    const std::string text = tokenizer.decode(one);
    const bool is_mark = tokenizer.is_special(id) || (text.starts_with('<') && text.ends_with('>'));
    ends |= is_mark && text != kBeginOfTurn;
    if (!is_mark || text == kBeginOfTurn) wrong = std::to_string(id) + ", which is \"" + text + "\"";
    if (text == kBeginOfTurn) break;
  }
  if (wrong.empty() || (ends && wrong.find(kBeginOfTurn) == std::string::npos)) return;
  throw InputError(file.string() + ": \"eos_token_id\" is " + wrong + " in " + tokenizer.source() +
                   " and ends no caption: the two files belong to different models");
}

}  // namespace

GenerationConfig GenerationConfig::load(const fs::path& directory, const text::Tokenizer& tokenizer) {
  std::error_code ignored;
  const fs::path own = directory / "generation_config.json";
  const fs::path model = directory / "config.json";
  GenerationConfig config;
  std::vector<std::int64_t> ends;
  bool has_pad = false;
  if (fs::exists(own, ignored)) {
    config = from_json(io::read_file(own), own.string());
    require_ends(config, tokenizer, own);
    if (!config.eos_token_ids.empty()) return config;
    has_pad = config.pad_token_id != 0;
  }
  const GenerationConfig named = fs::exists(model, ignored) ? from_model_config(model) : GenerationConfig();
  if (!fs::exists(own, ignored)) {
    config = named;
    has_pad = !named.eos_token_ids.empty() || named.pad_token_id != 0;
  }
  require_ends(named, tokenizer, model);
  ends = named.eos_token_ids;
  if (ends.empty()) add(ends, end_of_tokenizer_config(directory / "tokenizer_config.json", tokenizer));
  const bool are_guessed = ends.empty();
  add(ends, tokenizer.token_to_id(kEndOfTurn));
  if (are_guessed) add(ends, tokenizer.token_to_id("<|endoftext|>"));
  if (ends.empty()) {
    throw InputError(directory.string() +
                     " does not say which token ends a caption: neither generation_config.json nor " +
                     "config.json has \"eos_token_id\", tokenizer_config.json names no \"eos_token\", and " +
                     tokenizer.source() + " has no " + kEndOfTurn + "; add \"eos_token_id\" to generation_config.json");
  }
  config.eos_token_ids = ends;
  if (!has_pad) config.pad_token_id = ends.front();
  return config;
}

}  // namespace ccx::generate
