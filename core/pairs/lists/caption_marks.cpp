// Marks around a caption (caption_marks.h).
#include "core/pairs/lists/caption_marks.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 20> kMarks = {
    "<start>", "<end>", "<s>",          "</s>",       "<pad>",         "<bos>",     "<eos>",
    "<sos>",   "<cls>", "<sep>",        "<go>",       "[cls]",         "[sep]",     "[pad]",
    "[bos]",   "[eos]", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>"};
constexpr std::string_view kSpaces = " \t\r\n";

bool drop_mark(std::string_view& text) {
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

}  // namespace ccx::pairs
