#include "train/checkpoint/quantise_checkpoint.h"

#include <map>
#include <string>

#include "core/base/error.h"
#include "core/io/destination.h"
#include "core/model/checkpoint.h"
#include "core/model/parameters.h"
#include "core/model/quantisation.h"
#include "train/checkpoint/checkpoint_writer.h"

namespace ccx::train {

namespace fs = std::filesystem;

QuantisedSizes quantise_checkpoint(const fs::path& model, const fs::path& out, int bits, bool overwrite) {
  io::require_outside(out, model, "the model");
  CheckpointWriter writer(out, overwrite);
  const model::Checkpoint checkpoint(model);
  checkpoint.check();
  if (checkpoint.stored_bits() != 0) {
    throw UsageError(model.string() + " is stored in " + std::to_string(checkpoint.stored_bits()) +
                     " bits already: quantise the model that it was made from");
  }
  writer.config_quantised(model, bits);
  writer.tokenizer(model);
  writer.quantised_weights(model::live_parameters(checkpoint.config()), checkpoint,
                           model::quantised_weights(checkpoint.config(), bits));
  QuantisedSizes sizes;
  for (const auto& file : checkpoint.files()) sizes.before += static_cast<int64_t>(fs::file_size(file->path()));
  for (const auto& entry : fs::directory_iterator(writer.folder())) {
    if (entry.path().extension() == ".safetensors") sizes.after += static_cast<int64_t>(entry.file_size());
  }
  writer.commit();
  return sizes;
}

}  // namespace ccx::train
