// Sentences of no change from a file, apart from the rest because the web build has no files.
#include "core/pairs/lists/no_change_file.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/stdin.h"

namespace ccx::pairs {

std::vector<std::string> read_no_change_sentences(const std::filesystem::path& path) {
  const std::string content = path == "-" ? io::read_stdin() : io::read_file(path);
  std::vector<std::string> sentences;
  const auto add = [&](const std::string& sentence) {
    if (!normalise_sentence(sentence).empty()) sentences.push_back(sentence);
  };
  const std::size_t first = content.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string::npos && (content[first] == '[' || content[first] == '{')) {
    nlohmann::json list = io::parse_json<nlohmann::json>(content, path.string());
    if (list.is_object()) {
      if (!list.contains("no_change_sentences"))
        throw InputError(path.string() + ": there is no \"no_change_sentences\" in it");
      list = nlohmann::json(list["no_change_sentences"]);
    }
    if (!list.is_array()) throw InputError(path.string() + ": sentences of no change must be a list of texts");
    for (const nlohmann::json& sentence : list) {
      if (!sentence.is_string()) throw InputError(path.string() + ": sentences of no change must be a list of texts");
      add(sentence.get<std::string>());
    }
  } else {
    std::size_t at = content.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
    while (at < content.size()) {
      const std::size_t end = std::min(content.find('\n', at), content.size());
      std::string line = content.substr(at, end - at);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      add(line);
      at = end + 1;
    }
  }
  if (sentences.empty()) throw InputError(path.string() + " holds no sentence; write one a line");
  return sentences;
}

}  // namespace ccx::pairs
