// Datasets out of lists and scenes (dataset.h).
#include "train/data/dataset.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/pair_set.h"
#include "core/scenes/scenes.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;

uint64_t parse_number(std::string_view text, const std::string& source) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw UsageError("\"" + source +
                     "\" should be scenes:COUNT@SEED or scenes:COUNT@SEED/WORLDS, for example scenes:20000@1 or "
                     "scenes:20000@1/all-desert");
  }
  return value;
}

std::vector<PairItem> draw_scenes(const std::string& source) {
  const size_t slash = source.find('/');
  const std::string_view text = std::string_view(source).substr(7, slash == std::string::npos ? slash : slash - 7);
  const scenes::WorldSet worlds =
      slash == std::string::npos ? scenes::kAllWorlds : scenes::parse_worlds(source.substr(slash + 1));
  const size_t at = text.find('@');
  const uint64_t count = parse_number(text.substr(0, at), source);
  const uint64_t seed = at == std::string_view::npos ? 0 : parse_number(text.substr(at + 1), source);
  if (count == 0 || count > 100'000'000) throw UsageError("\"" + source + "\": COUNT must be 1 to 100000000");
  std::vector<PairItem> items;
  const auto add = [&](const std::string& split, uint64_t pairs) {
    for (uint64_t i = 0; i < pairs; ++i) {
      PairItem item;
      item.id = "scene_" + split + "_" + std::to_string(i);
      item.scene_seed = scenes::pair_seed(seed, split, i);
      item.scene_worlds = worlds;
      item.split = split;
      items.push_back(std::move(item));
    }
  };
  add("train", count);
  add("val", std::clamp<uint64_t>(count / 20, 8, 500));
  return items;
}

bool is_drawn(const std::string& source) {
  return source.rfind("scenes:", 0) == 0;
}

// LEVIR-CC's file has a space before every sentence.
void drop_leading_spaces(std::string& caption) {
  caption.erase(0, std::min(caption.find_first_not_of(' '), caption.size()));
}

void add_list(const pairs::DataFile& file, const pairs::PairSetOptions& options, Dataset& dataset) {
  pairs::PairSet set = pairs::read_pair_set(file.path, options);
  dataset.recognised.push_back(file.path.string() + ": " + set.format + " (" + set.why + ")" +
                               (set.pictures.empty() ? "" : "; pictures " + set.pictures));
  for (const std::string& note : file.notes) dataset.notes.push_back(file.path.string() + ": " + note);
  for (const std::string& note : set.notes) dataset.notes.push_back(file.path.string() + ": " + note);
  std::size_t without = 0, of_other_talks = 0;
  std::string lacking;
  for (pairs::AnnotatedPair& pair : set.pairs) {
    if (pair.captions.empty() && ++without == set.pairs.size()) {
      throw InputError(file.path.string() + " (" + set.format +
                       ") has no captions: its pairs can be captioned, but nothing learnt from them");
    }
    if (pair.captions.empty() && pair.is_talk) {
      ++of_other_talks;
      continue;
    }
    if (pair.captions.empty() && lacking.empty()) lacking = pair.id;
    if (pair.split.empty()) pair.split = file.split;
    for (std::string& caption : pair.captions) drop_leading_spaces(caption);
    PairItem item{std::move(pair)};
    if (item.mask_form == pairs::MaskForm::kKinds) item.kinds = item.mask;
    if (item.mask_form == pairs::MaskForm::kLabel) item.label = item.mask;
    dataset.items.push_back(std::move(item));
  }
  if (without > of_other_talks) {
    throw InputError(file.path.string() + ": there are no captions for " + std::to_string(without) + " of its " +
                     std::to_string(set.pairs.size()) + " pairs, such as '" + lacking + "'; leave such pairs out");
  }
  if (of_other_talks > 0) {
    dataset.notes.push_back(file.path.string() + ": " + std::to_string(of_other_talks) + " of its " +
                            std::to_string(set.pairs.size()) +
                            " records are talks without a caption (counts, places, yes and no) and are left out");
  }
}

}  // namespace

Dataset open_dataset(const std::string& source, const fs::path& image_root) {
  Dataset dataset;
  if (is_drawn(source)) {
    dataset.items = draw_scenes(source);
    dataset.recognised.push_back(source + ": drawn scenes");
    return dataset;
  }
  std::error_code ignored;
  const bool is_stdin = source == "-";
  if (!is_stdin && !fs::exists(source, ignored)) throw InputError(source + " does not exist");
  pairs::PairSetOptions options;
  if (!image_root.empty()) options.root = image_root;
  options.allow_outside = true;  // what one trains on is one's own list
  options.ids_are_unique = false;
  options.keep_missing = true;
  options.want_masks = true;
  const std::vector<pairs::DataFile> files =
      is_stdin ? std::vector<pairs::DataFile>{{"-", "", std::nullopt, {}}} : pairs::data_files(source);
  for (const pairs::DataFile& file : files) {
    if (image_root.empty() && file.root) options.root = file.root;
    add_list(file, options, dataset);
  }
  return dataset;
}

std::vector<PairItem> read_dataset(const std::string& source, const fs::path& image_root) {
  return open_dataset(source, image_root).items;
}

std::vector<std::string> read_captions(const std::string& source) {
  std::vector<std::string> captions;
  if (is_drawn(source)) {
    scenes::SceneOptions small;  // the pictures are not looked at
    small.size = 64;
    for (const PairItem& item : draw_scenes(source)) {
      if (item.split != "train") continue;
      small.worlds = item.scene_worlds;
      for (const std::string& sentence : scenes::generate(*item.scene_seed, small).sentences)
        captions.push_back(sentence);
    }
    return captions;
  }
  for (const pairs::DataFile& file : pairs::data_files(source)) {
    const pairs::ListInput input = pairs::read_list_input(file.path);
    for (pairs::ListedPair& pair : pairs::parse_list(input.text, input.name).pairs) {
      if (pair.captions.empty() && pair.is_talk) continue;
      if (pair.captions.empty()) throw InputError(file.path.string() + ": there are no captions for '" + pair.id + "'");
      for (std::string& caption : pair.captions) {
        drop_leading_spaces(caption);
        captions.push_back(std::move(caption));
      }
    }
  }
  return captions;
}

}  // namespace ccx::train
