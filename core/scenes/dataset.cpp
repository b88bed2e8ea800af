// Worker threads draw and write pairs; the captions file, which lists them in order, completes the data set.
#include "core/scenes/dataset.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "core/base/error.h"
#include "core/image/encode.h"
#include "core/io/file.h"
#include "core/io/folder.h"
#include "core/io/temporary.h"
#include "core/scenes/png.h"

namespace ccx::scenes {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kCaptionsFile = "LevirCCcaptions.json";
constexpr const char* kRecipeFile = "scenes.json";  // how the data set was drawn; also marks an unfinished one
constexpr const char* kCaptionsBegin = "{\"dataset\": \"ccx scenes\", \"images\": [";
constexpr int kJpegQuality = 92;

std::string stem(const std::string& split, uint64_t index) {
  std::string digits = std::to_string(index + 1);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return split + "_" + digits;
}

std::string recipe(const DatasetOptions& options) {
  Json json;
  json["seed"] = options.seed;
  json["size"] = options.scene.size;
  json["changed_share"] = options.scene.changed_share;
  json["removed_share"] = options.scene.removed_share;
  json["worlds"] = to_string(options.scene.worlds);
  json["format"] = options.format == ImageFormat::kPng ? "png" : "jpg";
  for (const Split& split : options.splits) json["splits"][split.name] = split.count;
  return json.dump(1) + "\n";
}

Json caption_entry(const Split& split, uint64_t index, uint64_t imgid, const std::string& extension, bool changed,
                   const Sentences& sentences) {
  Json entry;
  entry["filepath"] = split.name;
  entry["filename"] = stem(split.name, index) + extension;
  entry["split"] = split.name;
  entry["imgid"] = imgid;
  entry["changeflag"] = changed ? 1 : 0;
  entry["sentences"] = Json::array();
  for (const std::string& sentence : sentences) {
    Json tokens = Json::array();
    std::istringstream words(sentence);
    for (std::string word; words >> word;) tokens.push_back(word);
    entry["sentences"].push_back({{"raw", sentence}, {"tokens", tokens}});
  }
  return entry;
}

io::FileKind captions_file() {
  return {"list of drawn scenes", [](std::string_view start) { return start.starts_with(kCaptionsBegin); }};
}

std::vector<fs::path> image_folders(const DatasetOptions& options, const Split& split) {
  const fs::path images = options.out / "images" / split.name;
  return {images / "A", images / "B", images / "label", images / "kinds"};
}

void prepare_folder(const DatasetOptions& options) {
  std::error_code error;
  const bool there = fs::exists(options.out, error);
  if (there && !fs::is_directory(options.out))
    throw UsageError(options.out.string() + " is not a folder; name another with --out");
  if (there && !fs::is_empty(options.out)) {
    const fs::path marker = options.out / kRecipeFile;
    if (!options.resume) {
      throw UsageError(options.out.string() +
                       " is not empty; name a new folder, or add --resume to finish a data set that was interrupted");
    }
    if (!fs::exists(marker) || io::read_file(marker) != recipe(options)) {
      throw UsageError(options.out.string() + " was not drawn with these options (see " + marker.string() +
                       "); repeat them with --resume, or name a new folder");
    }
  }
  io::require_output(there ? options.out / kCaptionsFile : "", captions_file());
  for (const Split& split : options.splits) {
    for (const fs::path& folder : image_folders(options, split)) {
      io::make_folder(folder);
      io::remove_abandoned_files(folder);
    }
  }
  io::write_file_atomically(options.out / kRecipeFile, recipe(options), io::own_place());
}

struct Job {
  size_t split = 0;
  uint64_t index = 0;
};

struct Caption {
  bool changed = false;
  Sentences sentences;
};

Caption write_pair(const DatasetOptions& options, const Job& job) {
  const Split& split = options.splits[job.split];
  Pair pair = generate(pair_seed(options.seed, split.name, job.index), options.scene);
  const fs::path folder = options.out / "images" / split.name;
  const bool png = options.format == ImageFormat::kPng;
  const std::string name = stem(split.name, job.index), image_name = name + (png ? ".png" : ".jpg");
  const auto write_new = [&](const fs::path& path, auto&& encode) {
    if (options.resume && fs::exists(path)) return;  // written whole by the interrupted run
    io::write_file_atomically(path, encode(), io::new_file(), io::Durability::kContent);
  };
  const auto encode = [&](const image::Image& image) {
    return png ? encode_png_rgb(image) : image::encode_jpeg(image, kJpegQuality);
  };
  write_new(folder / "A" / image_name, [&] { return encode(pair.before); });
  write_new(folder / "B" / image_name, [&] { return encode(pair.after); });
  write_new(folder / "label" / (name + ".png"),
            [&] { return encode_png_grey(pair.mask, options.scene.size, options.scene.size); });
  write_new(folder / "kinds" / (name + ".png"),
            [&] { return encode_png_grey(pair.kinds, options.scene.size, options.scene.size); });
  return {pair.changed, std::move(pair.sentences)};
}

}  // namespace

