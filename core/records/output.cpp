// The captions file (output.h).
#include "core/records/output.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/json.h"
#include "core/pairs/naming/names.h"

namespace ccx::records {
namespace {

uint32_t warning_bits(const std::vector<std::string>& codes) {
  static const std::vector<std::string> names = image::all_warning_names();
  uint32_t bits = 0;
  for (const std::string& code : codes) {
    const auto known = std::find(names.begin(), names.end(), code);
    if (known != names.end()) bits |= 1U << (known - names.begin());
  }
  return bits;
}

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

bool is_json(std::string_view text) {
  try {
    io::parse_json(text, "");
    return true;
  } catch (const InputError&) {
    return false;
  }
}

// A first line with the keys that only records have: a user's list of pairs with captions is none.
bool is_record(std::string_view line) {
  const auto holds = [&](const char* key) { return line.find(key) != std::string_view::npos; };
  try {
    const RecordSummary summary = parse_record(line);
    return !summary.error_code.empty() || (holds("\"changed\":") && holds("\"tokens\":"));
  } catch (const InputError&) {
    return false;
  }
}

bool is_records(std::string_view start) {
  const std::size_t end = start.find('\n');
  const std::string_view line = start.substr(0, end);
  for (const RecordFormat format : {RecordFormat::kCsv, RecordFormat::kTsv}) {
    const std::string header = record_header(format);
    const std::string_view columns = without_newline(header);
    // Earlier versions had fewer columns behind these.
    const std::string_view first = columns.substr(0, columns.find("p_change"));
    if (line.starts_with(first) || (end == std::string_view::npos && columns.starts_with(line))) return true;
  }
  if (end != std::string_view::npos) return is_record(line);
  // Cut, or longer than what was read of it: what is whole JSON and no record is another's.
  const std::string_view first = "{\"id\":\"";
  return is_record(line) || ((line.starts_with(first) || first.starts_with(line)) && !is_json(line));
}

const std::filesystem::path& checked(const std::filesystem::path& path) {
  io::require_output(path, records_file());
  return path;
}

}  // namespace

io::FileKind records_file() {
  return {"captions file", is_records};
}

RecordsFile::RecordsFile(const std::filesystem::path& path, OutputMode mode, RecordFormat format)
    : file_(checked(path)), mode_(mode), format_(format) {
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
  // Line by line: the file of a million pairs is larger than what is kept of it.
  std::ifstream in(path(), std::ios::binary);
  if (!in) throw InputError("cannot read " + path().string());
  const std::string header = record_header(format_);
  for (std::string line; std::getline(in, line);) {
    if (in.eof()) break;  // a cut line, which begin() removes
    if (size_ == 0 && !header.empty()) {
      if (line + "\n" != header) {
        throw InputError(path().string() + ":1: this is not the header of a table of captions that can be resumed");
      }
      size_ = header.size();
      continue;
    }
    RecordSummary record;
    try {
      record = parse_formatted(line, format_);
    } catch (const InputError& error) {
      throw InputError(path().string() + ":" + std::to_string(existing_.size() + (header.empty() ? 1 : 2)) + ": " +
                       error.what() + "; this is not a captions file that can be resumed");
    }
    const uint64_t images = images_digest(record.before, record.after);
    const std::string* error = record.error_code.empty() ? nullptr : &*errors_.insert(record.error_code).first;
    existing_.push_back({std::move(record.id), images, error, warning_bits(record.warnings)});
    size_ += line.size() + 1;
  }
  require_distinct();
}

void RecordsFile::require_distinct() const {
  std::vector<uint32_t> order(existing_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return std::tie(existing_[a].id, a) < std::tie(existing_[b].id, b); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (existing_[order[i]].id != existing_[order[i - 1]].id) continue;
    const uint32_t first = format_ == RecordFormat::kJsonLines ? 1 : 2;  // line of the first record
    throw InputError(path().string() + ":" + std::to_string(order[i] + first) + ": the id '" +
                     pairs::printable(existing_[order[i]].id) + "' was in line " +
                     std::to_string(order[i - 1] + first) + " already");
  }
}

RecordSummary RecordsFile::existing_record(std::size_t index) const {
  std::ifstream in(path(), std::ios::binary);
  std::string line;
  const std::size_t skipped = index + (format_ == RecordFormat::kJsonLines ? 0 : 1);
  for (std::size_t i = 0; i <= skipped && std::getline(in, line); ++i) {
  }
  return parse_formatted(line, format_);
}

uint64_t images_digest(std::string_view before, std::string_view after) {
  return pairs::stable_hash(before) * kGoldenGamma ^ pairs::stable_hash(after);
}

void RecordsFile::begin(bool drop_failed) {
  file_.keep();  // a shard without pairs is an empty file
  const std::string header = record_header(format_);
  if (!is_stream()) file_.truncate(size_);
  if (size_ == 0 && !header.empty()) append(header);
  if (is_stream()) return;
  if (!drop_failed || size_ == 0) return;
  std::string kept = header;
  std::size_t index = 0;
  for_each_line(std::string_view(file_.read()).substr(header.size()), [&](std::string_view line) {
    if (existing_[index++].error == nullptr) kept += line;
  });
  if (kept.size() == size_) return;
  file_.replace(kept);
  std::erase_if(existing_, [](const KeptRecord& record) { return record.error != nullptr; });
}

void RecordsFile::reorder(const std::vector<std::string>& ids) {
  const std::string content = file_.read();
  std::unordered_map<std::string, std::string_view> lines;
  std::string sorted = record_header(format_);
  for_each_line(std::string_view(content).substr(sorted.size()), [&](std::string_view line) {
    lines.emplace(parse_formatted(without_newline(line), format_).id, line);
  });
  sorted.reserve(content.size());
  for (const std::string& id : ids) sorted += lines.at(id);
  file_.replace(sorted);
}

}  // namespace ccx::records
