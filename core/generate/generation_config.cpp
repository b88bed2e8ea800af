// Reading and checking generation options.
#include "core/generate/generation_config.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::generate {

namespace {

using Json = nlohmann::json;

class Reader {
 public:
  Reader(const Json& root, const std::string& source) : root_(root), source_(source) {}

  [[noreturn]] void fail(const std::string& key, const std::string& expected) const {
    throw InputError(source_ + ": \"" + key + "\" must be " + expected + ", and is " + root_.at(key).dump());
  }

  // Null counts as absent, as in transformers.
  bool has(const char* key) const {
    const auto found = root_.find(key);
    return found != root_.end() && !found->is_null();
  }

  double number(const char* key, double fallback) const {
    if (!has(key)) return fallback;
    if (!root_.at(key).is_number()) fail(key, "a number");
    return root_.at(key).get<double>();
  }

  std::int64_t count(const char* key, std::int64_t fallback) const {
    if (!has(key)) return fallback;
    const double value = root_.at(key).is_number_integer() ? number(key, 0) : -1;
    if (value < 0 || value > 1e9) fail(key, "a whole number that is not negative");
    return root_.at(key).get<std::int64_t>();
  }

  std::vector<std::int64_t> ids(const char* key) const {
    if (!has(key)) return {};
    const Json& value = root_.at(key);
    std::vector<std::int64_t> ids;
    for (const Json& item : value.is_array() ? value : Json::array({value})) {
      if (!item.is_number_integer() || item.get<double>() < 0 || item.get<double>() > 1e9) {
        fail(key, "a token id or a list of them");
      }
      ids.push_back(item.get<std::int64_t>());
    }
    return ids;
  }

  EarlyStopping early_stopping() const {
    if (!has("early_stopping")) return EarlyStopping::kHeuristic;
    const Json& value = root_.at("early_stopping");
    if (value.is_boolean()) return value.get<bool>() ? EarlyStopping::kAlways : EarlyStopping::kHeuristic;
    if (value.is_string() && value.get<std::string>() == "never") return EarlyStopping::kNever;
    fail("early_stopping", "true, false or \"never\"");
  }

  // Options of transformers that change greedy or beam output, and the value with which they do nothing.
  std::vector<std::string> unsupported() const {
    static const std::pair<const char*, Json> kOptions[] = {{"no_repeat_ngram_size", 0},
                                                            {"encoder_no_repeat_ngram_size", 0},
                                                            {"encoder_repetition_penalty", 1.0},
                                                            {"bad_words_ids", nullptr},
                                                            {"force_words_ids", nullptr},
                                                            {"min_length", 0},
                                                            {"min_new_tokens", nullptr},
                                                            {"forced_bos_token_id", nullptr},
                                                            {"forced_eos_token_id", nullptr},
                                                            {"suppress_tokens", nullptr},
                                                            {"begin_suppress_tokens", nullptr},
                                                            {"exponential_decay_length_penalty", nullptr},
                                                            {"sequence_bias", nullptr},
                                                            {"guidance_scale", nullptr},
                                                            {"num_beam_groups", 1},
                                                            {"diversity_penalty", 0.0},
                                                            {"penalty_alpha", nullptr},
                                                            {"typical_p", 1.0},
                                                            {"epsilon_cutoff", 0.0},
                                                            {"eta_cutoff", 0.0}};
    std::vector<std::string> keys;
    for (const auto& [key, neutral] : kOptions) {
      if (has(key) && root_.at(key) != neutral) keys.push_back(key);
    }
    return keys;
  }

 private:
  const Json& root_;
  const std::string& source_;
};

void require(bool holds, const std::string& message) {
  if (!holds) throw UsageError(message);
}

std::string text(double value) {
  return Json(value).dump();
}

}  // namespace

GenerationConfig GenerationConfig::from_json(std::string_view json, const std::string& source) {
  const Json root = io::parse_json(json, source);
  if (!root.is_object()) throw InputError(source + ": expected a JSON object");

  const Reader reader(root, source);
  GenerationConfig config;
  config.eos_token_ids = reader.ids("eos_token_id");
  const std::int64_t first_eos = config.eos_token_ids.empty() ? 0 : config.eos_token_ids.front();
  config.pad_token_id = reader.count("pad_token_id", first_eos);
  config.repetition_penalty = reader.number("repetition_penalty", config.repetition_penalty);
  config.temperature = reader.number("temperature", config.temperature);
  config.top_k = reader.count("top_k", config.top_k);
  config.top_p = reader.number("top_p", config.top_p);
  config.length_penalty = reader.number("length_penalty", config.length_penalty);
  config.early_stopping = reader.early_stopping();
  config.candidates = static_cast<int>(std::min<std::int64_t>(reader.count("candidates", 1), kMostCandidates + 1));
  config.unsupported_keys = reader.unsupported();
  if (!(config.repetition_penalty > 0)) reader.fail("repetition_penalty", "above 0");
  if (config.candidates < 1 || config.candidates > kMostCandidates) reader.fail("candidates", "from 1 to 64");
  return config;
}

