// A directory that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace ccx::onnx {

// Work goes to a hidden sibling of the target, which commit() renames into place; without commit() it is removed again.
class OutputDirectory {
 public:
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
};

}  // namespace ccx::onnx
