#include "train/data/tokenizer_trainer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/io/atomic_directory.h"
#include "core/io/file.h"
#include "core/io/stdin.h"
#include "core/text/byte_level.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/prompt.h"
#include "train/data/dataset.h"

namespace ccx::train {
namespace {

// As tokenizer.json spells Qwen2's split.
constexpr const char* kPattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|"
    "\\s+(?!\\S)|\\s+";
constexpr const char* kSpecials[] = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};

// GPT-2's order: bytes that print keep their order and come first, the others follow.
std::vector<unsigned char> bytes_in_order() {
  std::vector<unsigned char> printed;
  std::vector<unsigned char> others;
  for (int byte = 0; byte < 256; ++byte) {
    const auto b = static_cast<unsigned char>(byte);
    (text::byte_to_character(b) == static_cast<char32_t>(byte) ? printed : others).push_back(b);
  }
  printed.insert(printed.end(), others.begin(), others.end());
  return printed;
}

using Pair = std::pair<int, int>;

struct Word {
  std::vector<int> tokens;
  int64_t count = 0;
};

// Pair counts that are kept up to date while words change, and in which words a pair occurs.
class PairTable {
 public:
  explicit PairTable(std::vector<Word>& words) : words_(words) {
    for (size_t i = 0; i < words_.size(); ++i) add(i, +1);
  }

  // The most frequent pair; of equals the smallest.
  std::pair<Pair, int64_t> best() const {
    if (ordered_.empty()) return {{-1, -1}, 0};
    const auto& [negative, pair] = *ordered_.begin();
    return {pair, -negative};
  }

  void merge(Pair pair, int token) {
    const std::set<size_t> holders = std::move(where_[pair]);
    where_.erase(pair);
    for (const size_t index : holders) {
      add(index, -1);
      std::vector<int>& tokens = words_[index].tokens;
      std::vector<int> merged;
      for (size_t i = 0; i < tokens.size(); ++i) {
        if (i + 1 < tokens.size() && tokens[i] == pair.first && tokens[i + 1] == pair.second) {
          merged.push_back(token);
          ++i;
        } else {
          merged.push_back(tokens[i]);
        }
      }
      tokens = std::move(merged);
      add(index, +1);
    }
  }

 private:
  void add(size_t index, int sign) {
    const Word& word = words_[index];
    for (size_t i = 0; i + 1 < word.tokens.size(); ++i) {
      const Pair pair{word.tokens[i], word.tokens[i + 1]};
      int64_t& count = counts_[pair];
      if (count > 0) ordered_.erase({-count, pair});
      count += sign * word.count;
      if (count > 0) ordered_.insert({-count, pair});
      if (sign > 0) where_[pair].insert(index);
    }
  }

  std::vector<Word>& words_;
  std::map<Pair, int64_t> counts_;
  std::map<Pair, std::set<size_t>> where_;
  std::set<std::pair<int64_t, Pair>> ordered_;  // by falling count
};

void count_words(const std::string& text, const text::PreTokenizer& pieces, int64_t times,
                 std::map<std::string, int64_t>& counts) {
  const std::string normal = nfc(replace_invalid_utf8(text));
  for (const std::string_view piece : pieces.split(normal)) counts[std::string(piece)] += times;
}

// The words that every sample holds around its caption.
void count_prompt(const text::PreTokenizer& pieces, std::map<std::string, int64_t>& counts) {
  int64_t most = 1;
  for (const auto& [word, count] : counts) most = std::max(most, count);
  const text::PromptText prompt;
  std::string question = prompt.question;
  for (size_t at = question.find(text::kImagePlaceholder); at != std::string::npos;
       at = question.find(text::kImagePlaceholder)) {
    count_words(question.substr(0, at), pieces, most, counts);
    question.erase(0, at + text::kImagePlaceholder.size());
  }
  for (const std::string& part :
       {question, prompt.system, std::string("system\n"), std::string("user\n"), std::string("assistant\n")}) {
    count_words(part, pieces, most, counts);
  }
}

}  // namespace

Merges train_merges(const std::vector<std::string>& texts, const TokenizerTraining& options) {
  if (options.vocabulary < 512 || options.vocabulary > (1 << 20)) {
    throw UsageError("--vocab must be 512 to 1048576: 256 bytes, 3 special tokens, and merges");
  }
  const text::PreTokenizer pieces = *text::PreTokenizer::for_pattern(kPattern);
  std::map<std::string, int64_t> counts;
  for (const std::string& text : texts) {
    // A caption stands after a newline; in running text words follow a space. Both forms get tokens.
    count_words(text, pieces, 1, counts);
  }
  count_prompt(pieces, counts);

  Merges result;
  int ids[256] = {};
  for (const unsigned char byte : bytes_in_order()) {
    std::string token;
    append_utf8(token, text::byte_to_character(byte));
    ids[byte] = static_cast<int>(result.vocabulary.size());
    result.vocabulary.push_back(std::move(token));
  }
  std::vector<Word> words;
  for (const auto& [piece, count] : counts) {
    Word word;
    word.count = count;
    for (const char c : piece) word.tokens.push_back(ids[static_cast<unsigned char>(c)]);
    words.push_back(std::move(word));
  }

  PairTable table(words);
  const size_t wanted = static_cast<size_t>(options.vocabulary) - std::size(kSpecials);
  std::set<std::string> known(result.vocabulary.begin(), result.vocabulary.end());
  while (result.vocabulary.size() < wanted) {
    const auto [pair, count] = table.best();
    if (count < options.min_count || count == 0) break;
    const std::string left = result.vocabulary[static_cast<size_t>(pair.first)];
    const std::string right = result.vocabulary[static_cast<size_t>(pair.second)];
    // Two ways to one string share a token, as vocabularies are by name.
    int token = static_cast<int>(result.vocabulary.size());
    if (known.insert(left + right).second) {
      result.vocabulary.push_back(left + right);
    } else {
      const auto found = std::find(result.vocabulary.begin(), result.vocabulary.end(), left + right);
      token = static_cast<int>(found - result.vocabulary.begin());
    }
    result.merges.emplace_back(left, right);
    table.merge(pair, token);
  }
  for (const char* special : kSpecials) result.vocabulary.emplace_back(special);
  return result;
}

