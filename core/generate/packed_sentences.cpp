#include "core/generate/packed_sentences.h"

#include <set>

namespace ccx::generate {

PackedSentences::PackedSentences(const std::vector<std::vector<std::int64_t>>& sentences) {
  std::set<std::vector<std::int64_t>> distinct(sentences.begin(), sentences.end());
  distinct.erase(std::vector<std::int64_t>());
  for (const std::vector<std::int64_t>& sentence : distinct) {
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      ids_.push_back(sentence[i]);
      offset_.push_back(static_cast<std::int64_t>(i));
      owner_.push_back(sentences_.size());
    }
    sentences_.push_back(sentence);
  }
}

std::vector<std::int64_t> PackedSentences::positions(std::int64_t prompt) const {
  std::vector<std::int64_t> positions = offset_;
  for (std::int64_t& position : positions) position += prompt;
  return positions;
}

}  // namespace ccx::generate
