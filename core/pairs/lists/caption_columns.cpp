// Telling columns of captions (caption_columns.h).
#include "core/pairs/lists/caption_columns.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/caption_keys.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 10> kReferences = {
    "references", "reference", "refs", "ref", "gts", "gt", "groundtruths", "groundtruth", "humancaptions", "targets"};
constexpr std::array<std::string_view, 8> kAnswers = {"answer",    "response",   "output",     "result",
                                                      "candidate", "generation", "completion", "reply"};
constexpr std::array<std::string_view, 17> kModelWords = {
    "pred",    "prediction", "predicted", "predictions", "hypothesis", "hyp", "generated", "hypo",    "preds",
    "predict", "gen",        "hyps",      "guess",       "decoded",    "res", "ours",      "inferred"};
// Of a model where a word for a caption stands beside them: "model answer", "caption_ours", "my_caption". Alone they
// may name the model.
constexpr std::array<std::string_view, 10> kModelNames = {"model", "sys",     "system", "our",       "ai",
                                                          "auto",  "machine", "my",     "candidate", "output"};
// Texts beside a caption that are none.
constexpr std::array<std::string_view, 24> kNoCaptions = {
    "prompt", "question", "instruction", "query",   "input",   "system", "user",         "note",
    "notes",  "title",    "category",    "type",    "model",   "source", "author",       "date",
    "time",   "place",    "location",    "license", "context", "error",  "errormessage", "warnings"};
constexpr std::array<std::string_view, 9> kPeopleWords = {"ref",   "reference", "gt",  "truth", "ground",
                                                          "human", "gold",      "gts", "refs"};

// Whether a column is called by a word of another language, which is `english`.
bool is_foreign(const std::string& key, const std::string& english) {
  std::string letters;
  for (const char c : ascii::lower(key)) {
    if (ascii::is_letter(c) || static_cast<unsigned char>(c) >= 0x80) letters += c;
  }
  return letters.find(english) == std::string::npos;
}

bool is_caption_name(const Words& words) {
  const std::string name = joined_text(words, "");
  return is_caption_word(name) || name == "answer";
}

// Words of which some say whose caption it is and the rest "caption".
template <std::size_t N>
bool is_caption_of(const Words& words, const std::array<std::string_view, N>& owners,
                   bool (*is_caption)(const Words&) = is_caption_name) {
  Words rest;
  bool has_owner = false;
  for (const std::string& word : words) {
    if (is_one_of(word, owners)) {
      has_owner = true;
    } else if (!is_number(word)) {
      rest.push_back(word);
    }
  }
  return has_owner && (rest.empty() || is_caption(rest));
}

Words without_numbers(const std::string& key) {
  Words out;
  for (std::string& word : key_words(key)) {
    if (!is_number(word)) out.push_back(std::move(word));
  }
  return out;
}
long long number_in(const std::string& key) {
  for (const std::string& word : key_words(key)) {
    if (is_number(word) && word.size() < 9) return std::stoll(word);
  }
  return 0;
}
bool by_number(const std::string& a, const std::string& b) {
  return std::pair(number_in(a), a) < std::pair(number_in(b), b);
}
bool is_numbered(const std::vector<std::string>& keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [&](const std::string& key) { return without_numbers(key) == without_numbers(keys[0]); });
}

// "long_caption" and "short_caption": several of one pair.
bool are_lengths(const std::vector<std::string>& keys) {
  return std::all_of(keys.begin(), keys.end(),
                     [](const std::string& key) { return is_caption_of_length(without_numbers(key)); });
}
std::string both_are_read(const std::vector<std::string>& keys) {
  return "\"" + keys[0] + "\" and \"" + keys[1] + "\" are read as captions of one pair";
}

// Captions that are numbered by years may tell of one date each.
void tell_of_years(Columns& out) {
  constexpr long long kFirstYear = 1900;
  if (out.captions.size() > 1 && number_in(out.captions[0]) >= kFirstYear) {
    out.notes.push_back("\"" + out.captions[0] + "\" and \"" + out.captions[1] +
                        "\" are read as captions of the change, not of one date each");
  }
}

}  // namespace

void CaptionColumns::look_at(const std::string& key, const Words& words, const Words& plain, const json& value,
                             bool has_other_meaning) {
  const std::string base = joined_text(plain, "");
  const bool is_text = value.is_string() && is_sentence(value.get_ref<const std::string&>());
  const bool is_one = is_one_caption(base);
  if (is_caption_of(plain, kModelWords) || (plain.size() > 1 && is_caption_of(plain, kModelNames))) {
    predictions_.push_back(key);
  } else if (is_one_of(base, kReferences) || is_caption_of(plain, kPeopleWords) ||
             (are_captions(value) && is_caption_of(plain, kPeopleWords, is_caption_key))) {
    references_.push_back(key);
  } else if (is_caption_list(base) || base == "changes" || base == "change") {
    lists_.push_back(key);
  } else if (is_one && !is_foreign(key, base)) {
    single_.push_back(key);
  } else if (is_one_of(base, kAnswers) && value.is_string()) {
    answers_.push_back(key);
  } else if (!is_one && is_caption_key(plain) && are_captions(value)) {
    const bool is_list = std::any_of(plain.begin(), plain.end(),
                                     [](const std::string& word) { return word == "list" || word == "all"; });
    if (value.is_array() || is_list) {
      listed_.push_back(key);
    } else {
      suffixed_.push_back(key);
    }
  } else if (!is_one && is_caption_key(plain) && are_in_words(value)) {
    unread_texts_.push_back(key);
  } else if (is_one || (words.size() > 1 && is_caption_word(words[0]) && is_written(value))) {
    suffixed_.push_back(key);
  } else if (is_text && !has_other_meaning && !is_one_of(base, kNoCaptions)) {
    const bool may_answer = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return is_one_of(word, kAnswers) || is_caption_word(word);
    });
    (may_answer ? rival_texts_ : other_texts_).push_back(key);
  } else if (!has_other_meaning && !is_one_of(base, kNoCaptions)) {
    look_for_sentences(key, value);
  }
}

