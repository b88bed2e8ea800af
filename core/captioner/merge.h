// Joins the shards of a run into one captions file, and only if it is the file that one run would have written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/pairs/pairs.h"
#include "core/records/record_format.h"

namespace ccx::captioner {

struct MergeJob {
  std::vector<std::filesystem::path> files;
  std::filesystem::path out;                    // "-": stdout
  std::optional<records::RecordFormat> format;  // unset: by the ending of `out`, of stdout the files' own
  bool overwrite = false;
  std::optional<pairs::PairSource> source;  // the input of the run: what must be there, and in which order
};

struct MergeSummary {
  std::size_t records = 0;
  std::size_t failed = 0;
};

// The records of all files, and a sidecar for them, in the input's order: that of `source`, or by id where the
// sidecars say that the input was a directory. Throws InputError and writes nothing when an id occurs twice; a
// record is missing (by `source`, or by the shards and counts in the sidecars), unknown to `source` or in a shard
// it does not belong to; a file ends in a cut line; the files are tables and the joined one is to be JSON lines;
// the files come from different models, options or inputs; or there is neither a sidecar nor a `source` to tell
// whether anything is missing. The message names the ids, at most ten, and the files.
MergeSummary merge_records(const MergeJob& job);

}  // namespace ccx::captioner
