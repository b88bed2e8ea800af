// What a TIFF says of its bands, as the page reads it: any text as GDAL's metadata.
#include "core/image/tiff_bands.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string text(ccx::fuzz::text(data, size));
  for (const int samples : {1, 4, 13}) {
    ccx::fuzz::attempt([&] {
      const ccx::image::ShownBands shown = ccx::image::shown_bands(
          ccx::image::tiff_bands(text.substr(0, 16), {static_cast<int>(size % 8), samples, {2}, text}));
      for (const int band : shown.read) {
        if (band < 1 || band > samples) __builtin_trap();
      }
    });
  }
  return 0;
}
