#include "core/captioner/picture_folder.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <regex>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/change/mask_png.h"
#include "core/io/directory_kind.h"
#include "core/io/file.h"
#include "core/io/folder.h"
#include "core/io/temporary.h"
#include "core/pairs/names.h"

namespace ccx::captioner {
namespace fs = std::filesystem;

namespace {

std::string first_bytes(const fs::path& path, std::size_t count) {
  std::string start(count, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(count));
  start.resize(static_cast<std::size_t>(file.gcount()));
  return start;
}

// A picture with an array of the same name beside it.
bool is_heatmap(const fs::path& base) {
  const std::string header = first_bytes(base.string() + ".npy", 128);
  static const std::regex square(R"('descr': '<f4', 'fortran_order': False, 'shape': \((\d+), \1\))");
  std::error_code ignored;
  return header.rfind("\x93NUMPY", 0) == 0 && std::regex_search(header, square) &&
         fs::is_regular_file(base.string() + ".png", ignored);
}

bool is_mask(const fs::path& base) {
  return change::starts_as_mask_png(first_bytes(base.string() + ".png", change::kMaskPngStart));
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
  if (is_marked_) return;
  for (const pairs::Pair& pair : expected) {
    const fs::path base = picture_base(folder_, pair);
    const auto there =
        std::find_if(kind_.extensions.begin(), kind_.extensions.end(), [&](const std::string& extension) {
          return fs::exists(fs::symlink_status(base.string() + extension, ignored));
        });
    if (there != kind_.extensions.end() && !kind_.is_ours(base)) {
      throw UsageError(base.string() + *there +
                       " is there already and is nothing that ccx drew; name another folder for " + kind_.option);
    }
  }
}

void PictureFolder::begin() const {
  io::remove_abandoned_files(folder_);
  if (is_marked_) io::write_file_atomically(folder_ / io::kMarkerFile, io::marker_text({kind_.name, {}}));
}

void PictureFolder::sync() const {
  for (const fs::path& folder : written_) io::sync_folder(folder);
  io::sync_folder(folder_);
}

}  // namespace ccx::captioner
