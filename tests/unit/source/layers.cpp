#include "tests/unit/source/layers.h"

#include <algorithm>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "tests/support/process.h"

namespace ccx::test {

namespace fs = std::filesystem;

Layers Layers::parse(const std::string& text) {
  Layers layers;
  std::istringstream in(text);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto fail = [&](const std::string& what) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + what);
    };
    std::istringstream words(line.substr(0, line.find('#')));
    std::string first, word;
    if (!(words >> first)) continue;
    if (first == "except") {
      std::string header;
      if (!(words >> word >> header)) fail("except FILE HEADER");
      layers.exceptions.emplace(word, header);
      continue;
    }
    if (first.back() != ':') fail("FOLDER: FOLDERS");
    first.pop_back();
    std::set<std::string>& below = layers.may_include[first];
    if (!below.empty()) fail(first + " stands there twice");
    below = {first};
    while (words >> word) {
      const auto lower = layers.may_include.find(word);
      if (lower == layers.may_include.end()) fail(word + " does not stand above this line");
      below.insert(lower->second.begin(), lower->second.end());
    }
  }
  return layers;
}

std::string Layers::folder_of(const std::string& path) const {
  for (std::string folder = path; !folder.empty();) {
    const std::size_t slash = folder.rfind('/');
    folder = slash == std::string::npos ? "" : folder.substr(0, slash);
    if (may_include.count(folder) != 0) return folder;
  }
  return "";
}

namespace {

// What is wrong with one include, "" if nothing is.
std::string fault(const Layers& layers, const fs::path& root, const std::string& file, const std::string& header) {
  const std::string from = layers.folder_of(file), to = layers.folder_of(header);
  if (from.empty()) return "its folder has no line in cmake/layers.txt";
  if (!fs::exists(root / header))
    return "\"" + header + "\" is no file of the tree; includes are written from its root";
  if (to.empty()) return "\"" + header + "\" lies in a folder without a line in cmake/layers.txt";
  if (layers.may_include.at(from).count(to) != 0) return "";
  const bool upward = layers.may_include.at(to).count(from) != 0;
  return std::string(upward ? "upward" : "sideways") + " include of \"" + header +
         "\": cmake/layers.txt does not let " + from + " use " + to;
}

}  // namespace

std::vector<std::string> broken_rules(const Layers& layers, const fs::path& root,
                                      const std::vector<std::string>& folders) {
  static const std::regex include(R"re(^\s*#\s*include\s*"([^"]+)")re");
  std::vector<std::string> broken;
  std::set<std::pair<std::string, std::string>> used;
  for (const std::string& folder : folders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string file = entry.path().lexically_relative(root).generic_string();
      const std::string kind = entry.path().extension();
      if (kind != ".cpp" && kind != ".h") continue;
      std::istringstream in(read_file(entry.path()));
      int number = 0;
      for (std::string line; std::getline(in, line);) {
        ++number;
        std::smatch found;
        if (!std::regex_search(line, found, include)) continue;
        const std::string what = fault(layers, root, file, found[1]);
        if (what.empty()) continue;
        if (layers.exceptions.count({file, found[1]}) != 0) {
          used.emplace(file, found[1]);
        } else {
          broken.push_back(file + ":" + std::to_string(number) + ": " + what);
        }
      }
    }
  }
  for (const auto& each : layers.exceptions) {
    if (used.count(each) == 0) {
      broken.push_back("cmake/layers.txt: \"except " + each.first + " " + each.second + "\" is needed no more");
    }
  }
  std::sort(broken.begin(), broken.end());
  return broken;
}

}  // namespace ccx::test
