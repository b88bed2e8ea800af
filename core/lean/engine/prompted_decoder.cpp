#include "core/lean/engine/prompted_decoder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/generate/log_softmax.h"
#include "core/lean/attention.h"
#include "core/model/names.h"

namespace ccx::lean {
namespace {

bool causal(std::size_t row, std::size_t column) {
  return column <= row;
}

std::vector<std::int32_t> counted(std::int64_t from, std::size_t count) {
  std::vector<std::int32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), static_cast<std::int32_t>(from));
  return numbers;
}

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

std::vector<float> PromptedDecoder::cut(const std::vector<float>& logits, std::size_t rows) const {
  const auto columns = static_cast<std::ptrdiff_t>(logits.size() / rows);
  std::vector<float> to;
  to.reserve(rows * static_cast<std::size_t>(vocabulary_));
  for (std::size_t row = 0; row < rows; ++row) {
    const auto from = logits.begin() + static_cast<std::ptrdiff_t>(row) * columns;
    to.insert(to.end(), from, from + vocabulary_);
  }
  return to;
}

std::vector<float> PromptedDecoder::prefill(std::span<const float> before, std::span<const float> after) {
  const auto kept = static_cast<std::int64_t>(prompt_.before_first.size());
  decoder_.set_cache(std::move(rows_[0]));
  rows_.erase(rows_.begin() + 1, rows_.end());
  if (prompt_length_ == 0 && kept > 0) {
    DecoderInputs text;
    embed(prompt_.before_first, text.embeddings);
    text.positions = counted(0, static_cast<std::size_t>(kept));
    text.bias = attention_bias(0, static_cast<std::size_t>(kept), kUnseen, causal);
    text.asked = {static_cast<std::int32_t>(kept) - 1};
    decoder_.run(text, 0);
  }
  DecoderInputs rest;
  rest.embeddings.assign(before.begin(), before.end());
  embed(prompt_.between, rest.embeddings);
  rest.embeddings.insert(rest.embeddings.end(), after.begin(), after.end());
  embed(prompt_.after, rest.embeddings);
  const std::size_t count = rest.embeddings.size() / static_cast<std::size_t>(width_);
  rest.positions = counted(kept, count);
  if (!prompt_bias_) prompt_bias_ = attention_bias(static_cast<std::size_t>(kept), count, kUnseen, causal);
  rest.bias = prompt_bias_;
  rest.asked = {static_cast<std::int32_t>(count) - 1};
  std::vector<float> logits = cut(decoder_.run(rest, kept), 1);
  prompt_length_ = kept + static_cast<std::int64_t>(count);
  rows_[0] = decoder_.take_cache();
  return logits;
}

std::vector<float> PromptedDecoder::score(std::size_t /*caption*/, const generate::PackedSentences& sentences) {
  const std::size_t tokens = sentences.tokens();
  DecoderInputs inputs;
  embed(sentences.ids(), inputs.embeddings);
  for (const std::int64_t position : sentences.positions(prompt_length_))
    inputs.positions.push_back(static_cast<std::int32_t>(position));
  inputs.bias = attention_bias(static_cast<std::size_t>(prompt_length_), tokens, kUnseen,
                               [&](std::size_t row, std::size_t column) { return sentences.sees(row, column); });
  inputs.asked = counted(0, tokens);
  decoder_.set_cache(std::move(rows_[0]));
  std::vector<float> said = cut(decoder_.run(inputs, prompt_length_), tokens);
  rows_[0] = decoder_.take_cache();
  rows_[0].keep(prompt_length_);
  for (std::size_t row = 0; row < tokens; ++row) {
    const std::span<float> one(said.data() + row * static_cast<std::size_t>(vocabulary_),
                               static_cast<std::size_t>(vocabulary_));
    const double all = generate::log_sum_exp(one);
    for (float& logit : one) logit = static_cast<float>(logit - all);
  }
  return said;
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
  DecoderInputs inputs;
  embed({&token, 1}, inputs.embeddings);
  inputs.positions = {static_cast<std::int32_t>(past)};
  inputs.bias = std::make_shared<const Numbers>(static_cast<std::size_t>(past) + 1, 0.0f);
  inputs.asked = {0};
  decoder_.set_cache(std::move(cache));
  const std::vector<float> one = decoder_.run(inputs, past);
  cache = decoder_.take_cache();
  logits.insert(logits.end(), one.begin(), one.begin() + vocabulary_);
}

}  // namespace ccx::lean
