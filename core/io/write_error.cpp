#include "core/io/write_error.h"

#include <cerrno>
#include <cstring>

namespace ccx::io {

void throw_write_error(const std::filesystem::path& path, int error, bool begun) {
  const std::string name = path == "-" ? "to stdout" : path.string();
  const std::string message = "cannot write " + name + ": " + std::strerror(error);
  if (error == EPIPE) throw BrokenPipeError(message);
  const bool device_failed = error == ENOSPC || error == EDQUOT || error == EIO || error == EFBIG;
  if (begun || device_failed) throw WriteError(message);
  throw InputError(message);
}

}  // namespace ccx::io
