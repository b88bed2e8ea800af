// Folders (folder.h).
#include "core/io/folder.h"

#include <system_error>

#include "core/base/error.h"

namespace ccx::io {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw InputError("cannot create the folder " + folder.string() + ": " + error.message());
}

}  // namespace ccx::io
