// Options that come from elsewhere than a command line: what run.json and a sidecar recorded, and JSON by keyword.
#include <nlohmann/json.hpp>

#include "core/captioner/caption_options.h"
#include "core/io/json.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  ccx::fuzz::attempt([&] {
    const auto json = ccx::io::parse_json<ccx::options::Json>(ccx::fuzz::text(data, size), "fuzz");
    ccx::captioner::CaptionJob job;
    ccx::options::OptionSet options;
    ccx::captioner::declare_caption_options(options, job);
    const ccx::options::Json before = options.recorded();
    ccx::fuzz::attempt([&] { options.set_recorded(json); });
    ccx::fuzz::attempt([&] { ccx::options::differences(options, json, before); });
    ccx::fuzz::attempt([&] { ccx::options::compared(options, json); });
    options.set_json(json);
    if (options.json().empty()) __builtin_trap();
    options.set_recorded(options.recorded());  // what is written down is taken back
  });
  return 0;
}
