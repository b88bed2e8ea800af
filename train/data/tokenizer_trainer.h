// Trains a byte-level BPE vocabulary of Qwen2's kind on given text, so that a fresh model needs no download.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::train {

struct TokenizerTraining {
  int vocabulary = 1024;  // tokens in all: 256 bytes, merges, and <|endoftext|>, <|im_start|>, <|im_end|> at the end
  int64_t min_count = 2;  // a pair of tokens seen less often is not merged
};

struct Merges {
  std::vector<std::string> vocabulary;                      // by id, in the byte-level alphabet
  std::vector<std::pair<std::string, std::string>> merges;  // in the order in which they apply
};

// Counts pairs inside the pieces of Qwen2's pre-tokenizer after NFC and merges the most frequent until the vocabulary
// is full; of equally frequent pairs the one with the smaller ids. The 256 byte tokens have Qwen2's ids ("\n" is 198,
// which training relies on). The prompt's own text counts as often as its most frequent word, so that the question,
// which is in every sample, is short. The same text gives the same result. Throws UsageError for a size below 512 or
// above 2^20.
Merges train_merges(const std::vector<std::string>& texts, const TokenizerTraining& options);

// tokenizer.json, vocab.json, merges.txt, tokenizer_config.json, special_tokens_map.json and added_tokens.json into
// `directory`, as transformers' Qwen2Tokenizer reads them; an AtomicDirectory, which says what it refuses.
void write_tokenizer(const std::filesystem::path& directory, const Merges& merges, bool overwrite = false);

// The captions of a file: a .json or .jsonl dataset gives its captions, a LEVIR-CC folder too, any other file its
// lines. scenes:COUNT@SEED gives the sentences of drawn scenes.
std::vector<std::string> read_training_text(const std::string& path);

}  // namespace ccx::train
