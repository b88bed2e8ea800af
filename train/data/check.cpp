#include "train/data/check.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <sstream>
#include <thread>

#include "core/base/error.h"
#include "core/image/read_pair.h"
#include "core/io/file.h"
#include "core/io/sha256.h"
#include "train/data/dataset.h"

namespace ccx::train {
namespace {

// A token is at most a few words long, and a model has some thousand positions besides those of the images.
constexpr int64_t kMostWords = 1000;
constexpr size_t kMostBytes = 8000;

// What a pair is known by, whatever its files are called; and what is wrong with it.
struct Look {
  std::string content;
  std::string size;
  std::string error;
  std::vector<std::string> warnings;
};

std::string digest(const std::string& bytes) {
  io::Sha256 sha;
  sha.update(bytes);
  return sha.hex();
}

Look look_at(const PairItem& item, const CheckOptions& options) {
  Look look;
  if (item.scene_seed) {
    look.content = "scene " + std::to_string(*item.scene_seed);
    return look;
  }
  if (!options.read_images) {
    look.content = std::filesystem::path(item.before).lexically_normal().string() + "\n" +
                   std::filesystem::path(item.after).lexically_normal().string();
    return look;
  }
  try {
    const std::string before = io::read_file(item.before);
    const std::string after = io::read_file(item.after);
    const image::ReadPair pair = image::read_pair({item.before}, {item.after}, options.images, 0);
    const image::ReadInfo& a = pair.before.info;
    const image::ReadInfo& b = pair.after.info;
    for (const image::PairWarning& warning : pair.warnings) {
      if (warning.code == image::WarningCode::kSizeDiffers) continue;  // an error, below
      look.warnings.push_back(item.id + ": " + warning.message + " (" + image::warning_name(warning.code) + ")");
    }
    look.content = digest(before) + digest(after);
    look.size = std::to_string(a.width) + "x" + std::to_string(a.height);
    if (!pair.aligned && (a.width != b.width || a.height != b.height)) {
      look.error =
          item.id + ": before is " + look.size + ", after " + std::to_string(b.width) + "x" + std::to_string(b.height);
    }
  } catch (const std::exception& error) {  // any: an exception that left this thread would end the program
    look.error = item.id + ": " + error.what();
  }
  return look;
}

std::vector<Look> look_at_all(const std::vector<PairItem>& items, const CheckOptions& options) {
  std::vector<Look> looks(items.size());
  std::atomic<size_t> next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < std::max(1, options.threads); ++i) {
    workers.emplace_back([&] {
      for (size_t k = next++; k < items.size(); k = next++) looks[k] = look_at(items[k], options);
    });
  }
  for (std::thread& worker : workers) worker.join();
  return looks;
}

int64_t words(const std::string& text) {
  std::istringstream in(text);
  int64_t count = 0;
  for (std::string word; in >> word;) ++count;
  return count;
}

void count_captions(const PairItem& item, SplitReport& report, CheckReport& all) {
  for (const std::string& caption : item.captions) {
    const int64_t length = words(caption);
    report.shortest = report.captions == 0 ? length : std::min(report.shortest, length);
    report.longest = std::max(report.longest, length);
    report.mean_words += static_cast<double>(length);
    ++report.captions;
    if (length == 0) {
      ++report.empty_captions;
      all.errors.push_back(item.id + ": a caption is empty");
    }
    if (length > kMostWords || caption.size() > kMostBytes) {
      all.errors.push_back(item.id + ": a caption has " + std::to_string(length) + " words and " +
                           std::to_string(caption.size()) + " bytes; no model's context holds it");
    }
    if (caption.find("<image>") != std::string::npos) all.errors.push_back(item.id + ": a caption holds \"<image>\"");
  }
}

}  // namespace

CheckReport check_datasets(const std::vector<DatasetEntry>& entries, const CheckOptions& options) {
  CheckReport report;
  std::map<std::string, std::pair<std::string, std::string>> seen;  // content -> (split, id)
  for (const DatasetEntry& entry : entries) {
    DatasetReport& dataset = report.datasets.emplace_back();
    dataset.name = entry.name;
    const Dataset source = open_dataset(entry.source, entry.image_root);
    const std::vector<PairItem>& items = source.items;
    dataset.recognised = source.recognised;
    dataset.notes = source.notes;
    dataset.masks = std::count_if(items.begin(), items.end(), [](const PairItem& item) { return !item.mask.empty(); });
    const std::vector<Look> looks = look_at_all(items, options);
    for (size_t i = 0; i < items.size(); ++i) {
      const PairItem& item = items[i];
      const std::string split = item.split.empty() ? "train" : item.split;
      SplitReport& part = dataset.splits[split];
      ++part.pairs;
      if (item.changed) ++(*item.changed ? part.changed : part.unchanged);
      if (!item.changed) ++part.flag_unknown;
      count_captions(item, part, report);
      if (!looks[i].size.empty()) part.sizes[looks[i].size] += 2;
      report.untrusted.insert(report.untrusted.end(), looks[i].warnings.begin(), looks[i].warnings.end());
      if (!looks[i].error.empty()) report.errors.push_back(looks[i].error);
      if (looks[i].content.empty()) continue;
      const auto [first, added] = seen.emplace(looks[i].content, std::pair(split, item.id));
      if (added) continue;
      const std::string what =
          item.id + " (" + split + ") is the pair of " + first->second.second + " (" + first->second.first + ")";
      (first->second.first == split ? report.warnings : report.leaks).push_back(what);
    }
    for (auto& [split, part] : dataset.splits) {
      if (part.captions > 0) part.mean_words /= static_cast<double>(part.captions);
      for (const PairItem& item : take(entry, items, split, 0))
        part.samples += item.scene_seed ? 5 : static_cast<int64_t>(item.captions.size());
    }
  }
  return report;
}

}  // namespace ccx::train
