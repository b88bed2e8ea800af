// Pairs that the user names himself: two files, two folders, two shell patterns, or a regular expression (pairs.h).
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/pairs/folder/tree.h"
#include "core/pairs/glob.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/markers.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

std::string shown(const std::string& path) {
  return printable(utf8_name(path));
}

std::string extensionless(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(0, begin) + std::string(stem_of(std::string_view(path).substr(begin)));
}

// --- globs --------------------------------------------------------------------------------------------------------

// Files of one side by what the wildcards stood for.
using Side = std::map<std::string, std::string>;

// The pictures under the part of the pattern that has no wildcards, by what the wildcards stood for in them.
Side matched(const fs::path& folder, const std::string& pattern, const std::string& option) {
  const std::size_t wild = std::min(pattern.find_first_of("*?["), pattern.size());
  const std::size_t slash = pattern.rfind('/', wild);
  const std::string fixed = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
  const std::string rest = slash == std::string::npos ? pattern : pattern.substr(slash + 1);
  const fs::path base = fixed.empty() ? (folder.empty() ? fs::path(".") : folder) : folder / fixed;
  std::error_code error;
  if (!fs::is_directory(base, error)) {
    throw InputError(option + " " + pattern + ": there is no folder " + shown(base.string()));
  }
  Side side;
  const NameTree tree = find_images(base);
  for (uint32_t file = 0; file < tree.file_count(); ++file) {
    const std::string path = tree.file_path(file);
    const auto taken = match_glob(rest, path);
    if (!taken) continue;
    std::string key;
    for (const std::string& part : *taken) {
      if (!part.empty()) key += (key.empty() ? "" : "/") + part;
    }
    key = composed(key);
    if (pattern.back() == '*') key = extensionless(key);
    const std::string whole = tidied(base / path).string();
    const auto [known, is_new] = side.emplace(key, whole);
    if (is_new) continue;
    // Two formats of one picture; anything else cannot be told apart.
    if (extensionless(known->second) != extensionless(whole)) {
      throw InputError(option + " " + pattern + " matches " + shown(known->second) + " and " + shown(whole) +
                       " in the same way; put a * where their names differ");
    }
    if (extension_rank(whole) < extension_rank(known->second)) known->second = whole;
  }
  if (side.empty()) throw InputError(option + " " + pattern + " matches no image in " + shown(base.string()));
  return side;
}

Pair half(const std::string& key, const std::string& before, const std::string& after) {
  Pair pair;
  pair.id = utf8_name(key.empty() ? extensionless(fs::path(before).filename().string()) : key);
  pair.before = before;
  pair.after = after;
  return pair;
}

PairList joined(const Side& before, const Side& after, const PairSource& source) {
  PairList list;
  list.layout = Layout::kFolders;
  std::size_t complete = 0;
  if (before.size() == 1 && after.size() == 1) {
    const auto& [key, path] = *before.begin();
    const std::string& other = after.begin()->first;
    list.pairs.push_back(half(key == other ? key : "", path, after.begin()->second));
    if (!key.empty() && !other.empty() && key != other) {
      list.notes.push_back("one image on each side: " + shown(path) + " and " + shown(after.begin()->second) +
                           " are a pair, although their names differ");
    }
    return list;
  }
  for (const auto& [key, path] : before) {
    const auto partner = after.find(key);
    list.pairs.push_back(half(key, path, partner == after.end() ? "" : partner->second));
    if (partner == after.end()) {
      list.pairs.back().missing = utf8_name("--after " + source.after + " matches nothing for '" + key + "'");
    } else {
      ++complete;
    }
  }
  for (const auto& [key, path] : after) {
    if (before.count(key) != 0) continue;
    list.pairs.push_back(half(key, "", path));
    list.pairs.back().id = utf8_name(key);
    list.pairs.back().missing = utf8_name("--before " + source.before + " matches nothing for '" + key + "'");
  }
  if (complete == 0) {
    throw InputError("--before " + source.before + " matches " + std::to_string(before.size()) +
                     " images and --after " + source.after + " matches " + std::to_string(after.size()) +
                     ", but their wildcards never stand for the same, as '" +
                     printable(utf8_name(before.begin()->first)) + "' and '" +
                     printable(utf8_name(after.begin()->first)) + "'");
  }
  std::sort(list.pairs.begin(), list.pairs.end(), [](const Pair& a, const Pair& b) { return a.id < b.id; });
  return list;
}

