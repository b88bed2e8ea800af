// `ccx quantize`: a checkpoint with weights of 8 or 4 bits.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/command.h"
#include "core/captioner/model_options.h"
#include "core/io/messages.h"
#include "core/model/quantisation.h"
#include "train/checkpoint/quantise_checkpoint.h"

namespace ccx::cli {
namespace {

struct QuantizeOptions {
  std::filesystem::path model, out;
  std::string dtype = "int8";
  bool overwrite = false;
};

int run(const QuantizeOptions& o) {
  const std::filesystem::path model = captioner::model_or_default(o.model);
  const train::QuantisedSizes sizes =
      train::quantise_checkpoint(model, o.out, model::bits_of_dtype(o.dtype), o.overwrite);
  char text[100];
  std::snprintf(text, sizeof(text), " (%.1f MB of weights, before %.1f)", static_cast<double>(sizes.after) / 1e6,
                static_cast<double>(sizes.before) / 1e6);
  io::say_result(model.string() + " in " + o.dtype + " is in " + o.out.string() + text);
  return kOk;
}

const RegisterCommand quantize(42, "quantize", "Store a model's weights in 8 or 4 bits", [](CommandSpec& spec) {
  const auto given = std::make_shared<QuantizeOptions>();
  spec.page = "models";
  spec.about =
      "Writes a checkpoint that is smaller and loads at once, for captioning on a CPU; ccx caption --dtype int8 or "
      "int4 makes the same numbers from the whole one each time. What it costs is in docs/models.md. For the "
      "browser, ccx export has --quantize.";
  spec.examples = {{"ccx quantize checkpoints/7b --dtype int4 --out 7b-int4"},
                   {"ccx caption --model 7b-int4 --in pairs --out captions.jsonl"}};
  options::OptionSet& options = spec.options;
  options.group("Model");
  captioner::declare_model_word(options, given->model, "model");
  options.group("Output");
  options.add(&given->out, {.name = "--out",
                            .value = "DIR",
                            .help = "The checkpoint that is written; a new or empty folder",
                            .required = true});
  options.add(&given->dtype,
              {.name = "--dtype",
               .value = "NAME",
               .help = "Bits of the products' weights: int8 with a scale an output, or int4 with one for "
                       "every 32 inputs",
               .choices = {"int8", "int4"}});
  options.add(&given->overwrite, {.name = "--overwrite", .help = "Replace a checkpoint in --out that ccx wrote"});
  return [given] { return run(*given); };
});

}  // namespace
}  // namespace ccx::cli
