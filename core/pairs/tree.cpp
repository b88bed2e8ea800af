// The images under a directory (tree.h).
#include "core/pairs/tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>
#include <tuple>
#include <utility>

#include "core/graph/error.h"
#include "core/pairs/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

// Deeper trees are not data sets: links that lead to each other's folders can unfold without end.
constexpr std::size_t kMaxDepth = 32;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

template <std::size_t N>
bool is_one_of(const std::string& text, const std::array<const char*, N>& known) {
  return std::any_of(known.begin(), known.end(), [&](const char* name) { return text == name; });
}

bool has_image_extension(const std::string& name) {
  static constexpr std::array<const char*, 7> kExtensions = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"};
  return is_one_of(lower(fs::path(name).extension().string()), kExtensions);
}

// Folders of data sets that hold masks, which look like images.
bool holds_labels(const std::string& name) {
  static constexpr std::array<const char*, 7> kNames = {"label", "labels",  "mask",    "masks",
                                                        "gt",    "targets", "__macosx"};
  return is_one_of(lower(name), kNames);
}

class TreeWalk {
 public:
  explicit TreeWalk(fs::path root) : root_(std::move(root)) {}

  ImageTree run() {
    visit(root_);
    std::sort(tree_.images.begin(), tree_.images.end(), [](const ImageFile& a, const ImageFile& b) {
      return std::tie(a.folders, a.name) < std::tie(b.folders, b.name);
    });
    return std::move(tree_);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void visit(const fs::path& folder) {
    struct stat status = {};
    if (::stat(folder.c_str(), &status) != 0) return;  // gone since it was listed
    const Identity identity{status.st_dev, status.st_ino};
    if (std::find(above_.begin(), above_.end(), identity) != above_.end()) {
      tree_.notes.push_back(shown(folder) + " is a link back to a folder it is in: not followed");
      return;
    }
    if (folders_.size() > kMaxDepth) {
      tree_.notes.push_back(shown(folder) + " is more than " + std::to_string(kMaxDepth) +
                            " folders deep: not followed");
      return;
    }
    tree_.folders.insert(joined_path(folders_, folders_.size()));
    above_.push_back(identity);
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) list(*it);
    if (error) throw InputError("cannot read the folder " + shown(folder) + ": " + error.message());
    above_.pop_back();
  }

  void list(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    if (name.front() == '.') return;
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (holds_labels(name)) return;
      folders_.push_back(name);
      visit(entry.path());
      folders_.pop_back();
    } else if (has_image_extension(name)) {
      tree_.images.push_back({folders_, name});
    } else {
      ++tree_.other_files;
    }
  }

  static std::string shown(const fs::path& path) { return printable(utf8_name(path.string())); }

  fs::path root_;
  ImageTree tree_;
  std::vector<std::string> folders_;  // of the folder being read
  std::vector<Identity> above_;
};

}  // namespace

std::string ImageFile::stem() const {
  return fs::path(name).stem().string();
}

std::string joined_path(const std::vector<std::string>& folders, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : "/") + folders[i];
  return out;
}

ImageTree find_images(const fs::path& root) {
  return TreeWalk(root).run();
}

}  // namespace ccx::pairs
