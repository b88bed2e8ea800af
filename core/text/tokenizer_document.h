// A tokenizer.json as it is read: the two long lists apart from the rest. Private to core/text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ccx::text {

// Vocabulary and merges of Qwen2 have 150,000 entries each: as JSON values they would take most of a second to build.
struct TokenizerDocument {
  nlohmann::json rest;  // everything but the members below, which are empty there
  std::vector<std::pair<std::string, std::int64_t>> vocabulary;  // model.vocab
  std::vector<std::pair<std::string, std::string>> merges;       // model.merges, written "a b" or ["a", "b"]
};

inline constexpr std::size_t kMostOfTokenizer = std::size_t{256} << 20;  // Qwen2's has 7 MB, the largest known 35

// Throws InputError naming the source where the text is not JSON, or a list holds something else than it should.
TokenizerDocument read_tokenizer_document(std::string_view json, const std::string& source);

}  // namespace ccx::text
