#include "wasm/pair_lists.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/base/error.h"

namespace ccx::wasm {
namespace {

namespace fs = std::filesystem;

// The files as empty ones in the module's own file system, which lies in memory: where pictures are looked for, their
// names are enough.
class Stage {
 public:
  explicit Stage(const std::vector<std::string>& names) {
    fs::create_directories(kRoot);
    for (const std::string& name : names) put(name, "");
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() {
    std::error_code ignored;
    fs::remove_all(kRoot, ignored);
  }

  void put(const std::string& name, const std::string& content) const {
    const fs::path path(name);
    const bool leads_outside = std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
    if (name.empty() || path.is_absolute() || leads_outside) throw InputError(name + " is no name of a file");
    fs::create_directories((kRoot / path).parent_path());
    std::ofstream(kRoot / path, std::ios::binary) << content;
  }

  static std::string name_of(const std::string& path) {
    const std::string prefix = kRoot.string() + "/";
    return path.compare(0, prefix.size(), prefix) == 0 ? path.substr(prefix.size()) : path;
  }

  static inline const fs::path kRoot = "/files";
};

// Messages speak of the list as the person knows it.
std::string without_root(std::string text) {
  const std::string prefix = Stage::kRoot.string() + "/";
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
    text.erase(at, prefix.size());
  return text;
}

}  // namespace

pairs::PairList find_pairs_in_list(const std::vector<std::string>& names, const std::string& list,
                                   const std::string& text) {
  const Stage stage(names);
  stage.put(list, text);
  pairs::PairSource source;
  source.in = Stage::kRoot / list;
  source.root = Stage::kRoot;
  pairs::PairList found;
  try {
    found = pairs::pairs_in_manifest(source);
  } catch (const InputError& error) {
    throw InputError(without_root(error.what()));
  }
  for (pairs::Pair& pair : found.pairs) {
    pair.before = Stage::name_of(pair.before);
    pair.after = Stage::name_of(pair.after);
    pair.missing = without_root(pair.missing);
  }
  for (std::string& note : found.notes) note = without_root(note);
  return found;
}

}  // namespace ccx::wasm