namespace {

using Json = nlohmann::ordered_json;

// The special tokens in the three forms that the files of a tokenizer have them in.
struct AddedTokens {
  Json list = Json::array();      // tokenizer.json
  Json ids = Json::object();      // added_tokens.json
  Json decoder = Json::object();  // tokenizer_config.json
};

AddedTokens added_tokens(const Merges& merges, size_t first) {
  AddedTokens added;
  for (size_t id = first; id < merges.vocabulary.size(); ++id) {
    const Json flags = {{"content", merges.vocabulary[id]},
                        {"single_word", false},
                        {"lstrip", false},
                        {"rstrip", false},
                        {"normalized", false},
                        {"special", true}};
    Json with_id = {{"id", id}};
    with_id.update(flags);
    added.list.push_back(with_id);
    added.ids[merges.vocabulary[id]] = id;
    added.decoder[std::to_string(id)] = flags;
  }
  return added;
}

// Of the tokens before `count`.
Json vocabulary_json(const Merges& merges, size_t count) {
  Json vocabulary = Json::object();
  for (size_t id = 0; id < count; ++id) vocabulary[merges.vocabulary[id]] = id;
  return vocabulary;
}

std::string merges_txt(const Merges& merges) {
  std::string text = "#version: 0.2\n";
  for (const auto& [left, right] : merges.merges) text += left + " " + right + "\n";
  return text;
}

Json tokenizer_json(const Merges& merges, const Json& vocabulary, const AddedTokens& added) {
  Json pairs = Json::array();
  for (const auto& [left, right] : merges.merges) pairs.push_back(left + " " + right);
  const Json byte_level = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", false}};
  const Json split = {
      {"type", "Split"}, {"pattern", {{"Regex", kPattern}}}, {"behavior", "Isolated"}, {"invert", false}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added.list},
          {"normalizer", {{"type", "NFC"}}},
          {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", Json::array({split, byte_level})}}},
          {"post_processor", byte_level},
          {"decoder", byte_level},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"ignore_merges", false},
            {"vocab", vocabulary},
            {"merges", pairs}}}};
}

Json config_json(const AddedTokens& added) {
  const char* const chat_template =
      "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
      "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}"
      "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
  return {{"tokenizer_class", "Qwen2Tokenizer"},
          {"added_tokens_decoder", added.decoder},
          {"additional_special_tokens", {"<|im_start|>", "<|im_end|>"}},
          {"bos_token", nullptr},
          {"eos_token", "<|im_end|>"},
          {"pad_token", "<|endoftext|>"},
          {"unk_token", nullptr},
          {"errors", "replace"},
          {"clean_up_tokenization_spaces", false},
          {"split_special_tokens", false},
          {"padding_side", "right"},
          {"model_max_length", 32768},
          {"chat_template", chat_template}};
}

Json special_tokens_map() {
  return {{"additional_special_tokens", {"<|im_start|>", "<|im_end|>"}},
          {"eos_token", "<|im_end|>"},
          {"pad_token", "<|endoftext|>"}};
}

}  // namespace

void write_tokenizer(const std::filesystem::path& directory, const Merges& merges, bool overwrite) {
  io::AtomicDirectory folder(directory, overwrite, {"tokenizer", io::kMarkerFile, {}});
  const size_t plain = merges.vocabulary.size() - std::size(kSpecials);
  const Json vocabulary = vocabulary_json(merges, plain);
  const AddedTokens added = added_tokens(merges, plain);
  const auto write = [&](const char* name, const std::string& text) {
    io::write_file_atomically(folder.path() / name, text);
  };
  write("vocab.json", vocabulary.dump() + "\n");
  write("merges.txt", merges_txt(merges));
  write("added_tokens.json", added.ids.dump(2) + "\n");
  write("special_tokens_map.json", special_tokens_map().dump(2) + "\n");
  write("tokenizer_config.json", config_json(added).dump(2) + "\n");
  write("tokenizer.json", tokenizer_json(merges, vocabulary, added).dump(2) + "\n");
  folder.commit();
}

std::vector<std::string> read_training_text(const std::string& path) {
  const std::filesystem::path file = path;
  std::vector<std::string> texts;
  if (path.rfind("scenes:", 0) == 0) return read_captions(path);
  if (std::filesystem::is_directory(file) || file.extension() == ".json" || file.extension() == ".jsonl" ||
      file.extension() == ".csv" || file.extension() == ".tsv") {
    return read_captions(path);
  }
  std::istringstream in(path == "-" ? io::read_stdin() : io::read_file(file));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) texts.push_back(line);
  }
  return texts;
}

}  // namespace ccx::train
