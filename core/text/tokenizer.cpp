// Encoding and decoding.
#include "core/text/tokenizer.h"

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/text/tokenizer_data.h"

namespace ccx::text {

namespace {

constexpr std::size_t kLongestText = std::size_t{1} << 30;  // positions in a piece are 32 bits wide

[[noreturn]] void refuse(const Tokenizer::Data& data, std::int64_t id) {
  throw InputError("token id " + std::to_string(id) + " is not in " + data.source + ", whose ids end at " +
                   std::to_string(static_cast<std::int64_t>(data.vocabulary.tokens.size()) - 1));
}

// The place of an id that may lie in a gap.
std::size_t checked_index(const Tokenizer::Data& data, std::int64_t id) {
  if (id < 0 || static_cast<std::uint64_t>(id) >= data.vocabulary.tokens.size()) refuse(data, id);
  return static_cast<std::size_t>(id);
}

void encode_plain(const Tokenizer::Data& data, std::string_view text, std::vector<std::int64_t>& ids) {
  std::string normalized;
  if (data.normalize_nfc && !is_ascii(text)) {
    normalized = nfc(text);
    text = normalized;
  }
  for (const AddedTokenMatcher::Part& part : data.after_normalization.split(text)) {
    if (part.token != nullptr) {
      ids.push_back(part.token->id);
      continue;
    }
    for (const std::string_view piece : data.pre_tokenizer.split(part.text)) data.bpe.encode(piece, ids);
  }
}

}  // namespace

Tokenizer Tokenizer::from_json(std::string_view json, const std::string& source) {
  return Tokenizer(parse_tokenizer_json(json, source));
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text) const {
  if (text.size() > kLongestText) throw InputError("a text of more than 1 GiB cannot be tokenised at once");
  std::string replaced;
  if (!is_ascii(text)) {
    replaced = replace_invalid_utf8(text);
    text = replaced;
  }
  std::vector<std::int64_t> ids;
  for (const AddedTokenMatcher::Part& part : data_->before_normalization.split(text)) {
    if (part.token != nullptr) {
      ids.push_back(part.token->id);
    } else {
      encode_plain(*data_, part.text, ids);
    }
  }
  return ids;
}

std::string Tokenizer::decode_bytes(std::span<const std::int64_t> ids, bool skip_special_tokens) const {
  std::string bytes;
  for (const std::int64_t id : ids) {
    const std::size_t index = checked_index(*data_, id);
    if (!(skip_special_tokens && data_->special[index])) bytes += data_->vocabulary.bytes[index];
  }
  return bytes;
}

std::string Tokenizer::decode(std::span<const std::int64_t> ids, bool skip_special_tokens) const {
  return replace_invalid_utf8(decode_bytes(ids, skip_special_tokens));
}

std::int64_t Tokenizer::size() const {
  return static_cast<std::int64_t>(data_->vocabulary.tokens.size());
}

void Tokenizer::require_rows(std::int64_t rows) const {
  if (size() <= rows) return;
  throw CheckpointError(data_->source + ": its ids end at " + std::to_string(size() - 1) +
                        ", but the model's embedding table has " + std::to_string(rows) +
                        " rows; it is the tokenizer of another model");
}

std::optional<std::int64_t> Tokenizer::token_to_id(std::string_view token) const {
  const auto found = data_->vocabulary.ids.find(token);
  if (found == data_->vocabulary.ids.end()) return std::nullopt;
  return found->second;
}

const std::string& Tokenizer::id_to_token(std::int64_t id) const {
  const std::string& token = data_->vocabulary.tokens[checked_index(*data_, id)];
  if (token.empty()) refuse(*data_, id);
  return token;
}

std::int64_t Tokenizer::require_token(std::string_view token) const {
  if (const std::optional<std::int64_t> id = token_to_id(token)) return *id;
  throw InputError(data_->source + " has no token \"" + std::string(token) +
                   "\", which the prompt needs: it is not the tokenizer of a CCExpert or Qwen2 chat checkpoint");
}

bool Tokenizer::is_special(std::int64_t id) const {
  return data_->special[checked_index(*data_, id)];
}

const std::vector<std::int64_t>& Tokenizer::special_ids() const {
  return data_->special_ids;
}

const std::string& Tokenizer::source() const {
  return data_->source;
}

std::string StreamingDecoder::push(std::int64_t id) {
  held_ += tokenizer_.decode_bytes(std::span(&id, 1), skip_special_tokens_);
  const std::size_t ready = held_.size() - incomplete_utf8_suffix(held_);
  std::string text = replace_invalid_utf8(std::string_view(held_).substr(0, ready));
  held_.erase(0, ready);
  return text;
}

std::string StreamingDecoder::finish() {
  std::string text = replace_invalid_utf8(held_);
  held_.clear();
  return text;
}

}  // namespace ccx::text
