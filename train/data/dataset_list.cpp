#include "train/data/dataset_list.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/pairs/lists/values.h"
#include "train/data/dataset.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// A .json that is a list of datasets and not a dataset.
bool is_json_list(const fs::path& path) {
  if (path.extension() != ".json" || !fs::is_regular_file(path)) return false;
  const nlohmann::json json = io::read_json(path, io::kListLimits);
  return json.is_object() && json.contains("datasets");
}

std::string text_of(const YAML::Node& node, const std::string& key, const std::string& where) {
  if (!node[key]) return "";
  if (!node[key].IsScalar()) throw InputError(where + ": \"" + key + "\" must be a plain value");
  return node[key].as<std::string>();
}

DatasetEntry read_entry(const YAML::Node& node, const fs::path& folder, const std::string& where) {
  if (!node.IsMap()) throw InputError(where + ": expected keys such as json_path and sampling_strategy");
  for (const auto& member : node) {
    const std::string key = member.first.as<std::string>();
    const std::vector<std::string> known = {"json_path", "path", "sampling_strategy", "repeat", "image_root",
                                            "split",     "name"};
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw InputError(where + ": unknown key \"" + key + "\"");
    }
  }
  DatasetEntry entry;
  entry.source = text_of(node, "json_path", where);
  if (entry.source.empty()) entry.source = text_of(node, "path", where);
  if (entry.source.empty()) throw InputError(where + ": \"json_path\" is missing");
  if (entry.source.rfind("scenes:", 0) != 0 && fs::path(entry.source).is_relative()) {
    entry.source = (folder / entry.source).string();
  }
  entry.name = text_of(node, "name", where);
  if (entry.name.empty()) entry.name = entry.source;
  entry.image_root = text_of(node, "image_root", where);
  if (!entry.image_root.empty() && entry.image_root.is_relative()) entry.image_root = folder / entry.image_root;
  entry.split = text_of(node, "split", where);
  const std::string sampling = text_of(node, "sampling_strategy", where);
  const std::string repeat = text_of(node, "repeat", where);
  try {
    if (!sampling.empty()) entry.sampling = parse_sampling(sampling);
  } catch (const UsageError& error) {
    throw InputError(where + ": " + error.what());
  }
  if (!repeat.empty()) {
    const auto [end, error] = std::from_chars(repeat.data(), repeat.data() + repeat.size(), entry.repeat);
    if (error != std::errc() || end != repeat.data() + repeat.size() || entry.repeat < 1 || entry.repeat > 10000) {
      throw InputError(where + ": \"repeat\" must be a whole number from 1 to 10000, not \"" + repeat + "\"");
    }
  }
  return entry;
}

// JSON is YAML, so one reader does both.
void read_list(const fs::path& path, std::vector<DatasetEntry>& entries) {
  YAML::Node root;
  try {
    root = YAML::Load(io::read_file(path));
  } catch (const YAML::Exception& error) {
    throw InputError(path.string() + ": " + error.what());
  }
  const YAML::Node list = root.IsMap() ? root["datasets"] : root;
  if (!list || !list.IsSequence() || list.size() == 0) {
    throw InputError(path.string() + ": expected \"datasets:\" with a list of datasets");
  }
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string where = path.string() + ", dataset " + std::to_string(i + 1);
    try {
      entries.push_back(read_entry(list[i], path.parent_path(), where));
    } catch (const YAML::Exception& error) {
      throw InputError(where + ": " + error.what());
    }
  }
}

}  // namespace

Sampling parse_sampling(const std::string& text) {
  const UsageError refused(
      "\"" + text + "\" is no sampling: choose all, first:N, end:N, random:N or N%, with N a count or a share (10%)");
  if (text == "all") return {};
  Sampling sampling;
  sampling.kind = Sampling::Kind::kFirst;
  std::string number = text;
  const size_t colon = text.find(':');
  if (colon != std::string::npos) {
    const std::string kind = text.substr(0, colon);
    number = text.substr(colon + 1);
    if (kind == "end") {
      sampling.kind = Sampling::Kind::kEnd;
    } else if (kind == "random") {
      sampling.kind = Sampling::Kind::kRandom;
    } else if (kind != "first") {
      throw refused;
    }
  }
  const bool percent = !number.empty() && number.back() == '%';
  if (colon == std::string::npos && !percent) throw refused;
  if (percent) number.pop_back();
  double value = -1;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool whole = value == std::floor(value);
  if (error != std::errc() || end != number.data() + number.size() || !(value >= 0) || value > 1e12) throw refused;
  if (percent ? value > 100 : !whole) throw refused;
  if (percent) {
    sampling.share = value / 100;
  } else {
    sampling.count = static_cast<int64_t>(value);
  }
  return sampling;
}

std::vector<DatasetEntry> read_dataset_list(const std::vector<std::string>& sources) {
  std::vector<DatasetEntry> entries;
  for (const std::string& source : sources) {
    if (source.rfind("scenes:", 0) != 0 && (is_yaml(source) || is_json_list(source))) {
      read_list(source, entries);
    } else {
      DatasetEntry entry;
      entry.name = entry.source = source;
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

std::vector<PairItem> take(const DatasetEntry& entry, const std::string& split, uint64_t seed) {
  return take(entry, read_dataset(entry.source, entry.image_root), split, seed);
}

std::vector<PairItem> take(const DatasetEntry& entry, const std::vector<PairItem>& all, const std::string& split,
                           uint64_t seed) {
  std::vector<PairItem> items;
  for (const PairItem& item : all) {
    // An entry that names its split offers it as training data, whatever the split is called.
    const bool wanted = entry.split.empty() ? pairs::same_split(item.split.empty() ? "train" : item.split, split)
                                            : split == "train" && pairs::same_split(item.split, entry.split);
    if (wanted) items.push_back(item);
  }
  const auto total = static_cast<int64_t>(items.size());
  const Sampling& sampling = entry.sampling;
  if (sampling.kind != Sampling::Kind::kAll && split == "train") {
    const auto share = static_cast<int64_t>(std::ceil(sampling.share * static_cast<double>(total)));
    const int64_t count = std::min(total, sampling.share >= 0 ? share : sampling.count);
    const auto n = static_cast<std::ptrdiff_t>(count);
    if (sampling.kind == Sampling::Kind::kFirst) items.erase(items.begin() + n, items.end());
    if (sampling.kind == Sampling::Kind::kEnd) items.erase(items.begin(), items.end() - n);
    if (sampling.kind == Sampling::Kind::kRandom) {
      std::vector<PairItem> chosen;
      const std::vector<int64_t> order = permutation(total, derive_seed(seed, fnv1a(entry.source)));
      for (int64_t i = 0; i < count; ++i) chosen.push_back(items[static_cast<size_t>(order[static_cast<size_t>(i)])]);
      items = std::move(chosen);
    }
  }
  const std::vector<PairItem> once = items;
  for (int i = 1; i < (split == "train" ? entry.repeat : 1); ++i) items.insert(items.end(), once.begin(), once.end());
  return items;
}

}  // namespace ccx::train
