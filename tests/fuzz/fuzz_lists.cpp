// Lists as people write them, of any form and encoding: pairs, predictions and references.
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/predictions.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string bytes(ccx::fuzz::text(data, size));
  for (const char* name : {"fuzz.json", "fuzz.jsonl", "fuzz.csv", "fuzz.txt"}) {
    ccx::fuzz::attempt([&] { ccx::pairs::parse_list(ccx::pairs::list_text(bytes, name), name); });
  }
  const ccx::fuzz::MemoryFile file(data, size);
  ccx::fuzz::attempt([&] { ccx::pairs::read_predictions(file.path()); });
  ccx::fuzz::attempt([&] { ccx::pairs::read_references(file.path()); });
  return 0;
}
