// Captions out of talks (conversations.h).
#include "core/pairs/lists/conversations.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/ascii.h"
#include "core/base/error.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

bool holds_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// Text, or chat's list of parts of which some are text.
std::string content_of(const json& turn, const std::string& where) {
  for (const char* key : {"value", "content", "text"}) {
    const auto found = turn.find(key);
    if (found == turn.end()) continue;
    if (found->is_string()) return found->get<std::string>();
    if (found->is_array()) {
      std::string out;
      for (const json& part : *found) {
        const auto text = part.is_object() ? part.find("text") : part.end();
        if (part.is_object() && text != part.end() && text->is_string()) out += text->get<std::string>();
      }
      return out;
    }
  }
  throw InputError(where + ": a turn of its talk has no text in \"value\" or \"content\"");
}

std::string speaker_of(const json& turn, const std::string& where) {
  for (const char* key : {"from", "role"}) {
    const auto found = turn.find(key);
    if (found != turn.end() && found->is_string()) return ascii::lower(found->get<std::string>());
  }
  throw InputError(where + ": a turn of its talk does not say who speaks (\"from\" or \"role\")");
}

// Questions that a caption does not answer, and answers that are none.
bool is_about_something_else(const std::string& question, const std::string& answer) {
  if (holds_any(ascii::lower(question),
                {"yes or no", "how many", "number of", "count the", "locat", "where", "bounding box", "coordinates",
                 "grid", "which class", "segment", "classif", "percent", "area of", "binary"})) {
    return true;
  }
  const std::string plain = ascii::lower(answer);
  const std::size_t first = plain.find_first_not_of(" \n");
  if (first == std::string::npos) return true;
  const bool has_space = plain.find(' ', first) < plain.find_last_not_of(" .\n");
  return !has_space || plain[first] == '[' || plain[first] == '{';  // one word, a box, a number
}

}  // namespace

std::vector<std::string> answers_of(const json& turns, const std::string& where, std::size_t* others) {
  std::vector<std::string> out;
  std::string question;
  for (const json& turn : turns) {
    if (!turn.is_object()) throw InputError(where + ": a turn of its talk is no object");
    const std::string speaker = speaker_of(turn, where);
    const std::string content = content_of(turn, where);
    if (speaker != "gpt" && speaker != "assistant" && speaker != "model" && speaker != "bot") {
      if (speaker != "system") question = content;
    } else if (is_about_something_else(question, content)) {
      if (others != nullptr) ++*others;
    } else {
      out.push_back(content);
    }
  }
  return out;
}

}  // namespace ccx::pairs
