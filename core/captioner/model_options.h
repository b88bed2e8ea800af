// Which model, on what: the options that commands which run a model share, each declared once.
#pragma once

#include <filesystem>
#include <string>

#include "core/options/option_set.h"

namespace ccx::captioner {

// The environment variable that names the model where no option does.
inline constexpr char kModelVariable[] = "CCX_MODEL";

inline constexpr char kCheckpointHelp[] = "A checkpoint directory";

// --model of commands that use the model that comes with ccx where none is named.
void declare_model_option(options::OptionSet& options, std::filesystem::path& model,
                          const std::string& help = kCheckpointHelp);
// The same as a word by itself.
void declare_model_word(options::OptionSet& options, std::filesystem::path& model, const std::string& name);

// `given`, or where it is empty model::default_model_dir(), which may throw UsageError.
std::filesystem::path model_or_default(const std::filesystem::path& given);

// --device; `all` commands take cuda:all too.
void declare_device(options::OptionSet& options, std::string& device, bool all = false);
// --dtype of a model that captions.
void declare_dtype(options::OptionSet& options, std::string& dtype, options::Recorded recorded = {});
// --threads, of the CPU.
void declare_threads(options::OptionSet& options, int& threads,
                     const std::string& help = "CPU threads, 0 for all cores");

}  // namespace ccx::captioner
