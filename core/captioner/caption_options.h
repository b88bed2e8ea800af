// The options of captioning, each declared once: the command line, sidecars and the comparison at --resume follow.
#pragma once

#include "core/captioner/caption_job.h"
#include "core/options/option_set.h"

namespace ccx::captioner {

// All of a job's; those that decide captions or the form of their records are compared when a run is continued.
void declare_caption_options(options::OptionSet& options, CaptionJob& job);

// What the sidecar says of the options of `job`.
options::Json recorded_options(const CaptionJob& job);

}  // namespace ccx::captioner
