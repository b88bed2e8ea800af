// The names of the pictures under a folder of a disk, found without being led astray by links and hidden files.
#pragma once

#include <filesystem>

#include "core/pairs/folder/name_tree.h"

namespace ccx::pairs {

// A picture is a file, or a link to anything but a directory, whose extension says so (file_kinds.h). Hidden names are
// not looked at; links are followed, but not back into a folder they are in. No file is opened.
// Throws InputError naming a directory that cannot be read.
NameTree find_images(const std::filesystem::path& root);

}  // namespace ccx::pairs
