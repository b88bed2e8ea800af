// A picture of any format: it is decoded within its limits or refused.
#include "core/image/decode.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  ccx::fuzz::attempt([&] {
    ccx::image::ReadOptions options;
    options.limits.max_pixels = 1 << 16;  // so that no input is merely slow
    const ccx::image::Image image = ccx::image::decode_image(ccx::fuzz::text(data, size), "fuzz", options);
    if (image.width < 1 || image.height < 1) __builtin_trap();
    volatile unsigned sum = 0;
    for (const uint8_t value : image.rgb) sum = sum + value;
  });
  return 0;
}
