#include "wasm/pair_names.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/graph/error.h"

namespace ccx::wasm {
namespace {

namespace fs = std::filesystem;

// A folder in Emscripten's memory, which holds empty files of the names; gone with the object.
class EmptyFiles {
 public:
  explicit EmptyFiles(const std::vector<std::string>& names) {
    clear();
    fs::create_directories(root());
    for (const std::string& name : names) {
      const fs::path path = fs::path(name).lexically_normal();
      if (path.empty() || path.is_absolute() || *path.begin() == "..") {
        throw InputError(name + " is not the name of a file in the folder");
      }
      fs::create_directories((root() / path).parent_path());
      if (!std::ofstream(root() / path)) throw Error(name + ": too many files for this page");
    }
  }
  EmptyFiles(const EmptyFiles&) = delete;
  EmptyFiles& operator=(const EmptyFiles&) = delete;
  ~EmptyFiles() { clear(); }

  static fs::path root() { return "/folder"; }

 private:
  static void clear() {
    std::error_code ignored;
    fs::remove_all(root(), ignored);
  }
};

}  // namespace

pairs::PairList find_pairs_by_name(const std::vector<std::string>& names) {
  const EmptyFiles files(names);
  pairs::PairSource source;
  source.in = EmptyFiles::root();
  pairs::PairList list = pairs::pairs_in_directory(source);
  for (pairs::Pair& pair : list.pairs) {
    for (std::string* path : {&pair.before, &pair.after}) {
      if (!path->empty()) *path = fs::path(*path).lexically_relative(EmptyFiles::root()).string();
    }
  }
  return list;
}

}  // namespace ccx::wasm
