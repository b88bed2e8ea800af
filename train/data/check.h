// Looks a dataset list over before a run: what is there, what is broken, what repeats, what leaks between splits.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/image/read_options.h"
#include "train/data/dataset_list.h"

namespace ccx::train {

struct CheckOptions {
  bool read_images = true;  // false: names and captions alone
  int threads = 2;
  image::ReadOptions images = {};
};

struct SplitReport {
  int64_t pairs = 0;
  int64_t samples = 0;  // with sampling and repeats, captions flattened
  int64_t changed = 0, unchanged = 0, flag_unknown = 0;
  int64_t captions = 0;
  int64_t shortest = 0, longest = 0;  // words of a caption
  double mean_words = 0;
  int64_t empty_captions = 0;
  std::map<std::string, int64_t> sizes;  // "256x256" -> pictures
};

struct DatasetReport {
  std::string name;
  std::vector<std::string> recognised;        // which file is what, why, and where its pictures are
  std::vector<std::string> notes;             // what was not as written, and what was chosen
  int64_t masks = 0;                          // pairs that have one
  std::map<std::string, SplitReport> splits;  // by name, "train" where the dataset knows none
};

// What is wrong, one line each. A run would go on with `warnings` and suffer from `errors`.
struct CheckReport {
  std::vector<DatasetReport> datasets;
  std::vector<std::string> errors;     // pictures that cannot be read, of unequal size, captions that are empty
  std::vector<std::string> warnings;   // pairs that occur twice in a split
  std::vector<std::string> untrusted;  // pairs with an image::PairWarning, and which
  std::vector<std::string> leaks;      // pairs of one split that are in another too
};

// Pictures are compared by their files' content, drawn pairs by their seed. Throws as read_dataset() does.
CheckReport check_datasets(const std::vector<DatasetEntry>& entries, const CheckOptions& options);

}  // namespace ccx::train
