// Files written whole or not at all, and read with an error that names them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ccx::io {

// The whole content. Throws InputError naming the path when it cannot be read.
std::string read_file(const std::filesystem::path& path);

// Writes beside the target, syncs, and renames over it, so that a crash leaves the old file or the new one. Throws
// InputError naming the path and the system's reason (no space, no permission).
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace ccx::io
