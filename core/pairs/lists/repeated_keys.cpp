// Looks for repeated keys (repeated_keys.h). The text has been parsed before, so that only its strings and brackets are
// looked at here.
#include "core/pairs/lists/repeated_keys.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

// The keys of one object; few as a rule.
class Keys {
 public:
  bool add(std::string_view key) {
    constexpr std::size_t kFew = 24;
    if (many_.empty() && few_.size() < kFew) {
      if (std::find(few_.begin(), few_.end(), key) != few_.end()) return false;
      few_.push_back(key);
      return true;
    }
    if (many_.empty()) many_.insert(few_.begin(), few_.end());
    return many_.insert(key).second;
  }

 private:
  std::vector<std::string_view> few_;
  std::unordered_set<std::string_view> many_;
};

}  // namespace

void require_keys_once(std::string_view text, const std::string& where) {
  std::vector<Keys> objects;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at++];
    if (c == '{') objects.emplace_back();
    if (c == '}' && !objects.empty()) objects.pop_back();
    if (c != '"') continue;
    const std::size_t start = at;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
    const std::string_view key = text.substr(start, std::min(at, text.size()) - start);
    ++at;
    const std::size_t next = text.find_first_not_of(" \t\r\n", at);
    if (next == std::string_view::npos || text[next] != ':' || objects.empty() || objects.back().add(key)) continue;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(start), '\n');
    throw InputError(
        where + (line > 1 ? ", line " + std::to_string(line) : "") + ": the key \"" +
        printable(std::string(key.substr(0, 80))) +
        "\" stands twice in one object, and JSON keeps one value a key: write both under keys of their own");
  }
}

}  // namespace ccx::pairs
