// What the tests of `ccx caption` share: the real command around an engine without a model, pairs to caption, results.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tests/support/pairs.h"
#include "tests/support/process.h"

namespace ccx::test {

// A folder with pairs, a model directory that FakeEngine takes, and a place for the output.
class CaptionCase {
 public:
  explicit CaptionCase(unsigned pairs = 0) {
    write_pairs(dir_ / "pairs", pairs);
    write_file(dir_ / "model/config.json", "{}");
    write_file(dir_ / "model/model.safetensors", "weights");
  }

  std::filesystem::path operator/(const std::string& name) const { return dir_ / name; }
  const std::filesystem::path& path() const { return dir_.path(); }

  // Runs `ccx SHELL-WORDS` in the folder; `environment` stands before it ("FAKE_MS=5").
  ProcessResult ccx(const std::string& arguments, const std::string& environment = "") const {
    return run_shell("cd " + quoted(path().string()) + " && " + environment + " " + quoted(CCX_TEST_FAKE_BINARY) + " " +
                     arguments);
  }
  ProcessResult caption(const std::string& arguments = "", const std::string& environment = "") const {
    return ccx("caption --in pairs --out c.jsonl --model model --no-timings " + arguments, environment);
  }
  std::string output(const std::string& name = "c.jsonl") const { return read_file(dir_ / name); }

 private:
  TempDir dir_;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace ccx::test
