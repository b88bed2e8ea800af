// Reads a Hugging Face tokenizer.json. What ccx does not implement is refused by name, never ignored.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/text/byte_level.h"
#include "core/text/tokenizer_data.h"
#include "core/text/tokenizer_document.h"

namespace ccx::text {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kLargestId = (std::int64_t{1} << 22) - 1;  // bounds the memory that a hostile id can ask for

constexpr std::size_t kMostSpecial = 64;  // tokens of a vocabulary that are neither bytes nor made of them

class Reader {
 public:
  Reader(std::string_view json, const std::string& source)
      : source_(source), document_(read_tokenizer_document(json, source)), root_(document_.rest) {
    if (!root_.is_object()) fail("expected a JSON object");
  }

  std::shared_ptr<const Tokenizer::Data> read() {
    check_model_options();
    check_no_template();
    const bool normalize = reads_nfc();
    const PreTokenizer pre_tokenizer = read_pre_tokenizer();
    const std::vector<AddedToken> added = read_added_tokens();
    Vocabulary vocabulary = read_vocabulary(added);
    const std::array<std::int32_t, 256> byte_ids = find_byte_ids(vocabulary);
    const std::vector<Merge> merges = read_merges(vocabulary);

    std::vector<bool> special(vocabulary.tokens.size());
    std::set<std::int64_t> special_ids;
    std::vector<AddedToken> before;
    std::vector<AddedToken> after;
    for (AddedToken token : added) {
      if (token.special) {
        special[static_cast<std::size_t>(token.id)] = true;
        special_ids.insert(token.id);
      }
      if (token.normalized && normalize) token.content = nfc(token.content);
      (token.normalized ? after : before).push_back(std::move(token));
    }
    // Built in place: the vocabulary's views must not outlive a copy of its strings, and the encoder holds a mutex.
    return std::shared_ptr<const Tokenizer::Data>(new Tokenizer::Data{source_,
                                                                      std::move(vocabulary),
                                                                      std::move(special),
                                                                      {special_ids.begin(), special_ids.end()},
                                                                      AddedTokenMatcher(std::move(before)),
                                                                      AddedTokenMatcher(std::move(after)),
                                                                      normalize,
                                                                      pre_tokenizer,
                                                                      BytePairEncoder(byte_ids, merges)});
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw InputError(source_ + ": " + what); }

  // The member of an object, or null where it is absent.
  static const Json& member(const Json& object, const char* key) {
    static const Json null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
  }

  static bool is_text(const Json& value, std::string_view text) {
    return value.is_string() && value.get_ref<const std::string&>() == text;
  }

  static bool is_false(const Json& value) { return value.is_boolean() && !value.get<bool>(); }

  std::string type_of(const Json& object, const std::string& where) const {
    const Json& type = object.is_object() ? member(object, "type") : object;
    if (!type.is_string()) fail(where + " has no \"type\"");
    return type.get<std::string>();
  }

  bool flag(const Json& object, const char* key, const std::string& where) const {
    const Json& value = member(object, key);
    if (value.is_null()) return false;
    if (!value.is_boolean()) fail(where + ": \"" + key + "\" must be true or false");
    return value.get<bool>();
  }

  const Json& model() const {
    const Json& model = member(root_, "model");
    if (!model.is_object()) fail("no \"model\": this is not a tokenizer.json of Hugging Face tokenizers");
    return model;
  }

  void check_model_options() const {
    // Older files leave the type out; then the merges tell.
    const Json& type = member(model(), "type");
    if (!type.is_null() && !is_text(type, "BPE")) fail("model type " + type.dump() + ", and ccx reads \"BPE\" alone");
    const auto neutral = [](const Json& value) { return value.is_null() || is_text(value, "") || is_false(value); };
    for (const char* key : {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                            "byte_fallback", "ignore_merges"}) {
      const Json& value = member(model(), key);
      if (!neutral(value)) fail(std::string("model option \"") + key + "\": " + value.dump() + " is not supported");
    }
  }

  void check_no_template() const {
    const Json& processor = member(root_, "post_processor");
    if (processor.is_null()) return;
    const std::string type = type_of(processor, "post_processor");
    if (type != "ByteLevel") fail("post_processor \"" + type + "\" is not supported; Qwen2 has \"ByteLevel\"");
  }

  bool reads_nfc() const {
    const Json& normalizer = member(root_, "normalizer");
    if (normalizer.is_null()) return false;
    const std::string type = type_of(normalizer, "normalizer");
    if (type != "NFC") fail("normalizer \"" + type + "\" is not supported; Qwen2 has \"NFC\"");
    return true;
  }

  PreTokenizer read_pre_tokenizer() const {
    const Json& sequence = member(root_, "pre_tokenizer");
    const Json& steps = sequence.is_object() ? member(sequence, "pretokenizers") : sequence;
    if (!steps.is_array() || steps.size() != 2 || type_of(steps[0], "pre_tokenizer step 1") != "Split" ||
        type_of(steps[1], "pre_tokenizer step 2") != "ByteLevel") {
      fail("pre_tokenizer must be Qwen2's sequence of Split and ByteLevel");
    }
    const Json& split = steps[0];
    const Json& pattern = member(split, "pattern");
    const Json& regex = pattern.is_object() ? member(pattern, "Regex") : pattern;
    if (!regex.is_string() || !is_text(member(split, "behavior"), "Isolated") || flag(split, "invert", "Split")) {
      fail("pre_tokenizer's Split must isolate what a \"Regex\" matches");
    }
    if (flag(steps[1], "add_prefix_space", "ByteLevel") || !is_false(member(steps[1], "use_regex"))) {
      fail("pre_tokenizer's ByteLevel must have add_prefix_space and use_regex false");
    }
    const auto known = PreTokenizer::for_pattern(regex.get<std::string>());
    if (!known) fail("pre_tokenizer splits by a pattern that ccx does not know: " + regex.get<std::string>());
    return *known;
  }

