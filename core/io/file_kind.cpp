#include "core/io/file_kind.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "core/base/error.h"
#include "core/io/write_error.h"

namespace ccx::io {
namespace fs = std::filesystem;

FileKind new_file() {
  return {};
}

FileKind own_place() {
  return {"", [](std::string_view) { return true; }};
}

std::string start_of_file(const fs::path& path, std::size_t count) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError("cannot read " + path.string());
  std::string start(count, '\0');
  in.read(start.data(), static_cast<std::streamsize>(count));
  start.resize(static_cast<std::size_t>(in.gcount()));
  return start;
}

void require_replaceable(const Destination& destination, const FileKind& kind) {
  if (destination.is_stream || !destination.mode) return;
  std::error_code ignored;
  if (fs::file_size(destination.path, ignored) == 0) return;
  if (!kind.is_ours) {
    throw UsageError(destination.named.string() + " is there already and stays; name another file, or move it away");
  }
  if (!kind.is_ours(start_of_file(destination.path))) {
    throw UsageError(destination.named.string() + " is there already and is no " + kind.name +
                     " that ccx wrote; name another file, or move it away");
  }
}

void require_output(const fs::path& output, const FileKind& kind, const std::vector<fs::path>& inputs) {
  if (output.empty() || output == "-") return;
  require_not_an_input(output, inputs);
  const Destination destination = find_destination(output);
  require_replaceable(destination, kind);
  if (destination.is_stream) return;
  const fs::path folder = destination.path.has_parent_path() ? destination.path.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    // Which a shell puts the home folder in the place of, where no quotes stand around it.
    const bool is_home = output.string().starts_with("~") && folder.string().starts_with("~");
    throw InputError("cannot write " + output.string() + ": there is no folder " + folder.string() +
                     (is_home
                          ? ": the shell leaves ~ as it is in quotes and behind \"=\"; write $HOME or the whole path"
                          : "; make it first"));
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) throw_write_error(output, errno, false);
}

}  // namespace ccx::io
