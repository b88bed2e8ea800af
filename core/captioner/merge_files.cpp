#include "core/captioner/merge_files.h"

#include <algorithm>
#include <utility>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/stdin.h"
#include "core/pairs/naming/names.h"
#include "core/records/record.h"

namespace ccx::captioner {

std::string named(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < std::min(ids.size(), kNamed); ++i)
    out += (i == 0 ? "'" : ", '") + pairs::printable(ids[i]) + "'";
  if (ids.size() > kNamed) out += " and " + std::to_string(ids.size() - kNamed) + " more";
  return out;
}

MergeFiles::MergeFiles(const std::vector<std::filesystem::path>& files, bool need_sidecars) : paths_(files) {
  for (const std::filesystem::path& file : files)
    contents_.push_back(file == "-" ? io::read_stdin() : io::read_file(file));
  for (std::size_t i = 0; i < files.size(); ++i) read(i);
  for (std::size_t i = 0; i < files.size(); ++i) read_sidecar(i, need_sidecars);
}

void MergeFiles::read(std::size_t file) {
  std::string_view content = contents_[file];
  const records::RecordFormat format = records::record_format_of_line(content.substr(0, content.find('\n')));
  const std::size_t header = records::record_header(format).size();
  formats_.push_back(format);
  content.remove_prefix(std::min(header, content.size()));
  std::vector<std::string> twice;
  for (std::size_t number = header > 0 ? 2 : 1; !content.empty(); ++number) {
    const std::string where = name(file) + ":" + std::to_string(number) + ": ";
    const std::size_t end = content.find('\n');
    if (end == std::string_view::npos) {
      throw InputError(where + "the last line is cut; continue that run with --resume before merging it");
    }
    records::RecordSummary record;
    try {
      record = records::parse_formatted(content.substr(0, end), format);
    } catch (const InputError& error) {
      throw InputError(where + error.what() + "; this is not a captions file");
    }
    const Line line{file, content.substr(0, end + 1), record.error_code, record.warnings};
    const auto [known, is_new] = lines_.emplace(record.id, line);
    if (!is_new) twice.push_back(record.id);
    if (twice.size() == 1 && !is_new) first_of_twice_ = known->second.file;
    content.remove_prefix(end + 1);
  }
  if (!twice.empty()) {
    std::error_code ignored;
    if (first_of_twice_ != file && std::filesystem::equivalent(paths_[first_of_twice_], paths_[file], ignored)) {
      throw InputError(name(file) + " is given twice" +
                       (name(file) == name(first_of_twice_) ? "" : ", as " + name(first_of_twice_) + " too") +
                       ": name every file once");
    }
    if (first_of_twice_ == file) {
      throw InputError(counted(twice.size(), "id") + (twice.size() == 1 ? " stands" : " stand") + " twice in " +
                       name(file) + ": " + named(twice));
    }
    throw InputError(counted(twice.size(), "id") + (twice.size() == 1 ? " is" : " are") + " in both " +
                     name(first_of_twice_) + " and " + name(file) + ": " + named(twice));
  }
}

void MergeFiles::read_sidecar(std::size_t file, bool needed) {
  if (auto info = read_run_info(paths_[file])) {
    infos_.emplace(file, std::move(*info));
  } else if (needed) {
    throw InputError(name(file) + " has no " + sidecar_path(paths_[file]).filename().string() +
                     " beside it to tell what it should hold; name the input with --in to check against that");
  }
}

}  // namespace ccx::captioner
