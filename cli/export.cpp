// ccx export: a checkpoint as ONNX files for the browser page and for ONNX Runtime.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/stop_signal.h"
#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"
#include "core/onnx/export.h"

namespace ccx::cli {
namespace {

struct Options {
  std::filesystem::path model;
  std::string out, target = "wasm", quantize = "none", embeddings;
  int file_mib = 256;
  bool overwrite = false;
  bool json = false;
};

onnx::ExportOptions to_export_options(const Options& options) {
  onnx::ExportOptions result;
  result.model = captioner::model_or_default(options.model);
  result.out = options.out;
  result.target = onnx::target_from_name(options.target);
  result.quantise = onnx::quantise_from_name(options.quantize);
  if (options.embeddings == "fp32") result.embeddings = onnx::ElementType::kFloat;
  if (options.embeddings == "fp16") result.embeddings = onnx::ElementType::kFloat16;
  if (options.embeddings == "int8") result.embeddings = onnx::ElementType::kInt8;
  result.file_bytes = static_cast<int64_t>(options.file_mib) << 20;
  result.overwrite = options.overwrite;
  return result;
}

void print_table(const Options& options, const onnx::ExportResult& result) {
  const auto line = [](int64_t bytes, const std::string& name, const std::string& sha256) {
    io::print("%10.2f MB  %-24s %s\n", static_cast<double>(bytes) / 1e6, name.c_str(), sha256.c_str());
  };
  for (const onnx::WrittenFile& file : result.files) line(file.bytes, file.name, file.sha256.substr(0, 12));
  line(result.total_bytes, options.out, "");
}

int run(const Options& options) {
  onnx::ExportOptions how = to_export_options(options);
  how.interrupted = [&asked = watch_stop_signals()] { return asked.load(); };
  try {
    const onnx::ExportResult result = onnx::export_model(how, [](const std::string& what) { io::say_progress(what); });
    if (options.json) {
      io::standard_output().write(result.manifest);
    } else {
      print_table(options, result);
    }
  } catch (const onnx::Interrupted& interrupted) {
    io::say_error(interrupted.what());
    return kInterrupted;
  }
  return kOk;
}

const RegisterCommand kExport(
    70, "export", "Write a model as ONNX files for the browser or for ONNX Runtime", [](CommandSpec& spec) {
      const auto given = std::make_shared<Options>();
      spec.page = "export";
      spec.examples = {{"ccx export --out web-model --quantize int8", "the model that comes with ccx, for the page"},
                       {"ccx export --model checkpoints/0.5b --target cpu --out onnx"}};
      spec.exits = {{kInterrupted, "interrupted; nothing is left behind"}};
      options::OptionSet& options = spec.options;
      options.group("Model");
      captioner::declare_model_option(options, given->model);
      options.group("Output");
      options.add(&given->out, {.name = "--out",
                                .value = "DIR",
                                .help = "Directory to write; it appears when everything is in it",
                                .required = true});
      options.add(&given->overwrite, {.name = "--overwrite", .help = "Replace an earlier export in --out"});
      options.add(&given->json, {.name = "--json", .help = "Print the manifest instead of a table of files"});
      options.group("Form");
      options.add(&given->target, {.name = "--target",
                                   .value = "NAME",
                                   .help = "Where it will run, which chooses operators and their version",
                                   .choices = {"wasm", "webgpu", "cpu"}});
      options.add(&given->quantize, {.name = "--quantize",
                                     .value = "NAME",
                                     .help = "How weights are stored",
                                     .choices = {{"none", "float32"},
                                                 {"fp16", "half the size"},
                                                 {"int8", "a quarter, and fastest in WebAssembly"},
                                                 {"int4", "smallest"}}});
      options.add(&given->embeddings, {.name = "--embeddings",
                                       .value = "NAME",
                                       .help = "Embedding table and tied head",
                                       .by_default = "fp32 with --quantize none, else fp16",
                                       .choices = {"fp32", "fp16", "int8"}});
      options.add(&given->file_mib, {.name = "--file-size",
                                     .value = "N",
                                     .help = "Weight files are cut at this size",
                                     .unit = "MiB",
                                     .range = {1, 2000}});
      return [given] { return run(*given); };
    });

}  // namespace
}  // namespace ccx::cli