// --- a regular expression -------------------------------------------------------------------------------------------

struct PairPattern {
  std::regex regex;
  std::size_t id = 1;
  std::size_t time = 2;
};

// Groups may be called (?<id>...) and (?<time>...), which std::regex does not know.
PairPattern pair_pattern(const std::string& text) {
  PairPattern out;
  std::string plain;
  std::size_t groups = 0;
  bool in_set = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) {
      plain += text[++i];
      continue;
    }
    if (text[i] == '[') in_set = true;
    if (text[i] == ']') in_set = false;
    if (text[i] != '(' || in_set) continue;
    if (text.compare(i + 1, 1, "?") != 0) {
      ++groups;
      continue;
    }
    const std::size_t name = i + (text.compare(i + 1, 2, "?P") == 0 ? 3 : 2);
    if (text.compare(name, 1, "<") != 0 || text.compare(name + 1, 1, "=") == 0 || text.compare(name + 1, 1, "!") == 0)
      continue;
    const std::size_t end = text.find('>', name);
    if (end == std::string::npos) continue;
    ++groups;
    const std::string called = text.substr(name + 1, end - name - 1);
    if (called == "id") {
      out.id = groups;
    } else if (called == "time") {
      out.time = groups;
    } else {
      throw UsageError("--pair-pattern " + text + ": a group is called '" + called + "'; known are id and time");
    }
    i = end;
  }
  if (groups < 2 || out.id == out.time) {
    throw UsageError("--pair-pattern " + text +
                     ": two groups are needed, what both images share and what tells before from after, as in "
                     "'(?<id>.+)_(?<time>old|new)\\.png'");
  }
  try {
    out.regex = std::regex(plain, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& error) {
    throw UsageError("--pair-pattern " + text + " is no regular expression: " + error.what());
  }
  return out;
}

// -1, 0 or 1 for the order of two times; 0 where their names do not tell.
int order_of(const std::string& a, const std::string& b) {
  const Marked first = marked(a, false, {});
  const Marked second = marked(b, false, {});
  if (first.key != second.key || first.slots.size() != second.slots.size()) return 0;
  for (std::size_t i = 0; i < first.slots.size(); ++i) {
    if (first.slots[i].value != second.slots[i].value) return first.slots[i].value < second.slots[i].value ? -1 : 1;
  }
  return 0;
}

struct Timed {
  std::string time;
  std::string path;
};

void add_times(const std::string& id, std::vector<Timed> times, const PairSource& source, PairList& list,
               bool& guessed) {
  std::sort(times.begin(), times.end(), [](const Timed& a, const Timed& b) { return natural_less(a.time, b.time); });
  std::stable_sort(times.begin(), times.end(),
                   [](const Timed& a, const Timed& b) { return order_of(a.time, b.time) < 0; });
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i].time == times[i - 1].time) {
      throw InputError("--pair-pattern: " + shown(times[i - 1].path) + " and " + shown(times[i].path) +
                       " have the same id and the same time");
    }
    guessed = guessed || order_of(times[i - 1].time, times[i].time) == 0;
  }
  if (times.size() == 1) {
    list.pairs.push_back(half(id, times[0].path, ""));
    list.pairs.back().missing = utf8_name(times[0].path + " has no partner by --pair-pattern");
    return;
  }
  if (times.size() > 2 && source.series == Series::kRefuse) {
    throw InputError("'" + printable(utf8_name(id)) + "' has " + std::to_string(times.size()) +
                     " images by --pair-pattern; --series consecutive, first-last or all says which are pairs");
  }
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    for (std::size_t j = i + 1; j < times.size(); ++j) {
      if (!are_pair_of(source.series, i, j, times.size())) continue;
      const std::string suffix = source.series == Series::kRefuse ? "" : "/" + times[i].time + "-" + times[j].time;
      list.pairs.push_back(half(id + suffix, times[i].path, times[j].path));
    }
  }
}

