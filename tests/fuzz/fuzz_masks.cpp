// A mask or label picture; what is read of one can be written and read again.
#include "core/change/mask_png.h"
#include "core/change/rle.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  ccx::change::starts_as_mask_png(ccx::fuzz::text(data, size));
  ccx::fuzz::attempt([&] {
    const ccx::change::KindMask mask = ccx::change::read_mask(ccx::fuzz::text(data, size), "fuzz");
    if (int64_t{mask.width} * mask.height > 1 << 16) return;
    ccx::change::run_lengths(mask, ccx::ChangeKind::kRoad);
    if (ccx::change::read_mask(ccx::change::mask_png(mask), "again").kinds != mask.kinds) __builtin_trap();
  });
  return 0;
}
