// The images under a directory, found without being led astray by links, hidden files and labels.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace ccx::pairs {

struct ImageFile {
  std::vector<std::string> folders;  // from the root down, empty for an image in the root itself
  std::string name;                  // with extension
  std::string stem() const;          // without it
};

struct ImageTree {
  std::vector<ImageFile> images;   // in byte order of their paths
  std::set<std::string> folders;   // relative paths with '/', the root is ""
  std::vector<std::string> notes;  // links that were not followed
  std::size_t other_files = 0;     // files whose extension is not an image's
};

// "a/b" of {"a", "b"}; `count` of the components.
std::string joined_path(const std::vector<std::string>& folders, std::size_t count);

// An image is a file, or a link to anything but a directory, named .png, .jpg, .jpeg, .webp, .tif, .tiff or .bmp in any
// case. Throws InputError naming a directory that cannot be read.
ImageTree find_images(const std::filesystem::path& root);

}  // namespace ccx::pairs
