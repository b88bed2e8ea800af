#include "train/evaluation/examiner.h"

#include <c10/core/GradMode.h>

namespace ccx::train {

Sight look(TrainModel& model, const ValidationPairs& pairs, bool tokens) {
  const c10::AutoGradMode no_grad(false);
  std::vector<float> pixels;
  for (const SampleReader::Pair& pair : pairs) {
    pixels.insert(pixels.end(), pair.before.begin(), pair.before.end());
    pixels.insert(pixels.end(), pair.after.begin(), pair.after.end());
  }
  if (tokens) return {pairs, model.see(pixels)};
  model::CCExpert::Vision vision;
  vision.head = model.read_changes(pixels);
  return {pairs, vision};
}

}  // namespace ccx::train
