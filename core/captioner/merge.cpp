// Joins the shards of a run (merge.h).
#include "core/captioner/merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/stdin.h"
#include "core/pairs/names.h"
#include "core/records/record.h"
#include "core/records/run_info.h"

namespace ccx::captioner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamed = 10;  // ids that a message names

struct Line {
  std::size_t file = 0;
  std::string_view text;   // with its newline
  std::string error_code;  // empty for a caption
  std::vector<std::string> warnings;
};

std::string named(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < std::min(ids.size(), kNamed); ++i)
    out += (i == 0 ? "'" : ", '") + pairs::printable(ids[i]) + "'";
  if (ids.size() > kNamed) out += " and " + std::to_string(ids.size() - kNamed) + " more";
  return out;
}

class Merge {
 public:
  explicit Merge(const MergeJob& job) : job_(job) {}

  MergeSummary run() {
    check_output();
    for (const fs::path& file : job_.files) contents_.push_back(file == "-" ? io::read_stdin() : io::read_file(file));
    for (std::size_t i = 0; i < job_.files.size(); ++i) read(i);
    read_sidecars();
    expected_ = expected_ids();
    if (!infos_.empty()) check_shards();
    const std::vector<std::string> ids = ordered_ids();
    write(ids);
    MergeSummary summary;
    summary.records = ids.size();
    for (const auto& [id, line] : lines_) summary.failed += line.error_code.empty() ? 0 : 1;
    return summary;
  }

 private:
  std::string name(std::size_t file) const { return job_.files[file] == "-" ? "stdin" : job_.files[file].string(); }

  void check_output() const {
    if (job_.files.empty()) throw UsageError("no files to merge");
    const bool lists_stdin = job_.source && job_.source->in == "-";
    const auto stdins = std::count(job_.files.begin(), job_.files.end(), "-") + (lists_stdin ? 1 : 0);
    if (stdins > 1) throw UsageError("standard input is one file or the list of pairs: name a file for the others");
    io::require_not_an_input(job_.out, job_.files);
    const io::Destination destination = io::find_destination(job_.out);
    if (destination.is_stream) return;
    std::error_code ignored;
    if (!job_.overwrite && destination.mode && fs::file_size(destination.path, ignored) > 0) {
      throw InputError(job_.out.string() + " is there already; --overwrite replaces it");
    }
  }

