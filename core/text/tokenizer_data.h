// What a tokenizer.json holds, read and checked. Private to core/text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text/added_tokens.h"
#include "core/text/bpe.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/tokenizer.h"

namespace ccx::text {

struct Vocabulary {
  // By id. An id without a token has an empty string, and no token is empty: ids may have gaps.
  std::vector<std::string> tokens;
  std::vector<std::string> bytes;                          // by id: what the token stands for
  std::unordered_map<std::string_view, std::int32_t> ids;  // views into `tokens`
};

struct Tokenizer::Data {
  std::string source;
  Vocabulary vocabulary;
  std::vector<bool> special;              // by id
  std::vector<std::int64_t> special_ids;  // ascending
  AddedTokenMatcher before_normalization;
  AddedTokenMatcher after_normalization;
  bool normalize_nfc;
  PreTokenizer pre_tokenizer;
  BytePairEncoder bpe;
};

// Reads and checks a tokenizer.json. Throws InputError.
std::shared_ptr<const Tokenizer::Data> parse_tokenizer_json(std::string_view json, const std::string& source);

}  // namespace ccx::text
