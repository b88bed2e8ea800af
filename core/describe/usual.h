// The sentence that people most often write for what there is to see: the mode of the grammar. A caption model that is
// trained on it says its words, and so scores as well as one that always says the usual thing.
#pragma once

#include <string>

#include "core/describe/facts.h"

namespace ccx::describe {

// Forms and words are those that agree most with five human sentences, by kind and number of objects, trees that went,
// new roads and place (measured on LEVIR-CC's training captions). Empty for kinds that people tell in too many ways.
std::string usual_sentence(const Facts& facts);

}  // namespace ccx::describe
