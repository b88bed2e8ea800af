// The folders of --heatmaps and --masks, pictures named after pairs: what stands in one already is only replaced where
// ccx drew it.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/pairs/pairs.h"

namespace ccx::captioner {

// Where a pair's pictures lie, without their extensions: safe_relative_path() of its id, under `folder`.
std::filesystem::path picture_base(const std::filesystem::path& folder, const pairs::Pair& pair);

// Makes the folder that `file` will lie in. Throws InputError naming it.
void create_folder_of(const std::filesystem::path& file);

struct PictureKind {
  std::string name;                     // in the folder's marker: "heatmaps"
  std::string option;                   // in messages: "--heatmaps"
  std::vector<std::string> extensions;  // of a pair's files: ".png"
  // Whether the files that a pair has already are ccx's. `is_marked`: the folder was new or empty when ccx first wrote
  // in it, so that an array there is a map even where no picture stands beside it.
  std::function<bool(const std::filesystem::path& base, bool is_marked)> is_ours;
};
PictureKind heatmap_pictures();
PictureKind mask_pictures();

class PictureFolder {
 public:
  // Creates the folder. Throws InputError when it cannot be written, UsageError when a picture of one of the `expected`
  // pairs would take the place of another file, or of an image that is captioned.
  PictureFolder(std::filesystem::path folder, PictureKind kind, const std::vector<pairs::Pair>& expected);

  const std::filesystem::path& path() const { return folder_; }
  // Before the first picture: a folder that was new or empty is marked as ccx's own.
  void begin() const;
  // Remembers where a picture was written, and makes those places last through a power cut.
  void wrote(const std::filesystem::path& file) { written_.insert(file.parent_path()); }
  void sync() const;

 private:
  std::filesystem::path folder_;
  PictureKind kind_;
  bool is_marked_ = false;
  std::set<std::filesystem::path> written_;
};

}  // namespace ccx::captioner
