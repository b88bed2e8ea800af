// Mixtures of datasets: a list in JSON or YAML, with how much of each is taken and how often.
//
//   datasets:
//     - json_path: levir_cc/LevirCCcaptions.json     # or `path`; relative to the list
//       sampling_strategy: all                       # first:N, end:N, random:N; N may be a share, first:10%
//       repeat: 6
//     - json_path: sysu_cd.json
//       image_root: /data/sysu
//       split: train                                 # only pairs of this split
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "train/data/pair_item.h"

namespace ccx::train {

// How much of a dataset is taken: all, first:N, end:N, random:N, N%, with N a count or a share ("10%").
struct Sampling {
  enum class Kind { kAll, kFirst, kEnd, kRandom } kind = Kind::kAll;
  int64_t count = 0;
  double share = -1;  // 0 to 1, or negative where `count` says it
};
// Throws UsageError naming the text.
Sampling parse_sampling(const std::string& text);

struct DatasetEntry {
  std::string name;    // for messages and tables
  std::string source;  // as read_dataset takes it
  std::filesystem::path image_root;
  std::string split;  // take pairs of this split alone; empty: decided by who asks
  Sampling sampling;
  int repeat = 1;
};

// One or more sources: datasets themselves, or lists of them (.yaml, .yml, or .json with "datasets"). Throws InputError
// naming the file and the entry.
std::vector<DatasetEntry> read_dataset_list(const std::vector<std::string>& sources);

// The pairs of an entry that belong to `split`, sampled and repeated. A dataset without splits gives all its pairs as
// "train" and none for another split. `seed` decides random:N.
std::vector<PairItem> take(const DatasetEntry& entry, const std::string& split, uint64_t seed);
// The same of pairs that are read already: all that read_dataset() gives for the entry.
std::vector<PairItem> take(const DatasetEntry& entry, const std::vector<PairItem>& all, const std::string& split,
                           uint64_t seed);

}  // namespace ccx::train
