// The names of the pictures in a folder (name_tree.h).
#include "core/pairs/folder/name_tree.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {

NameTree::NameTree() {
  folders_.push_back({kRoot, keep(""), 0, 0, 0});
}

std::size_t NameTree::keep(std::string_view name) {
  const std::size_t at = text_.size();
  text_.insert(text_.end(), name.begin(), name.end());
  text_.push_back('\0');
  return at;
}

uint32_t NameTree::add_folder(uint32_t parent, std::string_view name) {
  if (folders_.size() >= std::numeric_limits<uint32_t>::max()) throw InputError("more folders than ccx can count");
  ++folders_[parent].subfolders;
  folders_.push_back({parent, keep(name), 0, 0, 0});
  return static_cast<uint32_t>(folders_.size() - 1);
}

void NameTree::set_files(uint32_t folder, std::vector<std::string>&& names) {
  std::sort(names.begin(), names.end());
  folders_[folder].first_file = static_cast<uint32_t>(files_.size());
  std::set<std::string> envi;  // the headers of ENVI rasters, and the rasters
  for (const std::string& header : names) {
    if (header.size() < 5 || extension_of(header) != ".hdr") continue;
    for (const std::string& name : envi_data_names(header)) {
      if (!std::binary_search(names.begin(), names.end(), name)) continue;
      envi.insert({header, name});
      break;
    }
  }
  for (const std::string& name : names) {
    const bool is_envi = envi.count(name) != 0;
    if (is_envi && extension_of(name) == ".hdr") continue;
    const FileKind kind = is_envi ? FileKind::kPicture : kind_of_file(name);
    if (kind == FileKind::kPicture) {
      files_.push_back({folder, keep(name)});
    } else {
      ++other_files;
      constexpr std::size_t kMostKinds = 8;
      const std::string extension = extension_of(name);
      const auto of_same = other_kinds.find(extension);
      if (of_same != other_kinds.end()) ++of_same->second;
      if (of_same == other_kinds.end() && other_kinds.size() < kMostKinds) other_kinds.emplace(extension, 1);
      if (kind != FileKind::kOtherPicture) continue;
      Unread& of_kind = unread[extension_of(name)];
      if (++of_kind.count == 1) of_kind.first = (folder == kRoot ? "" : folder_path(folder) + "/") + name;
    }
  }
  if (files_.size() >= std::numeric_limits<uint32_t>::max() / 2) throw InputError("more pictures than ccx can count");
  folders_[folder].last_file = static_cast<uint32_t>(files_.size());
}

std::string NameTree::folder_path(uint32_t index) const {
  std::vector<uint32_t> way;
  for (uint32_t at = index; at != kRoot; at = folders_[at].parent) way.push_back(at);
  std::string path;
  for (auto it = way.rbegin(); it != way.rend(); ++it) {
    if (!path.empty()) path += '/';
    path += folder_name(*it);
  }
  return path;
}

std::string NameTree::file_path(uint32_t file) const {
  std::string path = folder_path(folder_of(file));
  if (!path.empty()) path += '/';
  path += file_name(file);
  return path;
}

NameTree NameTree::of_paths(std::span<const std::string> paths) {
  // Folder by folder, in the order in which a walk over a disk would meet them.
  std::map<std::string, std::vector<std::string>> files;
  files[""];
  for (const std::string& path : paths) {
    bool hidden = false;
    std::string folder;
    std::size_t begin = 0;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', begin)) {
      const std::string name = path.substr(begin, slash - begin);
      begin = slash + 1;
      if (slash == 0 || name == "..") throw InputError(path + " is not the name of a file in the folder");
      if (name.empty() || name == ".") continue;
      hidden = hidden || is_hidden(name);
      folder += (folder.empty() ? "" : "/") + name;
      if (!hidden) files[folder];
    }
    const std::string name = path.substr(begin);
    if (name.find('\0') != std::string::npos) throw InputError("a name contains a NUL byte");
    if (!hidden && !name.empty() && !is_hidden(name)) files[folder].push_back(name);
  }
  NameTree tree;
  std::map<std::string, uint32_t> known = {{"", kRoot}};
  for (auto& [folder, names] : files) {
    if (!folder.empty()) {
      const std::size_t slash = folder.rfind('/');
      const uint32_t parent = known.at(slash == std::string::npos ? "" : folder.substr(0, slash));
      known[folder] =
          tree.add_folder(parent, std::string_view(folder).substr(slash == std::string::npos ? 0 : slash + 1));
    }
    tree.set_files(known.at(folder), std::move(names));
  }
  return tree;
}

}  // namespace ccx::pairs
