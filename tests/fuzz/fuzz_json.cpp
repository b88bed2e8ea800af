// Any JSON, as the one reader takes it: what is read can be copied, printed and read again.
#include <nlohmann/json.hpp>

#include "core/io/json.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  for (const bool python : {false, true}) {
    ccx::fuzz::attempt([&] {
      const ccx::io::JsonLimits limits{.bytes = 1 << 20, .non_finite_is_null = python};
      const nlohmann::json read = ccx::io::parse_json(ccx::fuzz::text(data, size), "fuzz", limits);
      // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): copying what was read is tried too
      const nlohmann::json copy = read;
      if (ccx::io::parse_json(copy.dump(), "fuzz", limits) != read) __builtin_trap();
    });
  }
  return 0;
}
