// A micro-batch on the host, and how one is put together from visits.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/image/read_options.h"
#include "core/text/training_sample.h"
#include "train/data/augment.h"
#include "train/data/change_targets.h"
#include "train/data/map_targets.h"
#include "train/data/pair_item.h"
#include "train/data/sampler.h"

namespace ccx::train {

// A pair that could not be used, and why. The message names the file.
struct BadSample {
  std::string id;
  std::string message;
};

struct Batch {
  std::vector<std::string> ids;               // of the samples, for messages
  std::vector<float> pixels;                  // 2B images of [3, S, S] in the order A0,B0,A1,B1,...
  std::vector<text::TrainingSample> samples;  // B
  std::vector<MapTargets> maps;               // B where maps were asked for, empty ones for pairs that have none
  std::vector<ChangeTargets> changes;         // B where a change grid was given
  std::vector<BadSample> bad;                 // visits that are not among the samples
  int64_t pairs() const { return static_cast<int64_t>(samples.size()); }
};

// What it takes to read a sample. Thread-safe.
class SampleReader {
 public:
  // `map_cells`: side of the grid of Batch::maps, 0 for none. It must divide `image_size`. `change_grid`: of
  // Batch::changes, without cells for none.
  SampleReader(const std::vector<PairItem>& items, const text::Tokenizer& tokenizer, int image_size,
               const Augmentation& augmentation, int map_cells = 0, const ChangeGrid& change_grid = {})
      : items_(items),
        samples_(tokenizer),
        image_size_(image_size),
        augmentation_(augmentation),
        map_cells_(map_cells),
        change_grid_(change_grid) {
    images_.checked = false;
  }

  // How pictures are read: bands and stretch.
  void set_images(const image::ReadOptions& images) {
    images_ = images;
    images_.checked = false;
  }

  // Pixels a side that pairs are drawn with, 64 to 1024, before they are resized as any picture is; 0: what the model
  // sees. A multiple of the cells of maps, where maps were asked for.
  void set_scene_size(int size) { scene_size_ = size; }

  // Samples of more ids than this fail: beyond the model's positions a caption would end the run.
  void set_longest(size_t ids) { longest_ = ids; }

  // Decodes or draws, augments, resizes, normalises and tokenises. A visit that fails goes to `bad`; it is never
  // replaced by another.
  Batch read(const std::vector<Visit>& visits) const;

  // A pair as evaluation sees it: its pictures, unaugmented, with all its captions, and the targets that were asked
  // for.
  struct Pair {
    std::string id;
    std::vector<float> before, after;  // [3, S, S] each
    std::vector<std::string> captions;
    bool changed = false;
    MapTargets maps;                       // empty for a pair that has none
    std::optional<ChangeTargets> changes;  // nothing where its mask cannot be read
  };
  // Throws InputError where its pictures cannot be read.
  Pair read_pair(const PairItem& item) const;

 private:
  void append(const Visit& visit, Batch& batch) const;
  int drawn_size() const { return scene_size_ > 0 ? scene_size_ : image_size_; }

  const std::vector<PairItem>& items_;
  text::SampleBuilder samples_;
  int image_size_;
  int scene_size_ = 0;
  Augmentation augmentation_;
  int map_cells_;
  ChangeGrid change_grid_;
  image::ReadOptions images_;
  size_t longest_ = std::numeric_limits<size_t>::max();
};

}  // namespace ccx::train
