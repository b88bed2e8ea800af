// Options of a model and its device (model_options.h).
#include "core/captioner/model_options.h"

#include <utility>

#include "core/model/model_info.h"

namespace ccx::captioner {
namespace {

void declare(options::OptionSet& options, std::filesystem::path& model, const std::string& name,
             const std::string& help) {
  options.add(&model, {.name = name,
                       .value = "DIR",
                       .help = help,
                       .by_default = "the model that comes with ccx",
                       .environment = kModelVariable});
}

}  // namespace

void declare_model_option(options::OptionSet& options, std::filesystem::path& model, const std::string& help) {
  declare(options, model, "--model", help);
}

void declare_model_word(options::OptionSet& options, std::filesystem::path& model, const std::string& name) {
  declare(options, model, name, kCheckpointHelp);
}

std::filesystem::path model_or_default(const std::filesystem::path& given) {
  return given.empty() ? model::default_model_dir() : given;
}

void declare_device(options::OptionSet& options, std::string& device, bool all) {
  options.add(&device, {.name = "--device",
                        .value = "NAME",
                        .help = all ? "auto, cpu, cuda, cuda:N or cuda:all" : "auto, cpu, cuda or cuda:N"});
}

void declare_dtype(options::OptionSet& options, std::string& dtype, options::Recorded recorded) {
  options.add(&dtype,
              {.name = "--dtype",
               .value = "NAME",
               .help = "The number format; int8 and int4 keep the weights of products in so many bits, on a CPU",
               .choices = {"auto", "fp32", "bf16", "int8", "int4"},
               .recorded = std::move(recorded)});
}

void declare_threads(options::OptionSet& options, int& threads, const std::string& help) {
  options.add(&threads, {.name = "--threads", .value = "N", .help = help, .range = {0, 1024}});
}

}  // namespace ccx::captioner
