#include "train/data/batch.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/image/normalise.h"
#include "core/image/orientation.h"
#include "core/image/read_pair.h"
#include "core/scenes/scenes.h"

namespace ccx::train {
namespace {

struct Pictures {
  image::Image before, after;
  std::vector<std::string> captions;
  bool changed = false;
  MapTargets maps;
  ChangeMask mask;
  bool aligned = false;  // cropped or warped to the ground they share
  int turned = 1;        // ReadInfo's
};

Pictures pictures_of(const PairItem& item, int drawn_size, int map_cells, bool turned,
                     const image::ReadOptions& images) {
  if (item.scene_seed) {
    scenes::SceneOptions options;
    options.size = std::clamp(drawn_size, scenes::kSmallestScene, scenes::kLargestScene);
    options.map_cells = map_cells;
    options.worlds = item.scene_worlds;
    scenes::Pair pair = scenes::generate(*item.scene_seed, options);
    if (turned) pair = scenes::turned(std::move(pair));
    Pictures pictures;
    pictures.before = std::move(pair.before);
    pictures.after = std::move(pair.after);
    pictures.captions.assign(pair.sentences.begin(), pair.sentences.end());
    pictures.changed = pair.changed;
    pictures.mask = {ChangeMask::Form::kKinds, options.size, options.size, std::move(pair.kinds)};
    if (pair.maps) {
      pictures.maps = {std::move(pair.maps->cover[0]), std::move(pair.maps->cover[1]), std::move(pair.maps->change)};
    }
    return pictures;
  }
  image::ReadPair read = image::read_pair({item.before}, {item.after}, images, 0);
  Pictures pictures;
  pictures.before = std::move(read.before.image);
  pictures.after = std::move(read.after.image);
  pictures.captions = item.captions;
  pictures.changed = item.changed.value_or(true);
  pictures.aligned = read.aligned;
  pictures.turned = read.after.info.turned;
  return pictures;
}

// Reads the mask of a pair that was not drawn, if it has one.
void read_mask(const PairItem& item, Pictures& pictures) {
  if (!item.kinds.empty()) {
    pictures.mask = load_change_mask(item.kinds, ChangeMask::Form::kKinds);
  } else if (!item.label.empty()) {
    pictures.mask = load_change_mask(item.label, ChangeMask::Form::kBuildingsAndRoads);
  }
  if (pictures.aligned && !pictures.mask.values.empty()) {
    throw InputError(
        item.before + " and " + item.after +
        " had to be cropped or warped to the ground they share, and their mask was not: bring the three to one grid");
  }
  if (pictures.turned != 1) {  // a mask lies as the after picture's file does
    ChangeMask& mask = pictures.mask;
    mask.values = image::oriented(mask.values, mask.width, mask.height, pictures.turned);
    if (image::is_on_its_side(pictures.turned)) std::swap(mask.width, mask.height);
  }
}

// What lies on the pictures' grid goes where they went.
void turn(Pictures& pictures, int map_cells, unsigned symmetry) {
  if (symmetry == 0) return;
  ChangeMask& mask = pictures.mask;
  if (!mask.values.empty()) {
    mask.values = transformed(mask.values, mask.width, mask.height, symmetry);
    if (symmetry % 2 == 1) std::swap(mask.width, mask.height);
  }
  const auto plane = static_cast<std::ptrdiff_t>(map_cells) * map_cells;
  for (std::vector<float>* maps : {&pictures.maps.before, &pictures.maps.after, &pictures.maps.change}) {
    for (auto from = maps->begin(); from != maps->end(); from += plane) {
      const std::vector<float> channel =
          transformed(std::vector<float>(from, from + plane), map_cells, map_cells, symmetry);
      std::copy(channel.begin(), channel.end(), from);
    }
  }
}

}  // namespace

Batch SampleReader::read(const std::vector<Visit>& visits) const {
  Batch batch;
  for (const Visit& visit : visits) {
    try {
      append(visit, batch);
    } catch (const Error& error) {
      batch.bad.push_back({items_[static_cast<size_t>(visit.item)].id, error.what()});
    }
  }
  return batch;
}

void SampleReader::append(const Visit& visit, Batch& batch) const {
  const PairItem& item = items_[static_cast<size_t>(visit.item)];
  const bool turned = Random(derive_seed(visit.seed, fnv1a("turned"))).uniform() < augmentation_.turned;
  Pictures pictures = pictures_of(item, drawn_size(), map_cells_, turned, images_);
  if (change_grid_.cells > 0) read_mask(item, pictures);
  const std::string& caption = !pictures.changed && !augmentation_.no_change_caption.empty()
                                   ? augmentation_.no_change_caption
                                   : pictures.captions[static_cast<size_t>(visit.caption) % pictures.captions.size()];
  Random random(visit.seed);
  turn(pictures, map_cells_, augment(pictures.before, pictures.after, caption, augmentation_, random));
  text::TrainingSample sample = samples_.build(caption);
  if (sample.ids.size() > longest_) {
    throw InputError("a caption is too long: with its prompt it takes " + std::to_string(sample.ids.size()) +
                     " tokens, and the model's context leaves " + std::to_string(longest_));
  }
  const size_t plane = static_cast<size_t>(3) * static_cast<size_t>(image_size_) * static_cast<size_t>(image_size_);
  const std::vector<float> before = image::preprocess(pictures.before, image_size_);
  const std::vector<float> after = image::preprocess(pictures.after, image_size_);
  batch.pixels.reserve(batch.pixels.size() + 2 * plane);
  batch.pixels.insert(batch.pixels.end(), before.begin(), before.end());
  batch.pixels.insert(batch.pixels.end(), after.begin(), after.end());
  batch.samples.push_back(std::move(sample));
  if (map_cells_ > 0) batch.maps.push_back(std::move(pictures.maps));
  if (change_grid_.cells > 0) {
    batch.changes.push_back(change_targets(pictures.mask, change_grid_, pictures.changed));
  }
  batch.ids.push_back(item.id);
}

SampleReader::Pair SampleReader::read_pair(const PairItem& item) const {
  Pictures pictures = pictures_of(item, drawn_size(), map_cells_, false, images_);
  Pair pair;
  pair.id = item.id;
  pair.before = image::preprocess(pictures.before, image_size_);
  pair.after = image::preprocess(pictures.after, image_size_);
  pair.captions = std::move(pictures.captions);
  pair.changed = pictures.changed;
  pair.maps = std::move(pictures.maps);
  if (change_grid_.cells == 0) return pair;
  try {
    read_mask(item, pictures);
    pair.changes = change_targets(pictures.mask, change_grid_, pictures.changed);
  } catch (const Error&) {
    // Its pictures can still be captioned.
  }
  return pair;
}

}  // namespace ccx::train
