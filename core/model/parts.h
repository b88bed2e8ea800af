// The parts that a model is made of, and which of them a weight belongs to: what a stage of training switches on or
// off, what a benchmark times apart. The one place that knows it by name.
#pragma once

#include <string>

namespace ccx::model {

enum class Part { kTower, kDifference, kProjector, kLanguage, kChangeHead };

// Told apart by name as the reference does. The adapters of a convolutional tower's levels belong to the difference
// module, which reads them. kLanguage is every name of no other part: the decoder, the embeddings, the head, and the
// unused mm_cc_projector.
Part part_of(const std::string& parameter);

// "tower", "difference", "projector", "language" or "change_head". Throws UsageError for another name.
Part parse_part(const std::string& name);
const char* part_name(Part part);

}  // namespace ccx::model
