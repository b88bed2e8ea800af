// A captions file that a run goes on with.
#pragma once

#include <vector>

#include "core/captioner/ledger.h"
#include "core/captioner/run_info.h"
#include "core/pairs/pairs.h"
#include "core/records/output.h"

namespace ccx::captioner {

// The sidecar of the run that left `output`. Throws InputError where there is none.
RunInfo read_run_before(const records::RecordsFile& output);

// Throws InputError saying what differs between the runs; what `now` does not know yet is left out.
void require_same_options(const records::RecordsFile& output, const RunInfo& before, const RunInfo& now);

// Enters the file's records into the ledger; failed ones not, where they are tried again. Throws InputError for one of
// a pair that the run does not have, or of other images.
void enter_existing(const records::RecordsFile& output, const std::vector<pairs::Pair>& pairs, bool retry_failed,
                    Ledger& ledger);

}  // namespace ccx::captioner
