#include "core/model/quantisation.h"

#include <algorithm>

#include "core/graph/shape_ops.h"
#include "core/model/names.h"
#include "core/model/parts.h"
#include "core/model/shape_walk.h"

namespace ccx::model {

int fewest_bits(const std::string& scope) {
  // The rounding of gates would show more than their size saves; what the change head tells are probabilities near 0
  // and 1, through two small layers.
  if (is_gate(scope) || is_told_context(scope)) return 32;
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
    if (used <= 8) found[name] = name == kOwnHead ? 8 : used;
  }
  for (const std::string& name : ops.tables()) found[name] = 8;
  return found;
}

int bits_of_dtype(const std::string& name) {
  return name == "int8" ? 8 : name == "int4" ? 4 : 0;
}

}  // namespace ccx::model
