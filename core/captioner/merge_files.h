// The captions files that are merged, with what their sidecars tell.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/captioner/run_info.h"
#include "core/records/record_format.h"

namespace ccx::captioner {

class MergeFiles {
 public:
  struct Line {
    std::size_t file = 0;
    std::string_view text;   // with its newline
    std::string error_code;  // empty for a caption
    std::vector<std::string> warnings;
  };

  // "-": standard input. Throws InputError for what is no captions file, is cut, or holds an id twice, and, where
  // `need_sidecars`, for a file without one.
  MergeFiles(const std::vector<std::filesystem::path>& files, bool need_sidecars);

  // Lines are views of the files' contents.
  MergeFiles(const MergeFiles&) = delete;
  MergeFiles& operator=(const MergeFiles&) = delete;

  std::size_t count() const { return paths_.size(); }
  std::string name(std::size_t file) const { return paths_[file] == "-" ? "stdin" : paths_[file].string(); }
  records::RecordFormat format(std::size_t file) const { return formats_[file]; }
  const std::map<std::string, Line>& lines() const { return lines_; }  // by id
  bool has(const std::string& id) const { return lines_.count(id) != 0; }
  const std::map<std::size_t, RunInfo>& infos() const { return infos_; }  // by file

 private:
  void read(std::size_t file);
  void read_sidecar(std::size_t file, bool needed);

  std::vector<std::filesystem::path> paths_;
  std::vector<std::string> contents_;
  std::vector<records::RecordFormat> formats_;
  std::map<std::string, Line> lines_;
  std::map<std::size_t, RunInfo> infos_;
  std::size_t first_of_twice_ = 0;
};

constexpr std::size_t kNamed = 10;  // ids and shards that a message names

// "'a', 'b' and 3 more".
std::string named(const std::vector<std::string>& ids);

}  // namespace ccx::captioner