PairList by_pattern(const PairSource& source) {
  const PairPattern pattern = pair_pattern(source.pattern);
  const NameTree tree = find_images(source.in);
  std::map<std::string, std::vector<Timed>> places;
  std::size_t passed = 0;
  for (uint32_t file = 0; file < tree.file_count(); ++file) {
    const std::string path = tree.file_path(file);
    std::smatch match;
    if (!std::regex_match(path, match, pattern.regex)) {
      ++passed;
      continue;
    }
    places[composed(match[pattern.id].str())].push_back(
        {composed(match[pattern.time].str()), tidied(source.in / path).string()});
  }
  if (places.empty()) {
    throw InputError("--pair-pattern " + source.pattern + " matches none of the " + std::to_string(tree.file_count()) +
                     " images in " + shown(source.in.string()) +
                     "; it must match a whole path below the folder, with its extension");
  }
  PairList list;
  list.layout = Layout::kSuffixes;
  bool guessed = false;
  for (auto& [id, times] : places) add_times(id, std::move(times), source, list, guessed);
  if (guessed) {
    list.notes.push_back(
        "what --pair-pattern found for the time does not say which is first: taken in byte order, "
        "numbers by value");
  }
  if (passed > 0) list.notes.push_back(counted(passed, "image") + " that --pair-pattern does not match passed over");
  std::sort(list.pairs.begin(), list.pairs.end(), [](const Pair& a, const Pair& b) { return a.id < b.id; });
  return list;
}

// What --before and --after name lies in --in, where that is given.
fs::path place_of(const PairSource& source, const std::string& name) {
  return source.in.empty() ? fs::path(name) : source.in / name;
}

// A picture beside a folder of pictures is a slip.
void require_same_kind(const PairSource& source) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(place_of(source, source.before), ignored);
  if (is_folder == fs::is_directory(place_of(source, source.after), ignored)) return;
  const std::string& picture = is_folder ? source.after : source.before;
  if (has_wildcard(picture) || !fs::exists(place_of(source, picture), ignored)) return;
  throw InputError(shown(picture) + " is a file and " + shown(is_folder ? source.before : source.after) +
                   " a folder: name two pictures, or two folders");
}

}  // namespace

bool names_pairs(const PairSource& source) {
  return !source.before.empty() || !source.after.empty() || !source.pattern.empty();
}

bool names_one_pair(const PairSource& source) {
  std::error_code ignored;
  const auto is_file = [&](const std::string& path) {
    return !path.empty() && fs::exists(path, ignored) && !fs::is_directory(path, ignored);
  };
  return source.in.empty() && source.pattern.empty() && is_file(source.before) && is_file(source.after);
}

PairList pairs_by_choice(const PairSource& source) {
  if (!source.pattern.empty()) {
    if (!source.before.empty() || !source.after.empty()) {
      throw UsageError("--pair-pattern and --before or --after say the same in two ways: take one of the two");
    }
    std::error_code ignored;
    if (!fs::is_directory(source.in, ignored)) throw UsageError("--pair-pattern needs --in, a folder");
    return by_pattern(source);
  }
  if (source.before.empty() || source.after.empty()) {
    throw UsageError(std::string("--before and --after belong together: --") +
                     (source.before.empty() ? "before" : "after") + " is missing");
  }
  require_same_kind(source);
  std::array<Side, 2> sides;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string& name = i == 0 ? source.before : source.after;
    const std::string option = i == 0 ? "--before" : "--after";
    const fs::path path = place_of(source, name);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      std::string folder = name;
      while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
      sides[i] = matched(source.in, folder + "/**/*", option);
    } else if (fs::exists(path, ignored)) {
      sides[i].emplace("", tidied(path).string());
    } else if (has_wildcard(name)) {
      sides[i] = matched(source.in, name, option);
    } else {
      throw InputError(option + ": there is no image " + shown(path.string()));
    }
  }
  return joined(sides[0], sides[1], source);
}

}  // namespace ccx::pairs