void CaptionColumns::look_for_sentences(const std::string& key, const json& value) {
  const Words words = key_words(key);
  // Of captions a few words are enough.
  const bool says_caption = value.is_array() && std::any_of(words.begin(), words.end(), is_caption_word) &&
                            std::any_of(value.begin(), value.end(), is_written);
  if (says_caption || holds_sentences(value)) unread_texts_.push_back(key);
}

void CaptionColumns::give(const std::string& where, Columns& out) {
  out.rival_texts.insert(out.rival_texts.end(), rival_texts_.begin(), rival_texts_.end());
  out.other_texts.insert(out.other_texts.end(), other_texts_.begin(), other_texts_.end());
  out.unread_texts = unread_texts_;
  if (predictions_.size() > 1) {
    throw InputError(where + ": the model's caption may be \"" + predictions_[0] + "\" or \"" + predictions_[1] +
                     "\"; leave one out");
  }
  if (!predictions_.empty()) out.prediction = predictions_[0];
  if (single_.size() == 1) out.caption = single_[0];
  const bool is_only = lists_.empty() && listed_.empty() && single_.empty() && predictions_.empty();
  if (out.caption.empty() && is_only && answers_.size() == 1 && out.conversations.empty()) {
    out.caption = answers_[0];
  } else {
    out.rival_texts.insert(out.rival_texts.end(), answers_.begin(), answers_.end());
  }
  out.captions_are_references = !references_.empty();
  give_listed(out);
  give_suffixed(out);
  if (single_.size() > 1) {
    if (is_numbered(single_)) {
      if (lists_.empty()) lists_ = single_;
    } else {
      give_one_of_several(where, out);
    }
  }
  out.captions = !references_.empty() ? references_ : lists_;
  if (!references_.empty() && !lists_.empty()) {
    out.notes.push_back("the captions that people wrote are taken from \"" + references_[0] + "\", not from \"" +
                        lists_[0] + "\"");
  }
  if (out.captions.size() > 1 && !is_numbered(out.captions) && !are_lengths(out.captions)) {
    throw InputError(where + ": the captions may be \"" + out.captions[0] + "\" or \"" + out.captions[1] +
                     "\"; leave one column out");
  }
  std::sort(out.captions.begin(), out.captions.end(), by_number);
  tell_of_years(out);
}

// "caption_list" is the list of captions where no other is.
void CaptionColumns::give_listed(Columns& out) {
  if (listed_.empty()) return;
  if (!lists_.empty()) {
    out.notes.push_back("the captions of \"" + listed_[0] + "\" are not read beside the others");
  } else if (listed_.size() > 1 && !is_numbered(listed_) && !are_lengths(listed_)) {
    out.notes.push_back("no captions are read: they may be \"" + listed_[0] + "\" or \"" + listed_[1] +
                        "\"; call one of them captions");
  } else {
    lists_ = listed_;
    if (listed_.size() > 1 && are_lengths(listed_)) out.notes.push_back(both_are_read(listed_));
  }
}

// "caption_en" and "Beschreibung" are the caption where no other is.
void CaptionColumns::give_suffixed(Columns& out) {
  if (suffixed_.empty()) return;
  const bool has_others = out.has_captions() || !predictions_.empty() || !lists_.empty() || !single_.empty();
  if (has_others) {
    out.rival_texts.insert(out.rival_texts.end(), suffixed_.begin(), suffixed_.end());
    out.notes.push_back("the captions of \"" + suffixed_[0] + "\" are not read beside the others");
  } else if (suffixed_.size() > 1 && is_numbered(suffixed_)) {
    lists_ = suffixed_;
  } else if (suffixed_.size() > 1 && are_lengths(suffixed_)) {
    out.caption = suffixed_[0];
    out.more_captions.assign(suffixed_.begin() + 1, suffixed_.end());
    out.notes.push_back(both_are_read(suffixed_));
  } else if (suffixed_.size() > 1) {
    out.notes.push_back("no captions are read: they may be \"" + suffixed_[0] + "\" or \"" + suffixed_[1] +
                        "\"; call one of them caption");
  } else {
    out.caption = suffixed_[0];
  }
}

// "caption" is the caption where "text" or "comment" stands beside it, and one of several where "sentence" does.
void CaptionColumns::give_one_of_several(const std::string& where, Columns& out) const {
  for (const std::string& key : single_) {
    if (joined_text(key_words(key), "") == "caption") out.caption = key;
  }
  if (out.caption.empty()) {
    throw InputError(where + ": the caption may be \"" + single_[0] + "\" or \"" + single_[1] +
                     "\"; leave one out, or call it caption");
  }
  for (const std::string& key : single_) {
    if (key == out.caption) continue;
    const std::string name = joined_text(without_numbers(key), "");
    if (name == "text" || name == "comment" || name == "summary") {
      out.notes.push_back("captions are taken from \"" + out.caption + "\", not from \"" + key + "\"");
    } else {
      out.more_captions.push_back(key);
    }
  }
}

}  // namespace ccx::pairs
