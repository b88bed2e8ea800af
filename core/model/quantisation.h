// Which weights of a model are kept in 8 or 4 bits, and which are not for which reason. The numbers themselves are
// core/graph/quantise.h's.
#pragma once

#include <map>
#include <string>

#include "core/model/config.h"

namespace ccx::model {

// The fewest bits that a layer's weight may have: 4, 8, or 32 where it stays as it is.
int fewest_bits(const std::string& scope);

// The weights that have fewer bits where `bits` (8 or 4) are asked for, with their bits: those of products, and the
// tables of embeddings, which have 8 and a scale a row whatever is asked (a tied head is one).
std::map<std::string, int> quantised_weights(const ModelConfig& config, int bits);

// "int8" or "int4" as bits; 0 for another name.
int bits_of_dtype(const std::string& name);

}  // namespace ccx::model
