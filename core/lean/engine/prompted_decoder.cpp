#include "core/lean/engine/prompted_decoder.h"

#include <utility>

#include "core/generate/log_softmax.h"
#include "core/lean/attention.h"
#include "core/model/names.h"

namespace ccx::lean {
namespace {

const std::vector<float>& token_table(LeanWeights& weights, std::int64_t width) {
  return weights.floats(model::kTokenTable, weights.tensors().shape(model::kTokenTable).at(0) * width);
}

}  // namespace

PromptedDecoder::PromptedDecoder(const model::TextConfig& config, std::shared_ptr<LeanWeights> weights,
                                 const text::Prompt& prompt, std::int64_t vocabulary)
    : width_(config.hidden_size),
      vocabulary_(vocabulary),
      prompt_(prompt),
      table_(token_table(*weights, width_)),
      decoder_(config, std::move(weights)),
      rows_(1, LeanCache(config.num_hidden_layers)) {}

void PromptedDecoder::embed(std::span<const std::int64_t> ids, Numbers& to) const {
  for (const std::int64_t id : ids) {
    const auto row = table_.begin() + id * width_;
    to.insert(to.end(), row, row + width_);
  }
}

std::vector<float> PromptedDecoder::prefill(std::span<const float> before, std::span<const float> after) {
  const auto kept = static_cast<std::int64_t>(prompt_.before_first.size());
  decoder_.set_cache(std::move(rows_[0]));
  rows_.erase(rows_.begin() + 1, rows_.end());
  if (prompt_length_ == 0 && kept > 0) {
    Numbers text;
    embed(prompt_.before_first, text);
    decoder_.run(text_inputs(std::move(text), width_, 0, kUnseen), 0);
  }
  Numbers rest(before.begin(), before.end());
  embed(prompt_.between, rest);
  rest.insert(rest.end(), after.begin(), after.end());
  embed(prompt_.after, rest);
  prompt_length_ = kept + static_cast<std::int64_t>(rest.size()) / width_;
  std::vector<float> logits = decoder_.run(text_inputs(std::move(rest), width_, kept, kUnseen), kept);
  logits.resize(static_cast<std::size_t>(vocabulary_));
  rows_[0] = decoder_.take_cache();
  return logits;
}

std::vector<float> PromptedDecoder::score(std::size_t /*caption*/, const generate::PackedSentences& sentences) {
  const std::size_t tokens = sentences.tokens();
  Numbers embeddings;
  embed(sentences.ids(), embeddings);
  const DecoderInputs inputs =
      packed_inputs(std::move(embeddings), sentences.positions(prompt_length_), prompt_length_, kUnseen,
                    [&](std::size_t row, std::size_t column) { return sentences.sees(row, column); });
  decoder_.set_cache(std::move(rows_[0]));
  const std::vector<float> logits = decoder_.run(inputs, prompt_length_);
  rows_[0] = decoder_.take_cache();
  rows_[0].keep(prompt_length_);
  return generate::log_probabilities(logits, tokens, static_cast<std::size_t>(vocabulary_));
}

std::vector<float> PromptedDecoder::step(const generate::Step& next) {
  std::vector<std::size_t> children(rows_.size());
  for (const std::int64_t parent : next.parents) ++children.at(static_cast<std::size_t>(parent));
  std::vector<LeanCache> rows;
  rows.reserve(next.tokens.size());
  for (const std::int64_t parent : next.parents) {
    const auto from = static_cast<std::size_t>(parent);
    if (--children[from] > 0) {
      rows.push_back(rows_[from]);
    } else {
      rows.push_back(std::move(rows_[from]));
    }
  }
  rows_ = std::move(rows);
  std::vector<float> logits;
  for (std::size_t row = 0; row < rows_.size(); ++row) step_row(rows_[row], next.tokens[row], logits);
  return logits;
}

void PromptedDecoder::step_row(LeanCache& cache, std::int64_t token, std::vector<float>& logits) {
  const std::int64_t past = cache.positions();
  Numbers embedding;
  embed({&token, 1}, embedding);
  decoder_.set_cache(std::move(cache));
  const std::vector<float> one = decoder_.run(token_inputs(std::move(embedding), past), past);
  cache = decoder_.take_cache();
  logits.insert(logits.end(), one.begin(), one.begin() + vocabulary_);
}

}  // namespace ccx::lean
