// Keys of config.json that others than its reader name.
#pragma once

namespace ccx::model {

inline constexpr const char* kMinPChangeKey = "min_p_change";
inline constexpr const char* kChangeFitKey = "p_change_fit";

// Those that a fit leaves there, chosen for its weights: other weights begin without them, and checkpoints that differ
// in them are of one model.
inline constexpr const char* kChosenForWeights[] = {kMinPChangeKey, kChangeFitKey};

}  // namespace ccx::model
