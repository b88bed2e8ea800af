// Lines of a captions file, and the sidecar that --resume compares.
#include "core/records/record.h"
#include "core/records/run_info.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes = ccx::fuzz::text(data, size);
  ccx::fuzz::attempt([&] { ccx::records::parse_record(bytes); });
  ccx::fuzz::attempt([&] {
    const ccx::records::RunInfo info = ccx::records::run_info_from_json(bytes, "fuzz");
    const ccx::records::RunInfo again = ccx::records::run_info_from_json(ccx::records::to_json(info), "again");
    ccx::records::differences(info, again, true);
  });
  return 0;
}
