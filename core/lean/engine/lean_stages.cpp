#include "core/lean/engine/lean_stages.h"

#include <memory>
#include <random>
#include <vector>

#include "core/lean/checkpoint_tensors.h"
#include "core/lean/engine/prompted_decoder.h"
#include "core/lean/lean_vision.h"

namespace ccx::lean {
namespace {

struct Bench {
  Bench(const prepare::LoadedCheckpoint& from, const std::shared_ptr<LeanWeights>& weights)
      : checkpoint(from),
        vision(from.weights->config(), weights),
        decoder(from.weights->config().text, weights, checkpoint.prompt, from.tokenizer.size()) {
    const auto side = static_cast<std::size_t>(from.weights->config().vision.image_size);
    std::minstd_rand random(42);
    for (std::vector<float>& image : images) {
      while (image.size() < 3 * side * side) image.push_back(static_cast<float>(random() % 2001) / 1000.0f - 1.0f);
    }
  }

  prepare::LoadedCheckpoint checkpoint;
  LeanVision vision;
  PromptedDecoder decoder;
  std::vector<float> images[2];
  std::vector<FeatureMap> maps[2];
  LeanVision::Seen seen;
};

}  // namespace

prepare::Stages stages_of(const prepare::LoadedCheckpoint& checkpoint) {
  const auto weights = std::make_shared<LeanWeights>(std::make_shared<CheckpointTensors>(checkpoint.weights));
  const auto bench = std::make_shared<Bench>(checkpoint, weights);
  prepare::Stages stages;
  stages.dtype = "int8";
  stages.tower = [bench] {
    for (int i = 0; i < 2; ++i) bench->maps[i] = bench->vision.look(bench->images[i]);
  };
  stages.change_head = [bench] { bench->seen = bench->vision.compare(bench->maps[0], bench->maps[1]); };
  stages.prefill = [bench] { bench->decoder.prefill(bench->seen.before, bench->seen.after); };
  stages.step = [bench] { bench->decoder.step({.tokens = {0}, .parents = {0}}); };
  return stages;
}

}  // namespace ccx::lean
