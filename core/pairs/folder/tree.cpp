// The names of the pictures under a folder of a disk (tree.h).
#include "core/pairs/folder/tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/folder/vrt_sources.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/label_names.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

// Deeper trees are not data sets: links that lead to each other's folders can unfold without end.
constexpr std::size_t kMaxDepth = 32;

class TreeWalk {
 public:
  NameTree run(const fs::path& root) {
    visit(root, NameTree::kRoot);
    return std::move(tree_);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void visit(const fs::path& path, uint32_t folder) {
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) return;  // gone since it was listed
    const Identity identity{status.st_dev, status.st_ino};
    if (std::find(above_.begin(), above_.end(), identity) != above_.end()) {
      tree_.notes.push_back(shown(path) + " is a link back to a folder it is in: not followed");
      return;
    }
    if (above_.size() > kMaxDepth) {
      tree_.notes.push_back(shown(path) + " is more than " + std::to_string(kMaxDepth) + " folders deep: not followed");
      return;
    }
    above_.push_back(identity);
    std::vector<std::string> files;
    std::vector<std::string> folders;
    std::error_code error;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      std::string name = it->path().filename().string();
      if (is_hidden(name)) continue;
      std::error_code ignored;
      (it->is_directory(ignored) ? folders : files).push_back(std::move(name));
    }
    if (error) throw InputError("cannot read the folder " + shown(path) + ": " + error.message());
    tree_.set_files(folder, std::move(files));
    files = {};
    std::sort(folders.begin(), folders.end());
    for (const std::string& name : folders) visit(path / name, tree_.add_folder(folder, name));
    above_.pop_back();
  }

  static std::string shown(const fs::path& path) { return printable(utf8_name(path.string())); }

  NameTree tree_;
  std::vector<Identity> above_;
};

// What the .vrt files of the tree are made of: bands and views of one picture are its parts, the pictures of a mosaic
// are told.
void find_parts(const fs::path& root, NameTree& tree) {
  constexpr std::size_t kMostFiles = 10000;
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;
  std::set<std::string> parts;
  std::string mosaic;
  std::string text;
  std::size_t read = 0;
  for (uint32_t file = 0; file < tree.file_count() && read < kMostFiles; ++file) {
    const std::string_view name = tree.file_name(file);
    if (extension_of(name) != ".vrt" || label_word(name.substr(0, name.rfind('.'))) != LabelWord::kNone) continue;
    const fs::path path(tree.file_path(file));
    std::error_code ignored;
    if (!fs::is_regular_file(root / path, ignored)) continue;  // nobody may write to a pipe
    ++read;
    text.resize(kMostBytes);
    std::ifstream in(root / path, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const VrtSources sources = vrt_sources(text);
    for (const std::string& source : sources.paths) {
      const std::string place = (path.parent_path() / source).lexically_normal().string();
      if (!sources.is_mosaic) {
        parts.insert(place);
      } else if (mosaic.empty()) {
        mosaic = path.string();
      }
    }
  }
  if (!mosaic.empty()) {
    tree.notes.push_back(printable(utf8_name((root / mosaic).string())) +
                         " and the pictures that it puts together are all taken for pictures");
  }
  if (parts.empty()) return;
  for (uint32_t file = 0; file < tree.file_count(); ++file) {
    if (parts.count(tree.file_path(file)) != 0) tree.parts.insert(file);
  }
}

}  // namespace

NameTree find_images(const fs::path& root) {
  NameTree tree = TreeWalk().run(root);
  find_parts(root, tree);
  return tree;
}

}  // namespace ccx::pairs
