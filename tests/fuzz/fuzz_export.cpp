// A vision.onnx as the page reads it: the tensor "w" of any type and size, inside the file or beside it.
#include "core/lean/exported_tensors.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto beside = [&](const std::string&, std::uint64_t offset, std::size_t bytes) {
    if (offset > size || bytes > size - offset) throw ccx::InputError("no such bytes");
    return std::string(ccx::fuzz::text(data, size).substr(offset, bytes));
  };
  ccx::fuzz::attempt([&] {
    const ccx::lean::ExportedTensors tensors(ccx::fuzz::text(data, size), beside);
    ccx::fuzz::attempt([&] { tensors.floats("w", 4); });
    volatile unsigned sum = 0;
    for (const char c : tensors.get("w").bytes) sum = sum + static_cast<unsigned char>(c);
  });
  return 0;
}
