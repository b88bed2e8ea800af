// Lines of a captions file, and the sidecar that --resume compares.
#include "core/captioner/run_info.h"
#include "core/records/record.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes = ccx::fuzz::text(data, size);
  ccx::fuzz::attempt([&] { ccx::records::parse_record(bytes); });
  ccx::fuzz::attempt([&] {
    const ccx::captioner::RunInfo info = ccx::captioner::run_info_from_json(bytes, "fuzz");
    const ccx::captioner::RunInfo again = ccx::captioner::run_info_from_json(ccx::captioner::to_json(info), "again");
    ccx::captioner::differences(info, again, true);
  });
  return 0;
}
