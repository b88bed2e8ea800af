// Folders that are written into.
#pragma once

#include <filesystem>

namespace ccx::io {

// Makes the folder and those above it where they are missing. Throws InputError, saying why it cannot.
void make_folder(const std::filesystem::path& folder);

}  // namespace ccx::io