  void read(std::size_t file) {
    std::string_view content = contents_[file];
    std::vector<std::string> twice;
    for (std::size_t number = 1; !content.empty(); ++number) {
      const std::string where = name(file) + ":" + std::to_string(number) + ": ";
      const std::size_t end = content.find('\n');
      if (end == std::string_view::npos) {
        throw InputError(where + "the last line is cut; continue that run with --resume before merging it");
      }
      records::RecordSummary record;
      try {
        record = records::parse_record(content.substr(0, end));
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
      throw InputError(std::to_string(twice.size()) + (twice.size() == 1 ? " id is" : " ids are") + " in both " +
                       name(first_of_twice_) + " and " + name(file) + ": " + named(twice));
    }
  }

  void read_sidecars() {
    for (std::size_t i = 0; i < job_.files.size(); ++i) {
      if (auto info = records::read_run_info(job_.files[i])) {
        infos_.emplace(i, std::move(*info));
      } else if (!job_.source) {
        throw InputError(name(i) + " has no " + records::sidecar_path(job_.files[i]).filename().string() +
                         " beside it to tell what it should hold; name the input with --in to check against that");
      }
    }
  }

  void check_shards() {
    const auto& [first, model] = *infos_.begin();
    std::map<uint64_t, std::size_t> file_of_shard;
    std::vector<std::size_t> count(job_.files.size(), 0);
    for (const auto& [id, line] : lines_) {
      ++count[line.file];
      const auto info = infos_.find(line.file);
      if (info != infos_.end() && !info->second.shard.holds(id)) {
        throw InputError(name(line.file) + " holds '" + pairs::printable(id) + "', which does not belong to shard " +
                         records::shard_text(info->second.shard));
      }
    }
    for (const auto& [file, info] : infos_) {
      const std::vector<std::string> other = records::differences(model, info, false);
      if (!other.empty()) {
        std::string text;
        for (const std::string& line : other) text += (text.empty() ? "" : "; ") + line;
        throw InputError(name(first) + " and " + name(file) + " come from different runs: " + text);
      }
      if (info.shard.count != model.shard.count || info.input_ids != model.input_ids) {
        throw InputError(name(first) + " and " + name(file) + " are not shards of one run: " + described(model) +
                         ", and " + described(info));
      }
      const auto [known, is_new] = file_of_shard.emplace(info.shard.index, file);
      if (!is_new) {
        throw InputError(name(known->second) + " and " + name(file) + " are both shard " +
                         records::shard_text(info.shard));
      }
      if (info.selected != count[file]) {
        throw InputError(name(file) + " holds " + std::to_string(count[file]) + " of the " +
                         std::to_string(info.selected) + " records of shard " + records::shard_text(info.shard) +
                         missing_ids() + "; continue that run with --resume");
      }
    }
    if (infos_.size() != job_.files.size() || file_of_shard.size() == model.shard.count) return;
    std::string missing;
    for (uint64_t i = 0, named_shards = 0; i < model.shard.count && named_shards < kNamed; ++i) {
      if (file_of_shard.count(i) != 0) continue;
      missing += (missing.empty() ? "" : ", ") + records::shard_text({i, model.shard.count});
      ++named_shards;
    }
    const std::size_t absent = model.shard.count - file_of_shard.size();
    throw InputError(std::to_string(absent) + " of the " + std::to_string(model.shard.count) + " shards " +
                     (absent == 1 ? "is" : "are") + " not among the files: " + missing + missing_ids());
  }

  std::string input_name() const { return job_.source ? job_.source->in.string() : infos_.begin()->second.in; }

  static std::string described(const records::RunInfo& info) {
    return "shard " + records::shard_text(info.shard) + " of " + std::to_string(info.input_pairs) + " pairs in " +
           info.in;
  }

  // What the input holds and the files do not, for a message.
  std::string missing_ids() const {
    if (!expected_) return " (--in names the missing ids)";
    std::vector<std::string> missing;
    for (const std::string& id : *expected_) {
      if (lines_.count(id) == 0) missing.push_back(id);
    }
    return missing.empty() ? "" : "; missing: " + named(missing);
  }

  // The ids of the input in its order, as far as the runs' --limit went: of the input that was named, or of the one the
  // sidecars name if that is still what it was.
  std::optional<std::vector<std::string>> expected_ids() const {
    if (!job_.source && infos_.empty()) return std::nullopt;
    if (job_.source) {
      pairs::PairList list = pairs::find_pairs(*job_.source);
      if (!infos_.empty()) list.pairs.resize(std::min(list.pairs.size(), infos_.begin()->second.input_pairs));
      return ids_of(list);
    }
    const records::RunInfo& info = infos_.begin()->second;
    pairs::PairSource recorded;
    recorded.in = info.in;
    recorded.split = info.split;
    recorded.series = info.series;
    recorded.before = info.before;
    recorded.after = info.after;
    recorded.pattern = info.pattern;
    // The sidecar tells the layout that was found; most were not asked for.
    for (const pairs::Layout layout : {pairs::Layout::kAuto, pairs::layout_from_name(info.layout)}) {
      recorded.layout = layout;
      try {
        pairs::PairList list = pairs::find_pairs(recorded);
        list.pairs.resize(std::min(list.pairs.size(), info.input_pairs));
        if (records::digest_of_ids(list.pairs) == info.input_ids) return ids_of(list);
      } catch (const Error&) {
        // Gone, or another by now.
      }
    }
    return std::nullopt;
  }

  static std::vector<std::string> ids_of(const pairs::PairList& list) {
    std::vector<std::string> ids;
    for (const pairs::Pair& pair : list.pairs) ids.push_back(pair.id);
    return ids;
  }

  std::vector<std::string> ordered_ids() const {
    if (expected_) {
      std::vector<std::string> missing;
      std::set<std::string_view> known;
      for (const std::string& id : *expected_) {
        known.insert(id);
        if (lines_.count(id) == 0) missing.push_back(id);
      }
      if (!missing.empty()) {
        throw InputError(std::to_string(missing.size()) + " of the " + std::to_string(expected_->size()) +
                         " pairs of " + input_name() + " have no record: " + named(missing));
      }
      std::vector<std::string> unknown;
      for (const auto& [id, line] : lines_) {
        if (known.count(id) == 0) unknown.push_back(id);
      }
      if (!unknown.empty()) {
        throw InputError("there are records of pairs that " + input_name() + " does not hold: " + named(unknown));
      }
      return *expected_;
    }
    const bool own_order = infos_.begin()->second.layout == pairs::layout_name(pairs::Layout::kManifest);
    if (own_order && job_.files.size() > 1) {
      throw InputError("the input was the manifest " + infos_.begin()->second.in +
                       ", whose order is its own: name it with --in");
    }
    std::vector<std::string> ids;
    if (job_.files.size() == 1) {
      std::vector<std::pair<const char*, std::string>> placed;
      for (const auto& [id, line] : lines_) placed.emplace_back(line.text.data(), id);
      std::sort(placed.begin(), placed.end());
      for (auto& [place, id] : placed) ids.push_back(std::move(id));
    } else {
      for (const auto& [id, line] : lines_) ids.push_back(id);
    }
    return ids;
  }

  void write(const std::vector<std::string>& ids) const {
    std::string all;
    for (const std::string& id : ids) all += lines_.at(id).text;
    io::AtomicFile out(job_.out);
    out.write(all);
    out.commit();
    if (!out.is_stream() && infos_.size() == job_.files.size()) {
      io::write_file_atomically(records::sidecar_path(job_.out), records::to_json(merged_info()));
    }
  }

  records::RunInfo merged_info() const {
    records::RunInfo merged = infos_.begin()->second;
    merged.shard = {};
    merged.status = "complete";
    merged.selected = lines_.size();
    merged.captioned = 0;
    merged.errors.clear();
    merged.warnings.clear();
    for (const auto& [id, line] : lines_) {
      ++(line.error_code.empty() ? merged.captioned : merged.errors[line.error_code]);
      for (const std::string& warning : line.warnings) ++merged.warnings[warning];
    }
    merged.seconds = 0;
    merged.pairs_per_second = 0;
    for (const auto& [file, info] : infos_) {
      // Shards run side by side: the slowest one's time, the sum of the speeds.
      merged.seconds = std::max(merged.seconds, info.seconds);
      merged.pairs_per_second += info.pairs_per_second;
    }
    return merged;
  }

  const MergeJob& job_;
  std::vector<std::string> contents_;
  std::map<std::string, Line> lines_;  // by id
  std::map<std::size_t, records::RunInfo> infos_;
  std::optional<std::vector<std::string>> expected_;
  std::size_t first_of_twice_ = 0;
};

}  // namespace

MergeSummary merge_records(const MergeJob& job) {
  return Merge(job).run();
}

}  // namespace ccx::captioner
