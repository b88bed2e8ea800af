#include "train/optimise/stages.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/model/names.h"

namespace ccx::train {
bool Stage::trains(const std::string& parameter) const {
  return std::find(trainable.begin(), trainable.end(), part_of(parameter)) != trainable.end();
}

Stage published_stage(int number) {
  Stage stage;
  stage.number = number;
  stage.trainable = {Part::kTower, Part::kDifference, Part::kProjector, Part::kLanguage, Part::kChangeHead};
  stage.tower_lr = 2e-6;
  switch (number) {
    case 1:
      stage.trainable = {Part::kDifference, Part::kProjector, Part::kChangeHead};
      stage.batch = 4;
      stage.effective_batch = 64;
      stage.eval_steps = 1000;
      stage.captions = Captions::kFlatten;
      return stage;
    case 2:
      stage.eval_steps = 250;
      stage.captions = Captions::kFlatten;
      return stage;
    case 3:
      stage.epochs = 50;
      return stage;
    default:
      throw UsageError("there is no stage " + std::to_string(number) + ": choose --stage 1, 2 or 3");
  }
}

bool decays(const std::string& parameter) {
  // The RMSNorms of Qwen2 are no torch LayerNorms, so the reference's rule decays them.
  return !model::is_bias(parameter) && !model::is_layer_norm(parameter);
}

}  // namespace ccx::train
