// The folder of --heatmaps: what stands in it already is only replaced where it is a map that ccx drew.
#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::captioner {

class HeatmapFolder {
 public:
  // Creates the folder. Throws InputError when it cannot be written, UsageError when a map of one of the `expected` pairs would take
  // the place of another file.
  HeatmapFolder(std::filesystem::path folder, const std::vector<pairs::Pair>& expected);

  const std::filesystem::path& path() const { return folder_; }
  // Before the first map: a folder that was new or empty is marked as ccx's own.
  void begin() const;
  // Remembers where a map was written, and makes those places last through a power cut.
  void wrote(const std::filesystem::path& file) { written_.insert(file.parent_path()); }
  void sync() const;

 private:
  std::filesystem::path folder_;
  bool is_ours_ = false;
  std::set<std::filesystem::path> written_;
};

}  // namespace ccx::captioner
