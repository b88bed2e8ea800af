// The captions file (output.h).
#include "core/captioner/output.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/graph/error.h"
#include "core/pairs/names.h"

namespace ccx::captioner {
namespace {

// Calls `use` with every whole line and its newline; a rest without one is no line.
template <typename Use>
void for_each_line(std::string_view content, const Use& use) {
  for (std::size_t end = content.find('\n'); end != std::string_view::npos; end = content.find('\n')) {
    use(content.substr(0, end + 1));
    content.remove_prefix(end + 1);
  }
}

std::string_view without_newline(std::string_view line) {
  return line.substr(0, line.size() - 1);
}

}  // namespace

RecordsFile::RecordsFile(std::filesystem::path path, OutputMode mode) : file_(path), mode_(mode) {
  if (!is_stream()) {
    read_existing();
  } else if (mode_ == OutputMode::kResume) {
    throw UsageError("there is nothing to resume in a stream; --out must name a file");
  }
}

void RecordsFile::read_existing() {
  if (file_.size() == 0 || mode_ == OutputMode::kOverwrite) return;
  if (mode_ == OutputMode::kNew) {
    throw InputError(path().string() + " is there already; --resume continues it, --overwrite begins anew");
  }
  const std::string content = file_.read();
  std::unordered_map<std::string, std::size_t> lines;
  std::size_t number = 0;
  for_each_line(content, [&](std::string_view line) {
    ++number;
    const std::string where = path().string() + ":" + std::to_string(number) + ": ";
    try {
      existing_.push_back(parse_record(without_newline(line)));
    } catch (const InputError& error) {
      throw InputError(where + error.what() + "; this is not a captions file that can be resumed");
    }
    const auto [first, is_new] = lines.emplace(existing_.back().id, number);
    if (!is_new) {
      throw InputError(where + "the id '" + pairs::printable(first->first) + "' was in line " +
                       std::to_string(first->second) + " already");
    }
    size_ += line.size();
  });
  cut_bytes_ = content.size() - size_;
}

void RecordsFile::begin(bool drop_failed) {
  file_.keep();  // a shard without pairs is an empty file
  if (is_stream()) return;
  file_.truncate(size_);
  if (!drop_failed) return;
  std::string kept;
  std::size_t index = 0;
  for_each_line(file_.read(), [&](std::string_view line) {
    if (existing_[index++].error_code.empty()) kept += line;
  });
  if (kept.size() == size_) return;
  file_.replace(kept);
  std::erase_if(existing_, [](const RecordSummary& record) { return !record.error_code.empty(); });
}

void RecordsFile::reorder(const std::vector<std::string>& ids) {
  const std::string content = file_.read();
  std::unordered_map<std::string, std::string_view> lines;
  for_each_line(content, [&](std::string_view line) { lines.emplace(parse_record(without_newline(line)).id, line); });
  std::string sorted;
  sorted.reserve(content.size());
  for (const std::string& id : ids) sorted += lines.at(id);
  file_.replace(sorted);
}

}  // namespace ccx::captioner
