#include "core/model/quantisation.h"

#include <algorithm>
#include <string_view>

#include "core/graph/shape_ops.h"
#include "core/model/parts.h"
#include "core/model/shape_walk.h"

namespace ccx::model {

int fewest_bits(const std::string& scope) {
  const auto within = [&](const char* module) { return scope.find(module) != std::string::npos; };
  // The gates of the difference module: their rounding would show more than their size saves.
  const bool gate = within(".linear_mapping") || within(".feature_map_level_gate.");
  // What the change head tells the language model: probabilities near 0 and 1, through two small layers.
  const bool told = within("change_head.context") || within("change_head.summary") || within("change_head.cover");
  if (gate || told) return 32;
  // The difference of two nearly equal images is too small a thing for 4 bits.
  const Part part = part_of(scope);
  return part == Part::kDifference || part == Part::kProjector ? 8 : 4;
}

std::map<std::string, int> quantised_weights(const ModelConfig& config, int bits) {
  ShapeOps ops;
  walk(config, ops, {});
  std::map<std::string, int> found;
  for (const std::string& name : ops.products()) {
    const int used = std::max(bits, fewest_bits(name));
    // A head gives logits of every token: what it loses in 4 bits shows in each word.
    if (used <= 8) found[name] = name == "lm_head.weight" ? 8 : used;
  }
  for (const std::string& name : ops.tables()) found[name] = 8;
  return found;
}

int bits_of_dtype(const std::string& name) {
  return name == "int8" ? 8 : name == "int4" ? 4 : 0;
}

}  // namespace ccx::model
