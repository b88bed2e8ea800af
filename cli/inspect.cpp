// `ccx inspect`: the intermediate tensors of one pair, dumped, printed, and compared with another implementation's.
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <memory>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/io/destination.h"
#include "core/io/safetensors.h"
#include "core/io/standard_output.h"
#include "core/torch/trace.h"

namespace ccx::cli {
namespace {

using torch_backend::TracedTensor;

struct InspectOptions {
  std::filesystem::path model, before, after, dump, against;
  torch_backend::TraceOptions trace;
  double tolerance = 1e-3;
};

io::TensorView view_of(const TracedTensor& tensor) {
  if (tensor.values.empty()) {
    return {io::DType::kI64, tensor.shape, reinterpret_cast<const std::byte*>(tensor.ids.data()),
            tensor.ids.size() * 8};
  }
  return {io::DType::kF32, tensor.shape, reinterpret_cast<const std::byte*>(tensor.values.data()),
          tensor.values.size() * 4};
}

void print_table(const std::vector<TracedTensor>& tensors) {
  io::print("%-24s %-20s %14s %14s\n", "name", "shape", "mean", "std");
  for (const TracedTensor& tensor : tensors) {
    double sum = 0;
    double squares = 0;
    const std::vector<float> values = view_of(tensor).to_float32();
    for (float value : values) {
      sum += value;
      squares += static_cast<double>(value) * value;
    }
    const double n = static_cast<double>(values.size());
    const double mean = sum / n;
    io::print("%-24s %-20s %14.6g %14.6g\n", tensor.name.c_str(), io::shape_text(tensor.shape).c_str(), mean,
              std::sqrt(std::max(0.0, squares / n - mean * mean)));
  }
}

// True if everything that both have agrees within the tolerance. What the file alone holds is named.
bool compare(const std::vector<TracedTensor>& tensors, const io::SafetensorsFile& other, double tolerance) {
  std::map<std::string, const TracedTensor*> ours;
  for (const TracedTensor& tensor : tensors) ours[tensor.name] = &tensor;
  io::print("\n%-24s %-20s %14s\n", "name", "shape", "largest diff");
  bool agree = true;
  int compared = 0;
  for (const TracedTensor& tensor : tensors) {
    const auto found = other.tensors().find(tensor.name);
    if (found == other.tensors().end()) continue;
    ++compared;
    const io::TensorView& theirs = found->second;
    if (theirs.shape != tensor.shape) {
      io::print("%-24s %-20s  differs in shape: %s in the file\n", tensor.name.c_str(),
                io::shape_text(tensor.shape).c_str(), io::shape_text(theirs.shape).c_str());
      agree = false;
      continue;
    }
    double largest = 0;
    const std::vector<float> a = view_of(tensor).to_float32();
    const std::vector<float> b = theirs.to_float32();
    for (size_t i = 0; i < a.size(); ++i) {
      const double difference = std::abs(static_cast<double>(a[i]) - b[i]);
      largest = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(largest, difference);
    }
    const bool fits = largest <= tolerance;
    agree &= fits;
    io::print("%-24s %-20s %14.3g%s\n", tensor.name.c_str(), io::shape_text(tensor.shape).c_str(), largest,
              fits ? "" : "  above the tolerance");
  }
  for (const auto& entry : other.tensors()) {
    if (ours.count(entry.first) == 0) io::print("%-24s not computed here\n", entry.first.c_str());
  }
  if (compared == 0) throw UsageError(other.path().string() + " holds none of the tensors that ccx inspect computes");
  io::print("\n%d tensors compared, %s within %g\n", compared, agree ? "all" : "NOT all", tolerance);
  return agree;
}

const RegisterCommand inspect(
    40, "inspect", "Dump the named tensors of one pair, or compare them with a file", [](CLI::App& app) {
      const auto options = std::make_shared<InspectOptions>();
      app.add_option("--model", options->model, "Checkpoint directory")->type_name("DIR")->required();
      app.add_option("--before", options->before, "The earlier image")->type_name("FILE")->required();
      app.add_option("--after", options->after, "The later image")->type_name("FILE")->required();
      app.add_option("--dump", options->dump, "Write all tensors to this safetensors file")->type_name("FILE");
      app.add_option("--against", options->against, "Compare with this safetensors file; exit code 1 where they differ")
          ->type_name("FILE");
      app.add_option("--tolerance", options->tolerance, "Largest absolute difference that counts as equal")
          ->check(CLI::NonNegativeNumber)
          ->capture_default_str();
      app.add_option("--max-new-tokens", options->trace.max_new_tokens, "Length of the traced generation")
          ->check(CLI::Range(1, 4096))
          ->capture_default_str();
      app.add_option("--device", options->trace.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
      app.add_option("--dtype", options->trace.dtype, "auto, fp32 or bf16")->capture_default_str();
      app.add_option("--threads", options->trace.threads, "CPU threads, 0 for all cores")
          ->check(CLI::Range(0, 1024))
          ->capture_default_str();
      app.footer(
          "Example:  ccx inspect --model DIR --before a.png --after b.png --against reference.safetensors --tolerance "
          "1e-4");
      return [options]() -> int {
        io::require_not_an_input(options->dump, {options->before, options->after, options->against});
        // What the command line names is opened before the model runs.
        const auto other = options->against.empty() ? nullptr : std::make_unique<io::SafetensorsFile>(options->against);
        const image::Image before = image::load_image(options->before);
        const image::Image after = image::load_image(options->after);
        const std::vector<TracedTensor> tensors =
            torch_backend::trace_pair(options->model, before, after, options->trace);
        if (!options->dump.empty()) {
          std::vector<io::NamedTensor> named;
          for (const TracedTensor& tensor : tensors) named.push_back({tensor.name, view_of(tensor)});
          io::write_safetensors(options->dump, named, {{"producer", "ccx inspect"}});
        }
        print_table(tensors);
        return other == nullptr || compare(tensors, *other, options->tolerance) ? kOk : kFailure;
      };
    });

}  // namespace
}  // namespace ccx::cli
