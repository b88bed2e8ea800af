// Marks and quotes around a caption (caption_marks.h).
#include "core/pairs/lists/caption_marks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/counted.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 36> kMarks = {"<start>",
                                                     "<end>",
                                                     "<s>",
                                                     "</s>",
                                                     "<pad>",
                                                     "<bos>",
                                                     "<eos>",
                                                     "<sos>",
                                                     "<cls>",
                                                     "<sep>",
                                                     "<go>",
                                                     "<null>",
                                                     "<nul>",
                                                     "<stop>",
                                                     "<startseq>",
                                                     "<endseq>",
                                                     "[cls]",
                                                     "[sep]",
                                                     "[pad]",
                                                     "[bos]",
                                                     "[eos]",
                                                     "[sos]",
                                                     "[start]",
                                                     "[end]",
                                                     "[null]",
                                                     "<|im_start|>",
                                                     "<|im_end|>",
                                                     "<|endoftext|>",
                                                     "<|startoftext|>",
                                                     "<|begin_of_text|>",
                                                     "<|end_of_text|>",
                                                     "<|eot_id|>",
                                                     "<|end|>",
                                                     "<|assistant|>",
                                                     "<start_of_turn>",
                                                     "<end_of_turn>"};
// Words that are no English.
constexpr std::array<std::string_view, 2> kMarkWords = {"startseq", "endseq"};
struct Quotes {
  std::string_view open, close;
};
constexpr std::array<Quotes, 8> kQuotes = {
    {{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"「", "」"}, {"'", "'"}, {"‘", "’"}, {"`", "`"}}};
constexpr std::string_view kSpaces = " \t\r\n";

bool drop_word(std::string_view& text) {
  for (const std::string_view word : kMarkWords) {
    if (text == word) {
      text = {};
      return true;
    }
    if (text.size() <= word.size()) continue;
    if (text.starts_with(word) && kSpaces.find(text[word.size()]) != kSpaces.npos) {
      text = ascii::trimmed(text.substr(word.size()));
      return true;
    }
    if (text.ends_with(word) && kSpaces.find(text[text.size() - word.size() - 1]) != kSpaces.npos) {
      text = ascii::trimmed(text.substr(0, text.size() - word.size()));
      return true;
    }
  }
  return false;
}

bool drop_mark(std::string_view& text) {
  if (drop_word(text)) return true;
  if (text.empty() || ((text.front() != '<' && text.front() != '[') && (text.back() != '>' && text.back() != ']'))) {
    return false;  // most captions, of which there may be a million
  }
  for (const std::string_view mark : kMarks) {
    if (text.size() < mark.size()) continue;
    if (ascii::lower(text.substr(0, mark.size())) == mark) {
      text = ascii::trimmed(text.substr(mark.size()));
      return true;
    }
    if (ascii::lower(text.substr(text.size() - mark.size())) == mark) {
      text = ascii::trimmed(text.substr(0, text.size() - mark.size()));
      return true;
    }
  }
  return false;
}

// "assistant", behind a mark, before a colon or on a line of its own.
bool drop_speaker(std::string_view& text, bool follows_mark) {
  constexpr std::string_view kSpeaker = "assistant";
  if (ascii::lower(text.substr(0, kSpeaker.size())) != kSpeaker) return false;
  const std::string_view rest = text.substr(kSpeaker.size());
  const bool is_speaker = rest.empty() ? follows_mark
                                       : rest[0] == ':' || rest[0] == '\n' || rest[0] == '\r' ||
                                             (follows_mark && kSpaces.find(rest[0]) != kSpaces.npos);
  if (!is_speaker) return false;
  text = ascii::trimmed(!rest.empty() && rest[0] == ':' ? rest.substr(1) : rest);
  return true;
}

}  // namespace

std::string without_marks(std::string_view caption) {
  std::string_view text = ascii::trimmed(caption);
  bool has_mark = false, is_less = false;
  while (drop_mark(text)) has_mark = is_less = true;
  if (drop_speaker(text, has_mark)) {
    is_less = true;
    while (drop_mark(text)) {
    }
  }
  return std::string(is_less ? text : caption);
}

std::string without_quotes(const std::string& caption) {
  const std::string_view text = ascii::trimmed(caption);
  for (const Quotes& quotes : kQuotes) {
    if (text.size() <= quotes.open.size() + quotes.close.size()) continue;
    if (!text.starts_with(quotes.open) || !text.ends_with(quotes.close)) continue;
    const std::string_view inner =
        text.substr(quotes.open.size(), text.size() - quotes.open.size() - quotes.close.size());
    // "left" and "right": two quotes, not one around all.
    const bool is_one = inner.find(quotes.open) == inner.npos && inner.find(quotes.close) == inner.npos;
    if (is_one && !ascii::trimmed(inner).empty()) return std::string(ascii::trimmed(inner));
  }
  return caption;
}

namespace {

// How many captions a way of writing them changed, and the first as it was.
struct Changed {
  std::size_t count = 0;
  std::string example;
  std::string captions() const { return counted(count, "caption"); }
  std::string such_as() const { return ", such as '" + printable(example) + "'"; }
};

}  // namespace

std::vector<std::string> take_dress_off(const std::vector<std::string*>& captions) {
  Changed marked, quoted;
  std::size_t filled = 0;
  for (std::string* caption : captions) {
    std::string plain = without_marks(*caption);
    if (plain != *caption && marked.count++ == 0) marked.example = *caption;
    *caption = std::move(plain);
    filled += ascii::trimmed(*caption).empty() ? 0 : 1;
    if (without_quotes(*caption) != *caption && quoted.count++ == 0) quoted.example = *caption;
  }
  std::vector<std::string> notes;
  if (marked.count > 0) {
    notes.push_back(marked.captions() + (marked.count == 1 ? " has" : " have") +
                    " marks of a tokenizer or a chat at the ends" + marked.such_as() + ": they are left out");
  }
  const bool are_all = 10 * quoted.count >= 9 * filled;
  if (quoted.count > 0 && are_all) {
    for (std::string* caption : captions) *caption = without_quotes(*caption);
  }
  if (quoted.count > 0) {
    notes.push_back(quoted.captions() + (quoted.count == 1 ? " stands" : " stand") + " in quotes" + quoted.such_as() +
                    (are_all ? ": the quotes are left out"
                             : ": the quotes are kept, as the other captions have none; leave them out where they are "
                               "no part of the text"));
  }
  return notes;
}

}  // namespace ccx::pairs
