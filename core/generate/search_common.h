// What both searches need. Private to core/generate.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/generate/generation_config.h"

namespace ccx::generate {

inline bool is_eos(const GenerationConfig& config, std::int64_t token) {
  return std::find(config.eos_token_ids.begin(), config.eos_token_ids.end(), token) != config.eos_token_ids.end();
}

inline std::string invalid_logits_message(std::size_t position) {
  return "the model's logits for token " + std::to_string(position + 1) +
         " are not finite: a weight is broken, or the number format overflows (try float32)";
}

}  // namespace ccx::generate
