// Writes scenes as a data set in LEVIR-CC's layout: images/{split}/{A,B,label,kinds}/NAME and LevirCCcaptions.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/scenes/scenes.h"

namespace ccx::scenes {

enum class ImageFormat { kPng, kJpeg };

struct Split {
  std::string name;
  uint64_t count = 0;
};

struct DatasetOptions {
  std::filesystem::path out;
  std::vector<Split> splits;
  uint64_t seed = 0;
  SceneOptions scene;
  ImageFormat format = ImageFormat::kPng;
  int threads = 1;
  bool resume = false;  // finish a data set of the same options that was interrupted
  // Called now and then from one thread at a time with the number of pairs done.
  std::function<void(uint64_t done, uint64_t total)> progress;
  // Asked before every pair: true stops cleanly, leaving what --resume needs.
  std::function<bool()> interrupted;
};

// "train:0.8,val:0.1,test:0.1" divides `count` pairs; the last split takes what rounding leaves. A single name takes
// all. Throws UsageError for unknown forms, shares that are not positive or do not sum to 1, names given twice.
std::vector<Split> parse_splits(const std::string& text, uint64_t count);

struct DatasetSummary {
  uint64_t pairs = 0;
  uint64_t changed = 0;
  bool complete = true;
};

// The bytes depend on the seed, the splits and the scene options, never on `threads`. Every file is written whole or
// not at all, the captions last. Throws UsageError when `out` exists and is not empty (unless resuming the same data
// set), InputError when a file cannot be written.
DatasetSummary write_dataset(const DatasetOptions& options);

}  // namespace ccx::scenes
