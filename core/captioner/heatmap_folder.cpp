#include "core/captioner/heatmap_folder.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <regex>
#include <string>
#include <system_error>
#include <utility>

#include "core/captioner/heatmap.h"
#include "core/graph/error.h"
#include "core/io/destination.h"
#include "core/io/directory_kind.h"
#include "core/io/file.h"
#include "core/io/temporary.h"

namespace ccx::captioner {
namespace fs = std::filesystem;

namespace {

constexpr char kKind[] = "heatmaps";

// A picture with an array of the same name beside it: what a run from before folders were marked left.
bool is_map(const fs::path& base) {
  std::array<char, 128> start{};
  std::ifstream array(base.string() + ".npy", std::ios::binary);
  array.read(start.data(), start.size());
  const std::string header(start.data(), start.size());
  static const std::regex square(R"('descr': '<f4', 'fortran_order': False, 'shape': \((\d+), \1\))");
  std::error_code ignored;
  return header.rfind("\x93NUMPY", 0) == 0 && std::regex_search(header, square) &&
         fs::is_regular_file(base.string() + ".png", ignored);
}

}  // namespace

HeatmapFolder::HeatmapFolder(fs::path folder, const std::vector<pairs::Pair>& expected) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw InputError("cannot create the folder " + folder_.string() + ": " + error.message());
  if (::access(folder_.c_str(), W_OK) != 0) {
    throw InputError("cannot write in the folder " + folder_.string() + ": " + std::strerror(errno));
  }
  const auto marker = io::read_marker(folder_);
  is_ours_ = marker ? marker->kind == kKind : fs::is_empty(folder_, error);
  if (is_ours_) return;
  for (const pairs::Pair& pair : expected) {
    const fs::path base = heatmap_base(folder_, pair);
    for (const char* extension : {".png", ".npy"}) {
      const fs::path path = base.string() + extension;
      if (fs::exists(fs::symlink_status(path, error)) && !is_map(base)) {
        throw UsageError(path.string() +
                         " is there already and is no map that ccx drew; name another folder for "
                         "--heatmaps");
      }
    }
  }
}

void HeatmapFolder::begin() const {
  io::remove_abandoned_files(folder_);
  if (is_ours_) io::write_file_atomically(folder_ / io::kMarkerFile, io::marker_text({kKind, {}}));
}

void HeatmapFolder::sync() const {
  for (const fs::path& folder : written_) io::sync_folder(folder);
  io::sync_folder(folder_);
}

}  // namespace ccx::captioner
