// ccx export: a checkpoint as ONNX files for the browser page and for ONNX Runtime.
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/stop_signal.h"
#include "core/base/error.h"
#include "core/io/standard_output.h"
#include "core/onnx/export.h"

namespace ccx::cli {
namespace {

struct Options {
  std::string model, out, target = "wasm", quantize = "none", embeddings;
  int file_mib = 256;
  bool overwrite = false;
  bool json = false;
};

onnx::ExportOptions to_export_options(const Options& options) {
  onnx::ExportOptions result;
  result.model = options.model;
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
    const onnx::ExportResult result =
        onnx::export_model(how, [](const std::string& what) { std::cerr << what << '\n'; });
    if (options.json) {
      io::standard_output().write(result.manifest);
    } else {
      print_table(options, result);
    }
  } catch (const onnx::Interrupted& interrupted) {
    std::cerr << "ccx: " << interrupted.what() << '\n';
    return kInterrupted;
  }
  return kOk;
}

const RegisterCommand kExport(
    70, "export", "Write a model as ONNX files for the browser or for ONNX Runtime", [](CLI::App& app) {
      const auto options = std::make_shared<Options>();
      app.add_option("--model", options->model, "Checkpoint directory")->required()->type_name("DIR");
      app.add_option("--out", options->out, "Directory to write; it appears when everything is in it")
          ->required()
          ->type_name("DIR");
      app.add_option("--quantize", options->quantize,
                     "none: float32; fp16: half the size; int8: a quarter, and fastest in WebAssembly; int4: smallest")
          ->check(CLI::IsMember({"none", "fp16", "int8", "int4"}))
          ->capture_default_str();
      app.add_option("--target", options->target, "Where it will run: chooses operators and their version")
          ->check(CLI::IsMember({"wasm", "webgpu", "cpu"}))
          ->capture_default_str();
      app.add_option("--embeddings", options->embeddings,
                     "Embedding table and tied head; default fp32 with --quantize none, else fp16")
          ->check(CLI::IsMember({"fp32", "fp16", "int8"}));
      app.add_option("--file-size", options->file_mib, "Cut weight files at this many MiB")
          ->check(CLI::Range(1, 2000))
          ->capture_default_str();
      app.add_flag("--overwrite", options->overwrite, "Replace an earlier export in --out");
      app.add_flag("--json", options->json, "Print the manifest instead of a table of files");
      return [options] { return run(*options); };
    });

}  // namespace
}  // namespace ccx::cli