std::string GenerationConfig::to_json() const {
  nlohmann::ordered_json json = {{"eos_token_id", eos_token_ids},
                                 {"pad_token_id", pad_token_id},
                                 {"do_sample", false},
                                 {"repetition_penalty", repetition_penalty},
                                 {"temperature", temperature},
                                 {"top_k", top_k},
                                 {"top_p", top_p},
                                 {"length_penalty", length_penalty}};
  if (early_stopping == EarlyStopping::kNever) {
    json["early_stopping"] = "never";
  } else {
    json["early_stopping"] = early_stopping == EarlyStopping::kAlways;
  }
  if (candidates > 1) json["candidates"] = candidates;
  return json.dump(2) + "\n";
}

GenerationConfig GenerationConfig::greedy() const {
  GenerationConfig config = *this;
  config.do_sample = false;
  config.num_beams = 1;
  config.candidates = 1;
  return config;
}

void GenerationConfig::require_room(std::int64_t prompt_length, std::int64_t positions) const {
  require(prompt_length + max_new_tokens <= positions,
          "max_new_tokens is " + std::to_string(max_new_tokens) + ", and the prompt takes " +
              std::to_string(prompt_length) + " of the model's " + std::to_string(positions) + " positions");
}

void GenerationConfig::validate(std::int64_t vocabulary_size) const {
  require(vocabulary_size > 0, "the vocabulary is empty");
  require(max_new_tokens >= 1, "max_new_tokens is " + std::to_string(max_new_tokens) + "; it must be at least 1");
  require(std::isfinite(repetition_penalty) && repetition_penalty > 0,
          "repetition_penalty is " + text(repetition_penalty) + "; it must be above 0");
  require(candidates >= 1 && candidates <= kMostCandidates,
          "candidates is " + std::to_string(candidates) + "; it must be from 1 to 64");
  require(candidates == 1 || num_beams == 1, "candidates and beam search cannot be combined: choose one of them");
  if (do_sample || candidates > 1) {
    require(num_beams == 1, "sampling and beam search cannot be combined: choose one of them");
    require(std::isfinite(temperature) && temperature > 0,
            "temperature is " + text(temperature) + "; sampling needs one above 0 (leave sampling off for greedy)");
    require(top_p > 0 && top_p <= 1, "top_p is " + text(top_p) + "; it must be above 0 and at most 1");
    require(top_k >= 0, "top_k is " + std::to_string(top_k) + "; it must be 0 (off) or more");
  }
  require(num_beams >= 1, "num_beams is " + std::to_string(num_beams) + "; it must be at least 1");
  require(std::isfinite(length_penalty), "length_penalty is " + text(length_penalty) + "; it must be a number");
  const auto continuations = static_cast<std::int64_t>(std::max<std::size_t>(2, 1 + eos_token_ids.size())) * num_beams;
  require(num_beams == 1 || continuations <= vocabulary_size, "num_beams is " + std::to_string(num_beams) +
                                                                  ", too many for a vocabulary of " +
                                                                  std::to_string(vocabulary_size) + " tokens");
  const bool reachable =
      std::any_of(eos_token_ids.begin(), eos_token_ids.end(), [&](std::int64_t id) { return id < vocabulary_size; });
  require(eos_token_ids.empty() || reachable, "eos_token_id " +
                                                  std::to_string(eos_token_ids.empty() ? 0 : eos_token_ids.front()) +
                                                  " is not among the tokenizer's " + std::to_string(vocabulary_size) +
                                                  " tokens: the generation config belongs to another tokenizer");
  require(pad_token_id >= 0 && pad_token_id < vocabulary_size, "pad_token_id " + std::to_string(pad_token_id) +
                                                                   " is not among the tokenizer's " +
                                                                   std::to_string(vocabulary_size) + " tokens");
}

}  // namespace ccx::generate
