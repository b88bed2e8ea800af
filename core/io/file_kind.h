// How ccx tells a file that it wrote from any other: nothing else is ever replaced.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/destination.h"

namespace ccx::io {

struct FileKind {
  std::string name;  // in messages: "report"
  // Whether a file that begins with these bytes, kKindStart of them at most, is one that ccx wrote. Nothing: no file
  // is.
  std::function<bool(std::string_view start)> is_ours;
};
inline constexpr std::size_t kKindStart = std::size_t{1} << 16;

// Of a new file: whatever is there stays.
FileKind new_file();
// Of a file inside a folder whose marker was looked at (directory_kind.h), or that the caller knows as ccx's: whatever
// is there is replaced.
FileKind own_place();

// The first bytes of a file. Throws InputError where it cannot be read.
std::string start_of_file(const std::filesystem::path& path, std::size_t count = kKindStart);

// Throws UsageError where a file is there that holds something and is not of the kind. Streams and empty files are
// free to be written.
void require_replaceable(const Destination& destination, const FileKind& kind);

// What is to be asked of an output before work begins: that it can be written, is no other file, and none of `inputs`
// under another name. "-", and no name at all, are fine.
void require_output(const std::filesystem::path& output, const FileKind& kind,
                    const std::vector<std::filesystem::path>& inputs = {});

}  // namespace ccx::io
