#include "core/onnx/output_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <vector>

#include "core/graph/error.h"

namespace ccx::onnx {
namespace fs = std::filesystem;

namespace {

constexpr char kPart[] = ".part-";  // being written
constexpr char kOld[] = ".old-";    // being replaced

std::string sibling_prefix(const fs::path& target, const char* kind) {
  return "." + target.filename().string() + kind;
}

fs::path sibling(const fs::path& target, const char* kind) {
  return target.parent_path() / (sibling_prefix(target, kind) + std::to_string(::getpid()));
}

// A lock on a directory, which ends with the process however that ends; -1 where another process holds it or the file
// system has none. Process ids would not do: a folder may be shared by machines and containers.
int lock(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

std::vector<fs::path> abandoned(const fs::path& target, const char* kind) {
  const std::string prefix = sibling_prefix(target, kind);
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(target.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool ours = name.size() > prefix.size() && name.compare(0, prefix.size(), prefix) == 0 &&
                      name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
    if (!ours) continue;
    const int descriptor = lock(entry->path());
    if (descriptor < 0) continue;
    ::close(descriptor);
    found.push_back(entry->path());
  }
  return found;
}

void clear_up_after_killed_processes(const fs::path& target) {
  std::error_code ignored;
  for (const fs::path& part : abandoned(target, kPart)) fs::remove_all(part, ignored);
  for (const fs::path& old : abandoned(target, kOld)) {
    if (fs::exists(target, ignored)) {
      fs::remove_all(old, ignored);
    } else {
      fs::rename(old, target, ignored);
    }
  }
}

}  // namespace

OutputDirectory::OutputDirectory(const fs::path& target, bool overwrite, const std::string& marker) {
  std::error_code error;
  target_ = fs::absolute(target, error).lexically_normal();
  if (!target_.has_filename()) target_ = target_.parent_path();
  clear_up_after_killed_processes(target_);
  if (fs::exists(target_, error) && !fs::is_directory(target_, error)) {
    throw UsageError(target.string() + " is a file; --out must name a directory");
  }
  if (fs::exists(target_, error) && !fs::is_empty(target_, error)) {
    if (!fs::exists(target_ / marker, error)) {
      throw UsageError(target.string() + " exists and holds no " + marker +
                       ", so it is no earlier export; give --out a new directory");
    }
    if (!overwrite) throw UsageError(target.string() + " exists; give --overwrite to replace the export in it");
  }
  const fs::path parent = target_.parent_path();
  fs::create_directories(parent, error);
  if (error) throw InputError("cannot create " + parent.string() + ": " + error.message());
  temporary_ = sibling(target_, kPart);
  fs::create_directory(temporary_, error);
  if (error) throw InputError("cannot create a directory in " + parent.string() + ": " + error.message());
  lock_ = lock(temporary_);
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

void OutputDirectory::commit() {
  std::error_code error;
  const fs::path old = sibling(target_, kOld);
  const bool replaces = fs::exists(target_, error);
  if (replaces) fs::rename(target_, old, error);
  if (!error) fs::rename(temporary_, target_, error);
  if (error) {
    std::error_code ignored;
    if (replaces && !fs::exists(target_, ignored)) fs::rename(old, target_, ignored);
    throw Error("cannot put " + target_.string() + " in place: " + error.message());
  }
  temporary_.clear();
  if (replaces) fs::remove_all(old, error);
}

}  // namespace ccx::onnx
