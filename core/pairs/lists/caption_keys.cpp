// Telling keys and values of captions (caption_keys.h).
#include "core/pairs/lists/caption_keys.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/joined.h"
#include "core/base/one_of.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 9> kCaptionLists = {
    "changecaption", "changecaptions", "captions",          "sentences",         "sents",
    "descriptions",  "texts",          "changedescription", "changedescriptions"};
constexpr std::array<std::string_view, 10> kCaption = {"caption", "cap",  "sentence", "description", "text",
                                                       "sent",    "desc", "raw",      "comment",     "summary"};
// Those of them that say "captions" whatever stands beside them.
constexpr std::array<std::string_view, 12> kPlain = {"caption",      "captions",  "cap",   "caps",
                                                     "sentence",     "sentences", "sents", "description",
                                                     "descriptions", "desc",      "descs", "captioning"};
constexpr std::array<std::string_view, 12> kLists = {"list",  "lists",      "all",         "array",   "set",  "text",
                                                     "texts", "annotation", "annotations", "strings", "five", "multi"};
constexpr std::array<std::string_view, 9> kLengths = {"short", "long",   "brief",   "detailed", "full",
                                                      "dense", "medium", "concise", "simple"};
constexpr std::array<std::string_view, 36> kBeside = {
    "change",    "changes",    "diff",       "difference", "differences", "pair",     "image", "images",
    "img",       "imgs",       "rs",         "en",         "eng",         "english",  "zh",    "cn",
    "chinese",   "de",         "fr",         "es",         "final",       "raw",      "clean", "cleaned",
    "corrected", "revised",    "natural",    "language",   "bitemporal",  "temporal", "info",  "meta",
    "metadata",  "properties", "attributes", "data"};
// What an object of captions is called.
constexpr std::array<std::string_view, 9> kAround = {"annotation", "annotations", "anno",       "annot",     "info",
                                                     "meta",       "metadata",    "properties", "attributes"};
// Texts of a record that are none about the change.
constexpr std::array<std::string_view, 12> kOthers = {"prompt", "question", "instruction", "query", "system", "license",
                                                      "error",  "warnings", "author",      "note",  "notes",  "title"};

bool is_text_caption(const json& value) {
  if (!value.is_string()) return false;
  const std::string& text = value.get_ref<const std::string&>();
  return !is_missing(value) && !has_picture_extension(text) && text.find_first_not_of(" \t\r\n") != std::string::npos;
}

bool is_caption(const json& value) {
  if (!value.is_object()) return is_text_caption(value);
  return std::any_of(value.items().begin(), value.items().end(), [](const auto& item) {
    return is_one_of(item.key(), std::array<std::string_view, 4>{"raw", "caption", "sentence", "text"}) &&
           is_text_caption(item.value());
  });
}

// Four words and more; or as much in letters of languages that put no blanks between words.
bool is_whole_sentence(const std::string& text) {
  constexpr std::ptrdiff_t kBlanks = 3;
  constexpr std::size_t kLetters = 8;
  constexpr char32_t kFirstWithoutBlanks = 0x0E00;  // Thai
  if (has_picture_extension(text)) return false;
  if (std::count(text.begin(), text.end(), ' ') >= kBlanks) return true;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    letters += point.valid && point.value >= kFirstWithoutBlanks ? 1 : 0;
    at += std::max<std::size_t>(point.length, 1);
  }
  return letters >= kLetters;
}

// ["a", "pond"]: a sentence in words, as of tokenizers.
bool is_in_words(const json& value) {
  constexpr std::size_t kFewest = 2;
  return value.is_array() && value.size() >= kFewest &&
         std::all_of(value.begin(), value.end(), [](const json& item) { return is_text_caption(item); });
}

bool holds_sentences(const json& value, int depth) {
  constexpr int kDeepest = 4;
  if (value.is_string()) return is_whole_sentence(value.get_ref<const std::string&>());
  if (!value.is_structured() || depth == kDeepest) return false;
  return std::any_of(value.items().begin(), value.items().end(), [&](const auto& item) {
    const bool is_other = value.is_object() && is_one_of(item.key(), kOthers);
    return !is_other && holds_sentences(item.value(), depth + 1);
  });
}

std::string base_of(const std::string& key) {
  return joined_text(key_words(key), "");
}

}  // namespace

bool is_one_caption(std::string_view name) {
  return is_one_of(name, kCaption);
}

bool is_caption_list(std::string_view name) {
  return is_one_of(name, kCaptionLists);
}

bool is_caption_word(std::string_view name) {
  return is_one_caption(name) || is_caption_list(name);
}

bool is_caption_key(const Words& plain) {
  bool is_plain = false, has_text = false, has_list = false;
  for (const std::string& word : plain) {
    const bool is_list = is_one_of(word, kLists);
    const bool is_own = is_one_of(word, kPlain);
    is_plain = is_plain || is_own || word == "annotations";
    has_text = has_text || word == "text" || word == "texts";
    has_list = has_list || (is_list && word != "text" && word != "texts") || word == "change" || word == "changes";
    const bool is_beside = is_one_of(word, kLengths) || is_one_of(word, kBeside) || is_one_of(word, kAround);
    if (!is_list && !is_own && !is_beside) return false;
  }
  return is_plain || (has_text && has_list);
}

bool is_caption_of_length(const Words& plain) {
  return is_caption_key(plain) &&
         std::any_of(plain.begin(), plain.end(), [](const std::string& word) { return is_one_of(word, kLengths); });
}

bool are_captions(const json& value) {
  if (value.is_string()) return is_written(value);
  if (!value.is_array()) return false;
  const auto may_be = [](const json& item) { return is_missing(item) || is_caption(item); };
  return std::all_of(value.begin(), value.end(), may_be) && std::any_of(value.begin(), value.end(), is_caption);
}

bool are_in_words(const json& value) {
  return value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), is_in_words);
}

bool holds_sentences(const json& value) {
  return holds_sentences(value, 0);
}

std::string note_of_unread(const std::vector<std::string>& keys) {
  constexpr std::size_t kMost = 4;
  std::string out;
  for (std::size_t i = 0; i < std::min(keys.size(), kMost); ++i)
    out += (out.empty() ? "\"" : i + 1 == keys.size() ? " and \"" : ", \"") + printable(keys[i].substr(0, 60)) + "\"";
  if (keys.size() > kMost) out += ", ...";
  return out + (keys.size() == 1 ? " holds" : " hold") +
         " sentences that are not read: a column of captions is called caption";
}

std::optional<json> with_flat_captions(const json& record) {
  std::optional<json> flat;
  // Most records hold no objects, and there may be millions of them.
  const bool has_object =
      std::any_of(record.begin(), record.end(), [](const json& value) { return value.is_object(); });
  if (!has_object) return flat;
  for (const auto& [key, value] : record.items()) {
    if (!value.is_object() && is_caption_word(base_of(key))) return std::nullopt;
    if (!value.is_object() || !is_one_of(base_of(key), kAround)) continue;
    for (const auto& [name, inner] : value.items()) {
      if (!is_caption_key(key_words(name)) || !are_captions(inner)) continue;
      if (!flat) flat = record;
      (*flat)[key + "." + name] = inner;
    }
  }
  return flat;
}

}  // namespace ccx::pairs
