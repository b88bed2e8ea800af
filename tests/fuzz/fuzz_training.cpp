// What a training run reads beside its data sets: a mixture in YAML or JSON; and what it left, for a report:
// metrics.jsonl and run.json.
#include "core/report/run_log.h"
#include "tests/fuzz/parts.h"
#include "tests/fuzz/target.h"
#include "train/data/dataset_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const ccx::fuzz::ScratchFolder folder;
  const auto parts = ccx::fuzz::parts_of(ccx::fuzz::text(data, size), 2);
  folder.put("metrics.jsonl", parts[0]);
  folder.put("run.json", parts[1]);
  ccx::fuzz::attempt([&] { ccx::report::read_run(folder.path()); });
  for (const char* name : {"mixture.yaml", "mixture.json"}) {
    const auto file = folder.put(name, parts[0]);
    ccx::fuzz::attempt([&] { ccx::train::read_dataset_list({file.string()}); });
  }
  return 0;
}
