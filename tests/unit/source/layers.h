// The table of cmake/layers.txt, and what a tree of sources includes against it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ccx::test {

struct Layers {
  std::map<std::string, std::set<std::string>> may_include;  // folder -> itself and everything below it
  std::set<std::pair<std::string, std::string>> exceptions;  // file, header

  // Of a table's text. Throws std::runtime_error naming the line, where it is no table or names a folder above.
  static Layers parse(const std::string& text);
  // The folder with a line of its own that `path` lies in, "" without one.
  std::string folder_of(const std::string& path) const;
};

// Every include of `folders` of the tree at `root` that the table forbids, as "FILE:LINE: what is wrong", and every
// exception that nothing needs.
std::vector<std::string> broken_rules(const Layers& layers, const std::filesystem::path& root,
                                      const std::vector<std::string>& folders);

}  // namespace ccx::test
