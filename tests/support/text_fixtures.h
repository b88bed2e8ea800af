// The tiny tokenizer and JSON fixtures of the text tests.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/text/tokenizer.h"
#include "tests/support/paths.h"

namespace ccx::test {

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream in(path);
  return nlohmann::json::parse(in);
}

inline std::filesystem::path tiny_dir() {
  return data_dir() / "reference/tiny";
}

inline const text::Tokenizer& tiny_tokenizer() {
  static const text::Tokenizer tokenizer = text::Tokenizer::load(tiny_dir());
  return tokenizer;
}

using Ids = std::vector<std::int64_t>;

}  // namespace ccx::test
