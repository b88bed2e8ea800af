// A folder with something for every command to read.
#pragma once

#include <string>

#include "tests/support/checkpoint.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

// Captions with references, for the commands that read them.
struct Written {
  TempDir dir;
  Written() {
    write_file(dir / "c.jsonl", "{\"id\":\"a\",\"caption\":\"a road appears\",\"references\":[\"a road is built\"]}\n");
    write_file(dir / "run/metrics.jsonl", "{\"step\":1,\"loss\":2.5}\n");
    write_file(dir / "text.txt", "a road\na house\na road\n");
    write_file(dir / "tokens", "1 2\n");
    edited_checkpoint(dir / "model");
  }
  // In the folder, with `ccx` for the command.
  ProcessResult shell(const std::string& line, const std::string& input = "") const {
    return run_shell(
        "cd " + quoted(dir.path().string()) + "\nccx() { " + quoted(ccx_binary().string()) + " \"$@\"; }\n" + line,
        input);
  }
};

}  // namespace ccx::test
