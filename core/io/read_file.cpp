// Files read whole (file.h). Needs no more of a system than the C++ library: WebAssembly compiles it too.
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/base/error.h"
#include "core/io/file.h"

namespace ccx::io {

bool is_pickle(std::string_view head) {
  return head.size() > 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
}

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  const auto fail = [&](int error) { return InputError("cannot read " + path.string() + ": " + std::strerror(error)); };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw fail(EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw fail(errno != 0 ? errno : EIO);
  std::string content;
  const std::uintmax_t expected = std::filesystem::file_size(path, ignored);
  if (!ignored && expected <= most) content.reserve(static_cast<std::size_t>(expected) + 1);
  std::array<char, 1 << 16> block;
  while (in.read(block.data(), block.size()) || in.gcount() > 0) {
    content.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (content.size() > most) {
      throw InputError(path.string() + " is larger than " +
                       (most >> 20 == 0 ? std::to_string(most) + " bytes" : std::to_string(most >> 20) + " MiB") +
                       ", the most that ccx reads of such a file");
    }
  }
  if (in.bad()) throw fail(EIO);
  return content;
}

}  // namespace ccx::io
