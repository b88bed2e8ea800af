// Five sentences about a pair, in the language of LEVIR-CC's annotators.
#pragma once

#include <array>
#include <string>

#include "core/base/random.h"
#include "core/describe/facts.h"

namespace ccx::describe {

// Lower case, no full stop. The first two are what people usually write (usual.h), where there is such a thing; the
// others differ from it and from each other. Without a change: the five stock sentences of LEVIR-CC in their usual
// order.
std::array<std::string, 5> describe(const Facts& facts, Rng rng);

// LEVIR-CC's sentences for "nothing happened".
const std::array<std::string, 5>& no_change_sentences();

}  // namespace ccx::describe
