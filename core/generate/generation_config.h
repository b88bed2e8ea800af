// How captions are searched for: the options of generation, with the names and meanings of Hugging Face transformers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::text {
class Tokenizer;
}

namespace ccx::generate {

// When beam search stops looking for better endings once it has num_beams of them.
enum class EarlyStopping {
  kNever,      // "never": no running beam could still win, whatever its length
  kHeuristic,  // false: no running beam would win if it ended here
  kAlways      // true: at once
};

inline constexpr int kMostCandidates = 64;

struct GenerationConfig {
  std::vector<std::int64_t> eos_token_ids;  // each of them ends a caption
  std::int64_t pad_token_id = 0;            // what a finished row is fed in a batch that goes on
  double repetition_penalty = 1.0;          // on generated tokens alone; 1 is none

  bool do_sample = false;  // false: the most likely token, or beam search
  double temperature = 1.0;
  std::int64_t top_k = 50;  // 0 is off
  double top_p = 1.0;       // 1 is off
  std::uint64_t seed = 42;

  int num_beams = 1;  // 1 is no beam search
  double length_penalty = 1.0;
  EarlyStopping early_stopping = EarlyStopping::kHeuristic;

  // Captions to choose from by consensus (search.h); 1: none is chosen. A key of ccx's own in the file.
  int candidates = 1;

  std::int64_t max_new_tokens = 512;

  // Keys of the file that ask for something ccx does not do ("no_repeat_ngram_size"). To be told to the user.
  std::vector<std::string> unsupported_keys;

  // From the content of a generation_config.json; `source` names it in errors. do_sample, num_beams and lengths of the
  // file are not taken over: captions are greedy unless the user asks, as in the reference's evaluation, while
  // candidates, penalties, eos and pad ids always count and the sampling options count once sampling is asked for.
  // A file without pad_token_id pads with the first eos id. Throws InputError naming the key.
  static GenerationConfig from_json(std::string_view json, const std::string& source);

  // From a checkpoint directory: its generation_config.json, or where that is absent what config.json has of it, at the
  // top or in its text_config. The tokens that end a caption are always known: where neither file names any, they are
  // tokenizer_config.json's eos_token, or the prompt's own <|im_end|> and <|endoftext|>. Beside ids out of
  // generation_config.json, <|im_end|> always ends a caption, as it does every turn of the prompt.
  static GenerationConfig load(const std::filesystem::path& directory, const text::Tokenizer& tokenizer);

  // As a generation_config.json that from_json() reads the same options from.
  std::string to_json() const;

  // The same, searched for by the most likely token alone.
  GenerationConfig greedy() const;

  // Throws UsageError naming the option that makes no sense, alone or with a vocabulary of this size.
  void validate(std::int64_t vocabulary_size) const;

  // Throws UsageError where a model of so many positions has no room for max_new_tokens behind the prompt.
  void require_room(std::int64_t prompt_length, std::int64_t positions) const;
};

}  // namespace ccx::generate
