// The options of captioning, each declared once: the command line, sidecars and the comparison at --resume follow.
#pragma once

#include "core/captioner/caption_job.h"
#include "core/options/option_set.h"

namespace ccx::captioner {

// The environment variable that names the model where no option does.
inline constexpr char kModelVariable[] = "CCX_MODEL";

// All of a job's; those that decide captions or the form of their records are compared when a run is continued.
void declare_caption_options(options::OptionSet& options, CaptionJob& job);

// What the sidecar says of the options of `job`.
options::Json recorded_options(const CaptionJob& job);

// --model of commands that use the model that comes with ccx where none is named.
void declare_model_option(options::OptionSet& options, std::filesystem::path& model, const std::string& help);

}  // namespace ccx::captioner
