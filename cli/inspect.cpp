// `ccx inspect`: the intermediate tensors of one pair, dumped, printed, and compared with another implementation's.
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <memory>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/image/decode.h"
#include "core/io/file_kind.h"
#include "core/io/safetensors_dump.h"
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

int run(const InspectOptions& options) {
  const std::map<std::string, std::string> producer = {{"producer", "ccx inspect"}};
  const io::FileKind dump = io::safetensors_with("dump of tensors", producer);
  io::require_output(options.dump, dump, {options.before, options.after, options.against});
  const std::filesystem::path model = captioner::model_or_default(options.model);
  io::require_outside(options.dump, model, "the model");
  // What the command line names is opened before the model runs.
  const auto other = options.against.empty() ? nullptr : std::make_unique<io::SafetensorsFile>(options.against);
  const image::Image before = image::load_image(options.before);
  const image::Image after = image::load_image(options.after);
  const std::vector<TracedTensor> tensors = torch_backend::trace_pair(model, before, after, options.trace);
  if (!options.dump.empty()) {
    std::vector<io::NamedTensor> named;
    for (const TracedTensor& tensor : tensors) named.push_back({tensor.name, view_of(tensor)});
    io::write_safetensors_over(options.dump, named, producer, dump);
  }
  print_table(tensors);
  return other == nullptr || compare(tensors, *other, options.tolerance) ? kOk : kFailure;
}

const RegisterCommand inspect(
    40, "inspect", "Dump the named tensors of one pair, or compare them with a file", [](CommandSpec& spec) {
      const auto given = std::make_shared<InspectOptions>();
      spec.page = "architecture";
      spec.examples = {{"ccx inspect --before a.png --after b.png --dump tensors.safetensors"},
                       {"ccx inspect --model DIR --before a.png --after b.png --against reference.safetensors "
                        "--tolerance 1e-4"}};
      spec.exits = {{kFailure, "tensors differ from those of --against, or the work failed"}};
      options::OptionSet& options = spec.options;
      options.group("Input");
      captioner::declare_model_option(options, given->model);
      options.add(&given->before, {.name = "--before", .value = "FILE", .help = "The earlier image", .required = true});
      options.add(&given->after, {.name = "--after", .value = "FILE", .help = "The later image", .required = true});
      options.add(&given->trace.max_new_tokens, {.name = "--max-new-tokens",
                                                 .value = "N",
                                                 .help = "Length of the traced generation",
                                                 .unit = "tokens",
                                                 .range = {1, 4096}});
      options.group("Output");
      options.add(&given->dump, {.name = "--dump", .value = "FILE", .help = "Write all tensors there, as safetensors"});
      options.add(&given->against,
                  {.name = "--against", .value = "FILE", .help = "Compare with this safetensors file"});
      options.add(&given->tolerance, {.name = "--tolerance",
                                      .value = "X",
                                      .help = "Largest absolute difference that counts as equal",
                                      .range = {.least = 0}});
      options.group("Device");
      captioner::declare_device(options, given->trace.device);
      captioner::declare_dtype(options, given->trace.dtype);
      captioner::declare_threads(options, given->trace.threads);
      return [given] { return run(*given); };
    });

}  // namespace
}  // namespace ccx::cli
