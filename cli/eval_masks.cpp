// Scores mask pictures (eval_masks.h).
#include "cli/eval_masks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/change/mask_png.h"
#include "core/io/file.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"

namespace ccx::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kLabelFolders = {"label", "labels", "mask", "masks", "gt", "target", "kinds"};

// Name of a picture under `folder`, as score_masks() says.
std::string name_of(const fs::path& file, const fs::path& folder, bool is_label) {
  fs::path name;
  const fs::path relative = file.lexically_relative(folder).replace_extension();
  for (const fs::path& part : relative) {
    const bool says_label =
        is_label && std::find(kLabelFolders.begin(), kLabelFolders.end(), part.string()) != kLabelFolders.end();
    if (!says_label) name /= part;
  }
  return name.generic_string();
}

bool is_of_kinds(const fs::path& file, const std::string& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return std::find(relative.begin(), relative.end(), fs::path("kinds")) != relative.end();
}

// Which of two labels of one name, of which one lies in a folder `kinds` and tells more than the other: that, unless
// another scheme was asked for. Nothing where the folders do not tell.
const fs::path* choose(const fs::path& one, const fs::path& other, const std::string& folder, bool asks_for_kinds) {
  const bool is_first = is_of_kinds(one, folder);
  if (is_first == is_of_kinds(other, folder)) return nullptr;
  return is_first == asks_for_kinds ? &one : &other;
}

// PNG files by name. `labels`: the scheme of a folder of labels. Throws InputError for a folder that is none or holds
// two files of one name.
std::map<std::string, fs::path> pictures(const std::string& folder, std::optional<change::LabelScheme> labels) {
  std::error_code error;
  std::map<std::string, fs::path> out;
  fs::recursive_directory_iterator files(folder, error);
  if (error) throw InputError("cannot read the folder " + folder + ": " + error.message());
  for (; files != fs::recursive_directory_iterator(); files.increment(error)) {
    const fs::path& path = files->path();
    const bool hidden = path.filename().string().starts_with('.');
    if (hidden && files->is_directory()) files.disable_recursion_pending();
    if (hidden || !files->is_regular_file() || path.extension() != ".png") continue;
    const auto [at, is_new] = out.emplace(name_of(path, folder, labels.has_value()), path);
    if (is_new) continue;
    const bool asks_for_kinds = labels == change::LabelScheme::kAuto || labels == change::LabelScheme::kKinds;
    const fs::path* chosen = labels ? choose(at->second, path, folder, asks_for_kinds) : nullptr;
    if (chosen == nullptr) {
      throw InputError("two pictures have the name " + at->first + ": " + at->second.string() + " and " +
                       path.string() + "; name the folder that holds one of them");
    }
    at->second = fs::path(*chosen);
  }
  if (error) throw InputError("cannot read the folder " + folder + ": " + error.message());
  if (out.empty()) throw InputError("the folder " + folder + " holds no PNG file");
  return out;
}

// Labels by file name alone; an empty path where several share it.
std::map<std::string, fs::path> by_file_name(const std::map<std::string, fs::path>& labels) {
  std::map<std::string, fs::path> out;
  for (const auto& [name, path] : labels) {
    const auto [at, is_new] = out.emplace(path.stem().string(), path);
    if (!is_new) at->second.clear();
  }
  return out;
}

std::string number(const std::optional<double>& value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", *value);
  return text;
}

}  // namespace

void declare_mask_options(options::OptionSet& options, MaskInputs& inputs) {
  options.group("Masks");
  options.add(&inputs.masks, {.name = "--masks",
                              .value = "DIR",
                              .help = "Score the masks in this folder too: what `ccx caption --masks` wrote"});
  options.add(
      &inputs.labels,
      {.name = "--labels", .value = "DIR", .help = "The label pictures to score them against, of the same names"});
  options.add(&inputs.scheme, {.name = "--label-scheme",
                               .value = "NAME",
                               .help = "What labels' values mean: auto, building (LEVIR-CD), levir_mci (128 road, 255 "
                                       "building) or kinds (ccx scenes)"});
}

change::MaskScores score_masks(const MaskInputs& inputs) {
  if (inputs.masks.empty() || inputs.labels.empty()) {
    throw UsageError(
        "--masks and --labels go together: a folder of masks and a folder of the labels to score them against");
  }
  const change::LabelScheme scheme = change::label_scheme_from_name(inputs.scheme);
  change::MaskEvaluation evaluation(scheme);
  const std::map<std::string, fs::path> masks = pictures(inputs.masks, std::nullopt);
  const std::map<std::string, fs::path> labels = pictures(inputs.labels, scheme);
  const std::map<std::string, fs::path> named = by_file_name(labels);
  const auto read = [](const fs::path& path) { return change::read_mask(io::read_file(path), path.string()); };
  for (const auto& [name, path] : masks) {
    fs::path label;
    if (const auto same = labels.find(name); same != labels.end()) {
      label = same->second;
    } else if (const auto stem = named.find(path.stem().string()); stem != named.end()) {
      label = stem->second;
    }
    if (label.empty()) {
      throw InputError("the mask " + path.string() + " has no label of its name in " + inputs.labels + ": expected " +
                       name + ".png, or one file " + path.stem().string() + ".png in any folder there");
    }
    evaluation.add(read(path), path.string(), read(label), label.string());
  }
  if (labels.size() > masks.size()) {
    io::say_note(std::to_string(labels.size() - masks.size()) + " labels have no mask and are left out");
  }
  return evaluation.scores();
}

void print_mask_scores(const change::MaskScores& scores) {
  io::print("\nmasks of %zu pairs (labels: %s)\n", scores.pairs, change::label_scheme_name(scores.scheme).c_str());
  io::print("%-18s %8s %8s %14s %14s\n", "", "IoU", "F1", "pixels said", "pixels true");
  for (const change::ClassScore& score : scores.classes) {
    io::print("  %-16s %8s %8s %14lld %14lld\n", score.name.c_str(), number(score.iou()).c_str(),
              number(score.f1()).c_str(), static_cast<long long>(score.predicted),
              static_cast<long long>(score.labelled));
  }
  io::print("  %-16s %8s\n", "mean", number(scores.mean_iou()).c_str());
}

nlohmann::ordered_json mask_scores_json(const change::MaskScores& scores) {
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  for (const change::ClassScore& score : scores.classes) {
    nlohmann::ordered_json entry{{"name", score.name}};
    entry["iou"] = score.iou() ? nlohmann::ordered_json(*score.iou()) : nlohmann::ordered_json();
    entry["f1"] = score.f1() ? nlohmann::ordered_json(*score.f1()) : nlohmann::ordered_json();
    entry["predicted_pixels"] = score.predicted;
    entry["labelled_pixels"] = score.labelled;
    classes.push_back(std::move(entry));
  }
  return {{"label_scheme", change::label_scheme_name(scores.scheme)},
          {"pairs", scores.pairs},
          {"mean_iou", scores.mean_iou()},
          {"classes", std::move(classes)}};
}

}  // namespace ccx::cli
