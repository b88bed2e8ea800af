// Several sentences as one run of the model behind a prompt: each sees the prompt and itself alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ccx::generate {

class PackedSentences {
 public:
  // Token ids without an end token; what is empty or comes again is left out.
  explicit PackedSentences(const std::vector<std::vector<std::int64_t>>& sentences = {});

  bool empty() const { return sentences_.empty(); }
  std::size_t tokens() const { return ids_.size(); }
  const std::vector<std::vector<std::int64_t>>& sentences() const {
    return sentences_;
  }  // distinct, in order of their ids

  // One entry a token.
  const std::vector<std::int64_t>& ids() const { return ids_; }
  std::vector<std::int64_t> positions(std::int64_t prompt) const;  // of the run, behind `prompt` positions
  // Whether the token at `row` may look at the one at `column`: itself and what stands before it in its own sentence.
  bool sees(std::size_t row, std::size_t column) const { return column <= row && owner_[column] == owner_[row]; }

 private:
  std::vector<std::vector<std::int64_t>> sentences_;
  std::vector<std::int64_t> ids_;
  std::vector<std::int64_t> offset_;  // within its sentence
  std::vector<std::size_t> owner_;    // index of its sentence
};

}  // namespace ccx::generate
