#include "core/onnx/output_directory.h"

#include <unistd.h>

#include "core/graph/error.h"

namespace ccx::onnx {
namespace fs = std::filesystem;

namespace {

fs::path sibling(const fs::path& target, const std::string& suffix) {
  return target.parent_path() / ("." + target.filename().string() + suffix + "-" + std::to_string(::getpid()));
}

}  // namespace

OutputDirectory::OutputDirectory(const fs::path& target, bool overwrite, const std::string& marker) {
  std::error_code error;
  target_ = fs::absolute(target, error).lexically_normal();
  if (!target_.has_filename()) target_ = target_.parent_path();
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
  temporary_ = sibling(target_, ".part");
  fs::create_directory(temporary_, error);
  if (error) throw InputError("cannot create a directory in " + parent.string() + ": " + error.message());
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

void OutputDirectory::commit() {
  std::error_code error;
  const fs::path old = sibling(target_, ".old");
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
