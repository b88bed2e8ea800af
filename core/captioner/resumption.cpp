#include "core/captioner/resumption.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/image/pair_checks.h"
#include "core/pairs/naming/names.h"
#include "core/records/record.h"

namespace ccx::captioner {

RunInfo read_run_before(const records::RecordsFile& output) {
  std::optional<RunInfo> before = read_run_info(output.path());
  if (before) return std::move(*before);
  throw InputError(output.path().string() + " has no " + sidecar_path(output.path()).filename().string() +
                   " beside it, so nobody can tell which model and options made it; pass --overwrite to begin anew");
}

void require_same_options(const records::RecordsFile& output, const RunInfo& before, const RunInfo& now) {
  const std::vector<std::string> found = differences(before, now, true);
  if (found.empty()) return;
  throw InputError(output.path().string() + " cannot be continued: " + joined_text(found, "; ") +
                   "; give the same model and options as before, or --overwrite to begin anew");
}

void enter_existing(const records::RecordsFile& output, const std::vector<pairs::Pair>& pairs, bool retry_failed,
                    Ledger& ledger) {
  std::vector<uint32_t> by_id(pairs.size());
  std::iota(by_id.begin(), by_id.end(), 0U);
  const auto id_of = [&](uint32_t index) -> const std::string& { return pairs[index].id; };
  std::sort(by_id.begin(), by_id.end(), [&](uint32_t a, uint32_t b) { return id_of(a) < id_of(b); });
  const std::vector<std::string> names = image::all_warning_names();
  for (std::size_t line = 0; line < output.existing().size(); ++line) {
    const records::KeptRecord& record = output.existing()[line];
    const auto found = std::lower_bound(by_id.begin(), by_id.end(), record.id,
                                        [&](uint32_t index, const std::string& id) { return id_of(index) < id; });
    if (found == by_id.end() || id_of(*found) != record.id) {
      throw InputError(
          output.path().string() + " holds '" + pairs::printable(record.id) +
          "', which is not among the pairs of this run; give the same input, --limit and --shard as before, or " +
          "--overwrite to begin anew");
    }
    const pairs::Pair& pair = pairs[*found];
    const bool same_images =
        record.images == records::images_digest(records::written_path(pair.before), records::written_path(pair.after));
    if (record.error == nullptr && !same_images) {
      throw InputError(output.path().string() + " holds '" + pairs::printable(record.id) + "' of " +
                       pairs::printable(output.existing_record(line).before) +
                       ", and in this run its images begin with " +
                       pairs::printable(records::written_path(pair.before)) +
                       "; give the same input as before, or --overwrite to begin anew");
    }
    if (record.error != nullptr && retry_failed) continue;
    ledger.add(*found, record.error == nullptr ? "" : *record.error);
    for (std::size_t code = 0; code < names.size(); ++code) {
      if ((record.warnings >> code & 1U) != 0) ledger.warn(names[code]);
    }
  }
}

}  // namespace ccx::captioner
