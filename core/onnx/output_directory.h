// A directory that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace ccx::onnx {

// Work goes to a hidden sibling of the target, which commit() renames into place; without commit() it is removed again.
// The sibling is locked while its process lives, so that the next one can tell what a killed one left behind.
class OutputDirectory {
 public:
  // Removes what killed processes left beside this target, and puts back a directory that one of them was replacing.
  // An existing target is refused, unless it is an empty directory, or `overwrite` is set and it holds `marker`: the
  // file that every such directory has, so that nothing else is ever deleted. Throws UsageError or InputError.
  OutputDirectory(const std::filesystem::path& target, bool overwrite, const std::string& marker);
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;
  ~OutputDirectory();

  const std::filesystem::path& path() const { return temporary_; }
  // Throws ccx::Error naming the target; the old directory is then still in place.
  void commit();

 private:
  std::filesystem::path target_, temporary_;
  int lock_ = -1;  // descriptor of temporary_
};

}  // namespace ccx::onnx
