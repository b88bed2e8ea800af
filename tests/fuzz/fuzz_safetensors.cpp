// A safetensors file: its header may say anything, and no tensor may lie outside the file.
#include <algorithm>

#include "core/io/safetensors.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  ccx::fuzz::attempt([&] {
    const ccx::fuzz::MemoryFile memory(data, size);
    const ccx::io::SafetensorsFile file(memory.path());
    volatile unsigned sum = 0;
    for (const auto& [name, view] : file.tensors()) {
      for (std::size_t i = 0; i < view.bytes; ++i) sum = sum + static_cast<unsigned>(view.data[i]);
      if (view.elements() < 1 << 16) view.to_float32();
      file.release(view);
    }
  });
  return 0;
}