std::vector<Split> parse_splits(const std::string& text, uint64_t count) {
  const auto fail = [&](const std::string& why) -> UsageError {
    return UsageError("--splits '" + text + "': " + why + "; write for instance train:0.8,val:0.1,test:0.1");
  };
  std::vector<std::pair<std::string, double>> shares;
  std::set<std::string> names;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const size_t colon = part.find(':');
    const std::string name = part.substr(0, colon);
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
                            std::string::npos) {
      throw fail("'" + name + "' is no name for a split");
    }
    if (!names.insert(name).second) throw fail("'" + name + "' is given twice");
    double share = 1.0;
    if (colon != std::string::npos) {
      size_t used = 0;
      try {
        share = std::stod(part.substr(colon + 1), &used);
      } catch (const std::exception&) {
        used = 0;
      }
      if (used == 0 || used != part.size() - colon - 1 || !(share > 0.0 && share <= 1.0)) {
        throw fail("'" + part.substr(colon + 1) + "' is no share between 0 and 1");
      }
    }
    shares.emplace_back(name, share);
  }
  double sum = 0.0;
  for (const auto& [name, share] : shares) sum += share;
  if (shares.empty() || sum < 0.999 || sum > 1.001) throw fail("the shares must sum to 1");
  std::vector<Split> splits;
  uint64_t left = count;
  for (const auto& [name, share] : shares) {
    const uint64_t n = std::min(left, static_cast<uint64_t>(share * static_cast<double>(count) + 0.5));
    splits.push_back({name, n});
    left -= n;
  }
  splits.back().count += left;
  return splits;
}

DatasetSummary write_dataset(const DatasetOptions& options) {
  std::vector<Job> jobs;
  for (size_t s = 0; s < options.splits.size(); ++s) {
    for (uint64_t i = 0; i < options.splits[s].count; ++i) jobs.push_back({s, i});
  }
  require_valid(options.scene);
  prepare_folder(options);

  std::vector<Caption> captions(jobs.size());
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  uint64_t done = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    while (!stop) {
      if (options.interrupted && options.interrupted()) stop = true;
      const size_t i = next++;
      if (stop || i >= jobs.size()) return;
      try {
        captions[i] = write_pair(options, jobs[i]);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        stop = true;
        return;
      }
      const std::lock_guard lock(mutex);
      ++done;
      if (options.progress) options.progress(done, jobs.size());
    }
  };
  std::vector<std::thread> threads;
  for (int t = 1; t < options.threads; ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);

  DatasetSummary summary{done, 0, done == jobs.size()};
  for (const Split& split : options.splits) {
    for (const fs::path& folder : image_folders(options, split)) io::sync_folder(folder);
  }
  if (!summary.complete) return summary;
  // Entry by entry: a data set of a million pairs need not be held as one JSON tree.
  const std::string extension = options.format == ImageFormat::kPng ? ".png" : ".jpg";
  io::AtomicFile file(options.out / kCaptionsFile, captions_file());
  file.write(kCaptionsBegin);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Split& split = options.splits[jobs[i].split];
    summary.changed += captions[i].changed ? 1 : 0;
    file.write(i == 0 ? "\n" : ",\n");
    file.write(caption_entry(split, jobs[i].index, i, extension, captions[i].changed, captions[i].sentences).dump());
  }
  file.write("\n]}\n");
  file.commit();
  return summary;
}

}  // namespace ccx::scenes
