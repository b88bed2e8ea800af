// The names of the pictures in a folder and the folders below it, in a form that holds millions of them. No file
// system: tree.h reads one from a disk, and a page makes one of the names that a browser gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ccx::pairs {

class NameTree {
 public:
  static constexpr uint32_t kRoot = 0;

  struct Folder {
    uint32_t parent = 0;
    std::size_t name = 0;     // where it stands in the tree's text
    uint32_t first_file = 0;  // its pictures, in byte order of their names
    uint32_t last_file = 0;   // behind the last
    uint32_t subfolders = 0;  // how many
  };

  NameTree();

  // Of paths relative to a folder, with '/' between the names. Hidden names and those that are no pictures are left out
  // as on a disk. Throws InputError for a path that is absolute or leads out of the folder.
  static NameTree of_paths(std::span<const std::string> paths);

  uint32_t add_folder(uint32_t parent, std::string_view name);
  // Takes what a folder holds, once: pictures are kept, others counted.
  void set_files(uint32_t folder, std::vector<std::string>&& names);

  std::size_t folder_count() const { return folders_.size(); }
  std::size_t file_count() const { return files_.size(); }
  const Folder& folder(uint32_t index) const { return folders_[index]; }
  std::string_view folder_name(uint32_t index) const { return text_at(folders_[index].name); }
  uint32_t folder_of(uint32_t file) const { return files_[file].folder; }
  std::string_view file_name(uint32_t file) const { return text_at(files_[file].name); }

  std::string folder_path(uint32_t index) const;  // "a/b", empty for the root
  std::string file_path(uint32_t file) const;     // "a/b/x.png"

  std::vector<std::string> notes;                  // links that were not followed, ...
  std::unordered_set<uint32_t> parts;              // files that a .vrt among them shows as one picture
  std::size_t other_files = 0;                     // that are no pictures
  std::map<std::string, std::size_t> other_kinds;  // by extension, no more than a message has room for
  struct Unread {
    std::size_t count = 0;
    std::string first;  // path of one
  };
  std::map<std::string, Unread> unread;  // pictures in formats that are not read, by extension

 private:
  struct File {
    uint32_t folder = 0;
    std::size_t name = 0;
  };

  std::string_view text_at(std::size_t at) const { return std::string_view(text_.data() + at); }
  std::size_t keep(std::string_view name);

  std::vector<Folder> folders_;
  std::vector<File> files_;
  std::vector<char> text_;  // every name, each with a NUL behind it
};

}  // namespace ccx::pairs
