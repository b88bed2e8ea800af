#include "train/run/inputs.h"

#include <cstdio>
#include <iterator>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/no_change.h"
#include "core/io/messages.h"
#include "core/scenes/scenes.h"
#include "train/data/dataset.h"
#include "train/data/dataset_list.h"

namespace ccx::train {
namespace {

// `told`: what the lists' readers noticed goes to stderr.
std::vector<PairItem> read_items(const std::vector<std::string>& sources, const std::string& split, uint64_t seed,
                                 int64_t limit, bool told) {
  std::vector<PairItem> items;
  for (const DatasetEntry& entry : read_dataset_list(sources)) {
    const Dataset dataset = open_dataset(entry.source, entry.image_root);
    for (const std::string& note : dataset.notes) {
      if (told) io::say_note(note);
    }
    std::vector<PairItem> some = take(entry, dataset.items, split, seed);
    items.insert(items.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  if (limit > 0 && static_cast<int64_t>(items.size()) > limit) items.resize(static_cast<size_t>(limit));
  return items;
}

// How many ids a sample may have: two of them stand for images, which take the tokens of a grid each.
size_t longest_sample(const Inputs& in) {
  const int64_t free = in.base.config().text.max_position_embeddings - 2 * (in.base.config().vision.tokens() - 1);
  if (free <= 0) {
    throw CheckpointError(in.options.model.string() + ": two images take more than the model's " +
                          std::to_string(in.base.config().text.max_position_embeddings) + " positions");
  }
  return static_cast<size_t>(free);
}

// Whether drawn pairs are asked for their maps on the grid of the tokens.
bool draws_maps(const Inputs& in) {
  const auto& head = in.base.config().change_head;
  return in.options.uses_maps() || (in.options.change_weight > 0 && head && head->cover);
}

void check(const Inputs& in, const Ranks& ranks) {
  if (in.items.empty()) throw InputError("the data holds no training pairs; is its split \"train\"?");
  const std::string& no_change = in.options.augmentation.no_change_caption;
  if (!no_change.empty() && !is_no_change(no_change, in.base.config().no_change_sentences)) {
    throw UsageError("--no-change-caption \"" + no_change +
                     "\" would be read as a change: this model's config.json knows as no change: " +
                     joined_text(in.base.config().no_change_sentences, "; "));
  }
  const auto& head = in.base.config().change_head;
  if (in.options.map_weight > 0 && head && head->stands_instead()) {
    throw UsageError(
        "--map-weight reads maps off the difference module's change tokens, and this model has none: its change head " +
        std::string("stands instead (change_head.feed); --change-weight teaches the head its maps"));
  }
  const model::VisionConfig& vision = in.base.config().vision;
  if (in.options.mix_styles > 0 && !vision.conv) {
    throw UsageError("--mix-styles needs a convolutional tower, and this model's is of another kind");
  }
  if (draws_maps(in) && vision.image_size % vision.grid() != 0) {
    throw UsageError(
        "maps (--map-weight, --summary-weight, a head's cover) need patches that fill the picture; the model's " +
        std::to_string(vision.grid()) + " a side do not fill its " + std::to_string(vision.image_size) + " pixels");
  }
  if (in.options.scene_size > 0 && in.options.scene_size < scenes::kSmallestScene) {
    throw UsageError("--scene-size " + std::to_string(in.options.scene_size) + ": scenes are drawn " +
                     std::to_string(scenes::kSmallestScene) + " to " + std::to_string(scenes::kLargestScene) +
                     " pixels wide");
  }
  if (draws_maps(in) && in.options.scene_size % vision.grid() != 0) {
    throw UsageError("--scene-size " + std::to_string(in.options.scene_size) + " is no multiple of the model's " +
                     std::to_string(vision.grid()) +
                     " patches a side, which maps need (--map-weight, --summary-weight, a head's cover)");
  }
  in.tokenizer.require_rows(in.base.config().text.vocab_size);
  if (in.options.evaluate && in.validation.empty() && ranks.leads()) {
    io::say_note("the data has no split \"" + in.options.validation_split +
                 "\": the model is not evaluated while it trains (--validation names data for it)");
  }
  if (ranks.world() > 1 && ranks.dtype() != at::kFloat && ranks.device().is_cpu()) {
    throw UsageError("--dtype bf16 on CPUs runs in one process only: Gloo adds float32");
  }
  // A run that was begun there goes on.
  if (!in.folder.has_checkpoint()) io::require_outside(in.options.out, in.options.model, "the model");
  in.folder.check(in.options.resume == Resume::kAuto);
}

}  // namespace

ChangeGrid change_grid(const TrainOptions& options, const model::ModelConfig& config) {
  if (options.change_weight <= 0) return {};
  return {config.vision.image_size, config.vision.map_cells(), config.vision.map_stride()};
}

Inputs::Inputs(const TrainOptions& options_, const Ranks& ranks)
    : options(options_),
      base(options.model.string(), options.seed, /*with_change_head=*/options.change_weight > 0),
      tokenizer(text::Tokenizer::load(options.model)),
      items(read_items(options.data, "train", options.seed, options.limit, ranks.leads())),
      validation(options.evaluate ? read_items(options.validation.empty() ? options.data : options.validation,
                                               options.validation_split, options.seed, options.eval_limit,
                                               ranks.leads() && !options.validation.empty())
                                  : std::vector<PairItem>()),
      folder(options.out),
      sampler(items, {options.stage.captions, options.stage.batch, options.shuffle, options.seed}),
      reader(items, tokenizer, base.config().vision.image_size, options.augmentation,
             draws_maps(*this) ? base.config().vision.grid() : 0, change_grid(options, base.config())) {
  check(*this, ranks);
  reader.set_longest(longest_sample(*this));
  reader.set_images(options.images);
  reader.set_scene_size(options.scene_size);
}

}  // namespace ccx::train
