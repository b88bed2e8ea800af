// Shell patterns over relative paths (glob.h).
#include "core/pairs/glob.h"

#include <cstddef>
#include <set>
#include <utility>

namespace ccx::pairs {
namespace {

class GlobMatch {
 public:
  GlobMatch(std::string_view pattern, std::string_view path) : pattern_(pattern), path_(path) {}

  std::optional<std::vector<std::string>> run() {
    if (!match(0, 0)) return std::nullopt;
    return std::vector<std::string>(taken_.rbegin(), taken_.rend());
  }

 private:
  // Fills taken_ from the last wildcard to the first. A place that failed once is not tried again, so that the time
  // grows with the product of the lengths and no faster.
  bool match(std::size_t p, std::size_t t) {
    if (failed_.count({p, t}) != 0) return false;
    if (step(p, t)) return true;
    failed_.emplace(p, t);
    return false;
  }

  bool step(std::size_t p, std::size_t t) {
    if (p == pattern_.size()) return t == path_.size();
    const char c = pattern_[p];
    if (c == '*') return star(p, t);
    if (t == path_.size()) return false;
    if (c == '?') return path_[t] != '/' && match(p + 1, t + 1) && take(t, t + 1);
    if (c == '[') {
      if (const std::size_t end = pattern_.find(']', p + 2); end != std::string_view::npos) {
        return in_set(pattern_.substr(p + 1, end - p - 1), path_[t]) && match(end + 1, t + 1) && take(t, t + 1);
      }
    }
    return c == path_[t] && match(p + 1, t + 1);
  }

  bool star(std::size_t p, std::size_t t) {
    const bool crosses = p + 1 < pattern_.size() && pattern_[p + 1] == '*';
    std::size_t next = p + (crosses ? 2 : 1);
    std::size_t longest = t;
    while (longest < path_.size() && (crosses || path_[longest] != '/')) ++longest;
    const bool takes_slash = crosses && next < pattern_.size() && pattern_[next] == '/';
    for (std::size_t end = longest + 1; end-- > t;) {
      if (takes_slash) {
        // "a/**/b" is also "a/b": the slash belongs to what stands for "**".
        if (end != t && path_[end - 1] != '/') continue;
        if (match(next + 1, end)) return take(t, end > t ? end - 1 : end);
      } else if (match(next, end)) {
        return take(t, end);
      }
    }
    return false;
  }

  static bool in_set(std::string_view set, char c) {
    const bool negated = !set.empty() && (set[0] == '!' || set[0] == '^');
    if (negated) set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (i + 2 < set.size() && set[i + 1] == '-') {
        found = found || (set[i] <= c && c <= set[i + 2]);
        i += 2;
      } else {
        found = found || set[i] == c;
      }
    }
    return found != negated && c != '/';
  }

  bool take(std::size_t begin, std::size_t end) {
    taken_.emplace_back(path_.substr(begin, end - begin));
    return true;
  }

  std::string_view pattern_;
  std::string_view path_;
  std::vector<std::string> taken_;
  std::set<std::pair<std::size_t, std::size_t>> failed_;
};

}  // namespace

bool has_wildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

std::optional<std::vector<std::string>> match_glob(std::string_view pattern, std::string_view path) {
  return GlobMatch(pattern, path).run();
}

}  // namespace ccx::pairs
