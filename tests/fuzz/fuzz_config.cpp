// config.json and generation_config.json: what is accepted is a model whose parameters can be listed.
#include "core/generate/generation_config.h"
#include "core/model/config.h"
#include "core/model/parameters.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view json = ccx::fuzz::text(data, size);
  ccx::fuzz::attempt([&] {
    const ccx::model::ModelConfig config = ccx::model::ModelConfig::from_json(json, "fuzz");
    const ccx::model::ModelConfig again = ccx::model::ModelConfig::from_json(config.to_json(), "again");
    if (again.text.hidden_size != config.text.hidden_size) __builtin_trap();
    if (again.vision.select_layers != config.vision.select_layers) __builtin_trap();
    const bool small = config.text.num_hidden_layers + config.vision.num_hidden_layers + config.difference.depth < 100;
    if (small) ccx::model::live_parameters(config);
  });
  ccx::fuzz::attempt([&] {
    const auto config = ccx::generate::GenerationConfig::from_json(json, "fuzz");
    config.validate(1000);
  });
  return 0;
}
