// Finds tokens that stand in a text as they are written, such as <|im_end|>, before anything else splits it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::text {

// An entry of `added_tokens` in tokenizer.json.
struct AddedToken {
  std::int64_t id = 0;
  std::string content;
  bool special = false;     // left out by decode(..., skip_special_tokens)
  bool normalized = false;  // looked for after Unicode normalisation instead of before
  bool lstrip = false;      // takes the white space before it along
  bool rstrip = false;      // takes the white space after it along
};

class AddedTokenMatcher {
 public:
  // Tokens without content are left out: they would match everywhere.
  explicit AddedTokenMatcher(std::vector<AddedToken> tokens);

  struct Part {
    std::string_view text;
    const AddedToken* token;  // null for the text between tokens
  };

  // The text cut at every token, leftmost first and the longest of those that start at one place. No part is empty.
  std::vector<Part> split(std::string_view text) const;

 private:
  const AddedToken* match_at(std::string_view text, std::size_t position) const;

  std::vector<AddedToken> tokens_;                           // longest first
  std::array<std::vector<std::size_t>, 256> by_first_byte_;  // indices into tokens_, longest first
};

}  // namespace ccx::text