  std::int64_t checked_id(std::int64_t id, const std::string& token) const {
    if (id < 0) fail("token " + quoted(token) + " has the negative id " + std::to_string(id));
    if (id > kLargestId) {
      fail("token " + quoted(token) + " has id " + std::to_string(id) + ", above the limit of " +
           std::to_string(kLargestId));
    }
    return id;
  }

  static std::string quoted(const std::string& token) { return "\"" + token + "\""; }

  std::vector<AddedToken> read_added_tokens() const {
    std::vector<AddedToken> tokens;
    const Json& list = member(root_, "added_tokens");
    if (list.is_null()) return tokens;
    if (!list.is_array()) fail("\"added_tokens\" must be a list");
    for (const Json& item : list) {
      const Json& content = item.is_object() ? member(item, "content") : item;
      if (!item.is_object() || !content.is_string()) fail("an entry of \"added_tokens\" has no \"content\"");
      AddedToken token;
      token.content = content.get<std::string>();
      if (token.content.empty()) continue;
      const std::string where = "added token " + quoted(token.content);
      const Json& id = member(item, "id");
      if (!id.is_number_integer()) fail("the id of token " + quoted(token.content) + " is not a whole number");
      token.id = checked_id(id.get<std::int64_t>(), token.content);
      token.special = flag(item, "special", where);
      token.normalized = flag(item, "normalized", where);
      token.lstrip = flag(item, "lstrip", where);
      token.rstrip = flag(item, "rstrip", where);
      if (flag(item, "single_word", where)) fail(where + ": \"single_word\" is not supported");
      tokens.push_back(std::move(token));
    }
    return tokens;
  }

  Vocabulary read_vocabulary(const std::vector<AddedToken>& added) const {
    if (!member(model(), "vocab").is_object()) fail("model.vocab must map tokens to ids");
    Vocabulary vocabulary;
    for (const auto& [token, id] : document_.vocabulary) put(vocabulary, token, checked_id(id, token));
    for (const AddedToken& token : added) put(vocabulary, token.content, token.id);
    vocabulary.bytes.resize(vocabulary.tokens.size());
    vocabulary.ids.reserve(vocabulary.tokens.size());
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
      const std::string& token = vocabulary.tokens[id];
      if (token.empty()) continue;
      if (!vocabulary.ids.emplace(token, static_cast<std::int32_t>(id)).second) {
        fail("token " + quoted(token) + " has two ids, " + std::to_string(vocabulary.ids[token]) + " and " +
             std::to_string(id));
      }
      vocabulary.bytes[id] = bytes_of_token(token).value_or(token);
    }
    return vocabulary;
  }

  void put(Vocabulary& vocabulary, const std::string& token, std::int64_t id) const {
    if (token.empty()) fail("model.vocab has an empty token");
    const auto index = static_cast<std::size_t>(id);
    if (index >= vocabulary.tokens.size()) vocabulary.tokens.resize(index + 1);
    std::string& place = vocabulary.tokens[index];
    if (!place.empty() && place != token) {
      fail("tokens " + quoted(place) + " and " + quoted(token) + " both have id " + std::to_string(id));
    }
    place = token;
  }

  std::array<std::int32_t, 256> find_byte_ids(const Vocabulary& vocabulary) const {
    std::array<std::int32_t, 256> ids{};
    for (int byte = 0; byte < 256; ++byte) {
      std::string token;
      append_utf8(token, byte_to_character(static_cast<unsigned char>(byte)));
      const auto found = vocabulary.ids.find(token);
      if (found == vocabulary.ids.end()) {
        fail("model.vocab has no token for the byte " + std::to_string(byte) + " (" + quoted(token) +
             "): it is not a byte-level vocabulary");
      }
      ids[static_cast<std::size_t>(byte)] = found->second;
    }
    return ids;
  }

  std::vector<Merge> read_merges(const Vocabulary& vocabulary) const {
    if (!member(model(), "merges").is_array()) fail("model.merges must be a list");
    constexpr std::size_t kBytes = 256;
    if (document_.merges.empty() && document_.vocabulary.size() > kBytes + kMostSpecial) {
      fail("model.merges is empty although model.vocab has " + std::to_string(document_.vocabulary.size()) +
           " tokens, which merges make of bytes: the file is incomplete");
    }
    std::vector<Merge> merges;
    merges.reserve(document_.merges.size());
    for (const auto& [left, right] : document_.merges) {
      const auto id_of = [&](const std::string& token) {
        const auto found = vocabulary.ids.find(token);
        if (found == vocabulary.ids.end()) {
          fail("model.merges[" + std::to_string(merges.size()) + "]: " + quoted(token) + " is not in model.vocab");
        }
        return found->second;
      };
      merges.push_back({id_of(left), id_of(right), id_of(left + right)});
    }
    return merges;
  }

  const std::string& source_;
  TokenizerDocument document_;
  const Json& root_;
};

}  // namespace

std::shared_ptr<const Tokenizer::Data> parse_tokenizer_json(std::string_view json, const std::string& source) {
  return Reader(json, source).read();
}

}  // namespace ccx::text
