#include "core/model/shape_walk.h"

#include <algorithm>

#include "core/graph/shape_ops.h"
#include "core/model/ccexpert.h"

namespace ccx::model {

void walk(const ModelConfig& config, Ops& shapes, const ShapeWalk& what) {
  const CCExpert model(config);
  const int64_t side = config.vision.image_size;
  const CCExpert::Vision seen = model.see(shapes, ShapeOps::input({2 * what.pairs, 3, side, side}));
  const int64_t last_text = std::max<int64_t>(1, what.text_tokens - 2);
  const auto text = [&](int64_t count) { return model.language().embed(shapes, ShapeOps::input({what.pairs, count})); };
  Qwen2::Step step;
  step.embeddings = model.join(shapes, {text(1), text(1), text(last_text)}, seen);
  step.positions = ShapeOps::input({1, step.embeddings.size(1)});
  step.last_only = what.last_only;
  Tensor hidden = model.language().hidden(shapes, step);
  if (!what.last_only) {
    const int64_t asked = std::min(last_text, what.targets);
    hidden = shapes.slice(hidden, 1, -asked, asked);
  }
  model.language().logits(shapes, hidden, config.text.vocab_size);
}

}  // namespace ccx::model
