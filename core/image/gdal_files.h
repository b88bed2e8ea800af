// Which files GDAL may open: it follows what a file says (a VRT's sources, overviews, masks, headers), so what it may
// reach is decided here, below all of its drivers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ccx::image {

// What GDAL may open for the sake of one picture: what lies in `root`, or stands beside the picture under its name,
// links resolved, or with `anywhere` any regular file of this machine. It never writes, never reaches a network, and
// never looks into archives.
class FileAccess {
 public:
  // `root` unset: the picture's own folder. An empty picture: one in memory, which has no files beside it.
  FileAccess(const std::filesystem::path& picture, const std::optional<std::filesystem::path>& root, bool anywhere);

  // While it lives, GDAL's calls of this thread have this access. Without one GDAL opens nothing but its own tables.
  class Use {
   public:
    explicit Use(FileAccess& access);
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use();

   private:
    FileAccess* outer_;
  };

  // A file that was asked for, is there, and lies outside; empty where there was none.
  const std::string& refused() const { return refused_; }
  std::string root() const { return root_.string(); }

  // Of the access in use: may this be opened? `resolved` is the name without links.
  static bool allows(const char* path, std::string* resolved);

 private:
  std::filesystem::path picture_;
  std::filesystem::path root_;
  bool anywhere_ = false;
  std::string refused_;
};

// Sets GDAL up once for this process: the drivers that ccx reads with and no others, its files through FileAccess,
// settings that no environment variable should change, silence.
void set_up_gdal();

}  // namespace ccx::image
