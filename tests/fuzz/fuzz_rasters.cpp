// Two dates and what stands beside the first, as files: before, after (the before picture where it lacks), before's
// .aux.xml, .hdr and .tfw. Both are read as a pair, over the ground that they say they share.
#include "core/image/read_pair.h"
#include "tests/fuzz/parts.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const ccx::fuzz::ScratchFolder folder;
  const auto parts = ccx::fuzz::parts_of(ccx::fuzz::text(data, size), 5);
  const auto before = folder.put("before.tif", parts[0]);
  const auto after = folder.put("after.tif", parts[1].empty() ? parts[0] : parts[1]);
  folder.put("before.tif.aux.xml", parts[2]);
  folder.put("before.hdr", parts[3]);
  folder.put("before.tfw", parts[4]);
  ccx::fuzz::attempt([&] {
    ccx::image::ReadOptions options;
    options.limits.max_pixels = 1 << 14;  // so that no input is merely slow
    options.limits.max_block_bytes = 1 << 20;
    const ccx::image::ReadPair pair =
        ccx::image::read_pair({before.string()}, {after.string()}, options, size % 2 == 0 ? 16 : 0);
    if (pair.before.image.rgb.empty() || pair.after.image.rgb.empty()) __builtin_trap();
  });
  return 0;
}
