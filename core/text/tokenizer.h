// The tokenizer of a Qwen2 checkpoint: text to token ids and back, from a Hugging Face tokenizer.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::text {

// Byte-level BPE with NFC normalisation; ids and text agree with tokenizers 0.19 (docs/tokenizer.md says where Unicode
// versions differ). Cheap to copy; every member is safe to call from several threads.
class Tokenizer {
 public:
  // From a checkpoint directory, or the path of a tokenizer.json. Throws InputError that names the file and what is
  // wrong with it.
  static Tokenizer load(const std::filesystem::path& path);

  // From the content of a tokenizer.json; `source` names it in errors.
  static Tokenizer from_json(std::string_view json, const std::string& source);

  // Token ids of the text, without a template. Added tokens written in the text become their ids. Bytes that are not
  // UTF-8 count as U+FFFD.
  std::vector<std::int64_t> encode(std::string_view text) const;

  // The bytes that the ids stand for, which may end inside a character. An id in a gap stands for nothing, as in
  // Hugging Face tokenizers; an id beyond size() throws InputError.
  std::string decode_bytes(std::span<const std::int64_t> ids, bool skip_special_tokens = false) const;

  // decode_bytes() as valid UTF-8, U+FFFD in place of what is not, as Python's errors="replace" gives.
  std::string decode(std::span<const std::int64_t> ids, bool skip_special_tokens = false) const;

  // One more than the largest id, added tokens included: the rows that an embedding table must have. Logits are cut to
  // this length. Where ids have no gaps it is len(tokenizer).
  std::int64_t size() const;

  // Throws CheckpointError where a model's embedding table of `rows` rows has none for some id.
  void require_rows(std::int64_t rows) const;

  std::optional<std::int64_t> token_to_id(std::string_view token) const;

  // The token as tokenizer.json spells it ("Ġthe"). Throws InputError for an id that is no token.
  const std::string& id_to_token(std::int64_t id) const;

  // The id of a token that the caller cannot do without, such as "<|im_start|>". Throws InputError naming the token and
  // the tokenizer's file when it is missing.
  std::int64_t require_token(std::string_view token) const;

  bool is_special(std::int64_t id) const;                // throws InputError for an id beyond size()
  const std::vector<std::int64_t>& special_ids() const;  // ascending

  const std::string& source() const;  // the file's name, for errors

  struct Data;  // tokenizer_data.h

 private:
  explicit Tokenizer(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

// Decodes a caption while its tokens arrive. The pieces together are what decode() gives for all ids at once.
class StreamingDecoder {
 public:
  explicit StreamingDecoder(Tokenizer tokenizer, bool skip_special_tokens = true)
      : tokenizer_(std::move(tokenizer)), skip_special_tokens_(skip_special_tokens) {}

  // The text that this token completes. The beginning of a character is held back until the rest arrives.
  std::string push(std::int64_t id);

  // What is left when no token will follow: a character that was cut short, as U+FFFD.
  std::string finish();

 private:
  Tokenizer tokenizer_;
  bool skip_special_tokens_;
  std::string held_;
};

}  // namespace ccx::text
