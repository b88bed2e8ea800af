// Lists of pairs as files that people write: JSON, JSON lines and CSV by the name's ending, and bare CSV.
#include <fstream>

#include "core/pairs/csv.h"
#include "core/pairs/pairs.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes = ccx::fuzz::text(data, size);
  ccx::fuzz::attempt([&] { ccx::pairs::parse_csv(bytes, "fuzz"); });
  static const std::string folder = [] {
    std::string pattern = "/tmp/ccx-fuzz-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) ::_exit(3);
    return pattern;
  }();
  for (const char* name : {"/l.json", "/l.jsonl", "/l.csv"}) {
    std::ofstream(folder + name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ccx::fuzz::attempt([&] {
      ccx::pairs::PairSource source;
      source.in = folder + name;
      ccx::pairs::find_pairs(source);
    });
  }
  return 0;
}
