// The whole graph once over shapes: which weights it reads, what it computes.
#pragma once

#include <cstdint>

#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

struct ShapeWalk {
  int64_t pairs = 1;
  int64_t text_tokens = 3;  // of a prompt and its caption, at least 3: before, between and behind the pictures
  int64_t targets = 1;      // last positions whose logits are asked, at most text_tokens - 2
  bool last_only = false;   // the last position's alone, as captioning asks: the last block computes no others
};

// Pictures to logits, of `pairs` prompts. `shapes` computes from shapes alone (ShapeOps or what is derived from it).
void walk(const ModelConfig& config, Ops& shapes, const ShapeWalk& what);

}  // namespace ccx::model
