#include "core/captioner/picture_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <regex>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/change/drawn_png.h"
#include "core/change/mask_png.h"
#include "core/io/directory_kind.h"
#include "core/io/file.h"
#include "core/io/file_kind.h"
#include "core/io/folder.h"
#include "core/io/temporary.h"
#include "core/pairs/naming/names.h"

namespace ccx::captioner {
namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

// What a killed run or a full disk leaves empty is nobody's.
std::string first_bytes(const fs::path& path, std::size_t count) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) ? io::start_of_file(path, count) : "";
}

// A marked picture, or from before pictures were marked one with its array beside it; an array with either, or alone in
// a folder of maps.
bool is_heatmap(const fs::path& base, bool is_marked) {
  const fs::path array = base.string() + ".npy";
  const fs::path picture = base.string() + ".png";
  static const std::regex square(R"('descr': '<f4', 'fortran_order': False, 'shape': \((\d+), \1\))");
  const std::string header = first_bytes(array, 128);
  const bool is_array = header.rfind("\x93NUMPY", 0) == 0 && std::regex_search(header, square);
  if (is_there(array) && !is_array) return false;
  if (!is_there(picture)) return is_marked;
  return is_array || change::starts_as_drawn(first_bytes(picture, change::kDrawnStart));
}

bool is_mask(const fs::path& base, bool) {
  return change::starts_as_mask_png(first_bytes(base.string() + ".png", change::kMaskPngStart));
}

// The images of the pairs, by what they are and not by their names.
std::set<std::pair<dev_t, ino_t>> identities_of(const std::vector<pairs::Pair>& pairs) {
  std::set<std::pair<dev_t, ino_t>> found;
  struct stat status = {};
  const auto add = [&](const std::string& path) {
    if (!path.empty() && ::stat(path.c_str(), &status) == 0) found.emplace(status.st_dev, status.st_ino);
  };
  for (const pairs::Pair& pair : pairs) {
    add(pair.before);
    add(pair.after);
    for (const std::string& band : pair.bands) add(band);
  }
  return found;
}

}  // namespace

fs::path picture_base(const fs::path& folder, const pairs::Pair& pair) {
  return folder / pairs::safe_relative_path(pair.id);
}

void create_folder_of(const fs::path& file) {
  io::make_folder(file.parent_path());
}

PictureKind heatmap_pictures() {
  return {"heatmaps", "--heatmaps", {".png", ".npy"}, is_heatmap};
}

PictureKind mask_pictures() {
  return {"masks", "--masks", {".png"}, is_mask};
}

PictureFolder::PictureFolder(fs::path folder, PictureKind kind, const std::vector<pairs::Pair>& expected)
    : folder_(std::move(folder)), kind_(std::move(kind)) {
  io::make_folder(folder_);
  if (::access(folder_.c_str(), W_OK) != 0) {
    throw InputError("cannot write in the folder " + folder_.string() + ": " + std::strerror(errno));
  }
  std::error_code ignored;
  const auto marker = io::read_marker(folder_);
  is_marked_ = marker ? marker->kind == kind_.name : fs::is_empty(folder_, ignored);
  std::optional<std::set<std::pair<dev_t, ino_t>>> images;  // needed only where something is there
  for (const pairs::Pair& pair : expected) {
    const fs::path base = picture_base(folder_, pair);
    for (const std::string& extension : kind_.extensions) {
      const fs::path file = base.string() + extension;
      if (!is_there(file)) continue;
      if (!kind_.is_ours(base, is_marked_)) {
        throw UsageError(file.string() + " is there already and is nothing that ccx drew; name another folder for " +
                         kind_.option);
      }
      if (!images) images = identities_of(expected);
      struct stat status = {};
      if (::stat(file.c_str(), &status) == 0 && images->count({status.st_dev, status.st_ino}) != 0) {
        throw UsageError(file.string() +
                         " is read by this command and would be replaced by it; name another folder for " +
                         kind_.option);
      }
    }
  }
}

void PictureFolder::begin() const {
  io::remove_abandoned_files(folder_);
  if (is_marked_) {
    io::write_file_atomically(folder_ / io::kMarkerFile, io::marker_text({kind_.name, {}}), io::own_place());
  }
}

void PictureFolder::sync() const {
  for (const fs::path& folder : written_) io::sync_folder(folder);
  io::sync_folder(folder_);
}

}  // namespace ccx::captioner
