// What a run would meet, without a model: every pair, and every image that cannot be used.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "core/captioner/caption_job.h"

namespace ccx::captioner {

struct DryRunSummary {
  std::size_t pairs = 0;
  std::size_t failing = 0;
  std::map<std::string, std::size_t> warnings;  // pairs by code
  std::size_t aligned = 0;                      // pairs cropped or warped to what their dates share
  bool interrupted = false;
};

// Decodes both images of every pair, on several threads, and gives `line` one record a pair in order: pair_record(),
// which is a manifest's line, or error_record(), as the run would write it. Deliberately no short cut through the
// headers: a cut file has a good header.
DryRunSummary dry_run(const Selection& selection, const ReadingOptions& reading, std::size_t readers,
                      const std::function<void(const std::string&)>& line, const std::function<bool()>& should_stop);

}  // namespace ccx::captioner
