// How ccx tells a directory that it made from any other, and its own files in it from a user's.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ccx::io {

// In every directory that ccx makes, unless a file of its own says as much: {"format": "ccx-directory", "kind":
// "checkpoint", "files": [...]}.
inline constexpr char kMarkerFile[] = ".ccx.json";

// Paths of files relative to their directory, with '/' between.
using FileNames = std::set<std::string>;

struct DirectoryKind {
  std::string name;                    // in messages and in the marker: "checkpoint"
  std::string identity = kMarkerFile;  // the file that shows the kind; the last to appear
  // The files that ccx wrote into such a directory, or nothing when it is of another kind: for kinds whose identity is
  // not the marker, and for directories from before there were markers.
  std::function<std::optional<FileNames>(const std::filesystem::path& directory)> own_files;
};

// What the marker of a directory says; nothing without a marker, with one that cannot be read or one that names files
// outside the directory.
struct Marker {
  std::string kind;
  FileNames files;
};
std::optional<Marker> read_marker(const std::filesystem::path& directory);
std::string marker_text(const Marker& marker);
// The same, but also without a marker where own_files knows it.
std::optional<FileNames> files_of(const DirectoryKind& kind, const std::filesystem::path& directory);

// A relative path that stays below its directory: no "..", no "/" at the front.
bool stays_inside(const std::string& name);

// Every file and link below `directory`. Links are not followed.
FileNames all_files(const std::filesystem::path& directory);

// Something in `directory` that is not among `own` and is no marker; nothing where there is none.
std::optional<std::string> foreign_file(const std::filesystem::path& directory, const FileNames& own);

// Removes `own` files and the marker, then the folders that are empty; never follows a link. True when `directory`
// itself is gone.
bool remove_own_files(const std::filesystem::path& directory, const FileNames& own);

}  // namespace ccx::io
