// Joins the shards of a run (merge.h).
#include "core/captioner/merge.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/captioner/merge_files.h"
#include "core/captioner/merge_order.h"
#include "core/captioner/run_info.h"
#include "core/io/file.h"
#include "core/pairs/naming/names.h"
#include "core/records/output.h"
#include "core/records/record_format.h"

namespace ccx::captioner {
namespace {

namespace fs = std::filesystem;

void check_output(const MergeJob& job) {
  if (job.files.empty()) throw UsageError("no files to merge");
  const bool lists_stdin = job.source && job.source->in == "-";
  const auto stdins = std::count(job.files.begin(), job.files.end(), "-") + (lists_stdin ? 1 : 0);
  if (stdins > 1) throw UsageError("standard input is one file or the list of pairs: name a file for the others");
  std::vector<fs::path> inputs = job.files;
  if (job.source) inputs.push_back(job.source->in);
  io::require_output(job.out, records::records_file(), inputs);
  const io::Destination destination = io::find_destination(job.out);
  if (destination.is_stream) return;
  if (!job.format) records::require_record_ending(job.out);
  io::require_output(sidecar_path(job.out), sidecar_file());
  std::error_code ignored;
  if (!job.overwrite && destination.mode && fs::file_size(destination.path, ignored) > 0) {
    throw InputError(job.out.string() + " is there already; --overwrite replaces it");
  }
}

// Whether the files are the shards of one run, all of them and each whole.
class ShardCheck {
 public:
  ShardCheck(const MergeFiles& files, const MergeOrder& order) : files_(files), order_(order) {}

  void run() const {
    const auto& [first, model] = *files_.infos().begin();
    std::map<uint64_t, std::size_t> file_of_shard;
    std::vector<std::size_t> count(files_.count(), 0);
    for (const auto& [id, line] : files_.lines()) {
      ++count[line.file];
      const auto info = files_.infos().find(line.file);
      if (info != files_.infos().end() && !info->second.shard.holds(id)) {
        throw InputError(files_.name(line.file) + " holds '" + pairs::printable(id) +
                         "', which does not belong to shard " + records::shard_text(info->second.shard));
      }
    }
    for (const auto& [file, info] : files_.infos()) {
      const std::vector<std::string> other = differences(model, info, false);
      if (!other.empty()) {
        throw InputError(files_.name(first) + " and " + files_.name(file) +
                         " come from different runs: " + joined_text(other, "; "));
      }
      if (info.shard.count != model.shard.count || info.input_ids != model.input_ids) {
        throw InputError(files_.name(first) + " and " + files_.name(file) +
                         " are not shards of one run: " + described(model) + ", and " + described(info));
      }
      const auto [known, is_new] = file_of_shard.emplace(info.shard.index, file);
      if (!is_new) {
        throw InputError(files_.name(known->second) + " and " + files_.name(file) + " are both shard " +
                         records::shard_text(info.shard));
      }
      if (info.selected != count[file]) {
        throw InputError(files_.name(file) + " holds " + std::to_string(count[file]) + " of the " +
                         std::to_string(info.selected) + " records of shard " + records::shard_text(info.shard) +
                         order_.missing() + "; continue that run with --resume");
      }
    }
    if (files_.infos().size() != files_.count() || file_of_shard.size() == model.shard.count) return;
    std::string missing;
    for (uint64_t i = 0, named_shards = 0; i < model.shard.count && named_shards < kNamed; ++i) {
      if (file_of_shard.count(i) != 0) continue;
      missing += (missing.empty() ? "" : ", ") + records::shard_text({i, model.shard.count}) +
                 (i == 0 ? " (" + records::shard_text({0, model.shard.count, true}) + ")" : "");
      ++named_shards;
    }
    const std::size_t absent = model.shard.count - file_of_shard.size();
    throw InputError(std::to_string(absent) + " of the " + std::to_string(model.shard.count) + " shards " +
                     (absent == 1 ? "is" : "are") + " not among the files: " + missing + order_.missing());
  }

 private:
  static std::string described(const RunInfo& info) {
    return "shard " + records::shard_text(info.shard) + " of " + std::to_string(info.input_pairs) + " pairs in " +
           info.in;
  }

  const MergeFiles& files_;
  const MergeOrder& order_;
};

RunInfo merged_info(const MergeFiles& files) {
  RunInfo merged = files.infos().begin()->second;
  merged.shard = {};
  merged.status = "complete";
  merged.selected = files.lines().size();
  merged.captioned = 0;
  merged.errors.clear();
  merged.warnings.clear();
  for (const auto& [id, line] : files.lines()) {
    ++(line.error_code.empty() ? merged.captioned : merged.errors[line.error_code]);
    for (const std::string& warning : line.warnings) ++merged.warnings[warning];
  }
  merged.seconds = 0;
  merged.pairs_per_second = 0;
  for (const auto& [file, info] : files.infos()) {
    // Shards run side by side: the slowest one's time, the sum of the speeds.
    merged.seconds = std::max(merged.seconds, info.seconds);
    merged.pairs_per_second += info.pairs_per_second;
  }
  return merged;
}

std::string rewritten(const MergeJob& job, const MergeFiles& files, const MergeFiles::Line& line,
                      records::RecordFormat format) {
  const records::RecordFormat its = files.format(line.file);
  if (its != records::RecordFormat::kJsonLines) {
    throw InputError(files.name(line.file) + " is a table and " + job.out.string() + " is to hold " +
                     records::record_format_name(format) + ": --format " + records::record_format_name(its) +
                     ", or an --out with that ending, keeps the form");
  }
  return records::formatted_record(std::string(line.text.substr(0, line.text.size() - 1)), format) + "\n";
}

void write(const MergeJob& job, const MergeFiles& files, const std::vector<std::string>& ids) {
  const bool takes_theirs = !job.format && io::find_destination(job.out).is_stream;
  const records::RecordFormat format = job.format     ? *job.format
                                       : takes_theirs ? files.format(0)
                                                      : records::record_format_of(job.out);
  std::string all = records::record_header(format);
  for (const std::string& id : ids) {
    const MergeFiles::Line& line = files.lines().at(id);
    all += files.format(line.file) == format ? std::string(line.text) : rewritten(job, files, line, format);
  }
  io::AtomicFile out(job.out, records::records_file());
  out.write(all);
  out.commit();
  if (!out.is_stream() && files.infos().size() == files.count()) {
    RunInfo merged = merged_info(files);
    merged.options["format"] = records::record_format_name(format);
    io::write_file_atomically(sidecar_path(job.out), to_json(merged), sidecar_file());
  }
}

}  // namespace

MergeSummary merge_records(const MergeJob& job) {
  check_output(job);
  const MergeFiles files(job.files, /*need_sidecars=*/!job.source);
  const MergeOrder order(job, files);
  if (!files.infos().empty()) ShardCheck(files, order).run();
  const std::vector<std::string> ids = order.ids();
  write(job, files, ids);
  MergeSummary summary;
  summary.records = ids.size();
  for (const auto& [id, line] : files.lines()) summary.failed += line.error_code.empty() ? 0 : 1;
  return summary;
}

}  // namespace ccx::captioner
