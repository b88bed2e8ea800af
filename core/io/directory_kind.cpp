#include "core/io/directory_kind.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::io {
namespace fs = std::filesystem;

namespace {

constexpr char kFormat[] = "ccx-directory";

}  // namespace

bool stays_inside(const std::string& name) {
  const fs::path path(name);
  if (name.empty() || path.is_absolute()) return false;
  return std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

std::optional<Marker> read_marker(const fs::path& directory) {
  const fs::path path = directory / kMarkerFile;
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return std::nullopt;
  try {
    const auto json = read_json(path);
    if (json.at("format") != kFormat) return std::nullopt;
    Marker marker{json.at("kind").get<std::string>(), json.value("files", FileNames())};
    if (!std::all_of(marker.files.begin(), marker.files.end(), stays_inside)) return std::nullopt;
    return marker;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::string marker_text(const Marker& marker) {
  nlohmann::ordered_json json = {{"format", kFormat}, {"kind", marker.kind}};
  if (!marker.files.empty()) json["files"] = marker.files;
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<FileNames> files_of(const DirectoryKind& kind, const fs::path& directory) {
  if (kind.identity == kMarkerFile) {
    if (auto marker = read_marker(directory)) {
      if (marker->kind != kind.name) return std::nullopt;
      return std::move(marker->files);
    }
  }
  return kind.own_files ? kind.own_files(directory) : std::nullopt;
}

FileNames all_files(const fs::path& directory) {
  FileNames names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (!fs::is_directory(entry->symlink_status(error))) {
      names.insert(entry->path().lexically_relative(directory).generic_string());
    }
  }
  return names;
}

std::optional<std::string> foreign_file(const fs::path& directory, const FileNames& own) {
  for (const std::string& name : all_files(directory)) {
    if (name != kMarkerFile && own.count(name) == 0) return name;
  }
  return std::nullopt;
}

bool remove_own_files(const fs::path& directory, const FileNames& own) {
  std::error_code ignored;
  std::vector<fs::path> folders{directory};
  for (fs::recursive_directory_iterator entry(directory, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (fs::is_directory(entry->symlink_status(ignored))) folders.push_back(entry->path());
  }
  for (const std::string& name : all_files(directory)) {
    if (own.count(name) != 0) fs::remove(directory / name, ignored);
  }
  // Last, so that what a kill leaves half removed is still known.
  fs::remove(directory / kMarkerFile, ignored);
  std::sort(folders.rbegin(), folders.rend());  // what lies in a folder comes before it
  for (const fs::path& folder : folders) fs::remove(folder, ignored);
  return !fs::exists(fs::symlink_status(directory, ignored));
}

}  // namespace ccx::io
