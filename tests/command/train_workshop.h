// What tests of `ccx train` share: a tokenizer, a fresh tiny model and drawn pairs, made by the commands a user has.
#pragma once

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/process.h"

namespace ccx::test {

// A TCP port of 127.0.0.1 that no other test that runs now has.
inline std::string some_port(int turn) {
  return std::to_string(20000 + (::getpid() * 7 + turn * 1009) % 20000);
}

// A tokenizer, a fresh tiny model, and eight drawn pairs.
struct Workshop {
  TempDir dir;
  explicit Workshop(const std::string& shape = "tiny") {
    write_file(dir / "text.txt", read_file(data_dir() / "train/captions.txt"));
    const ProcessResult tokenizer =
        run("data tokenizer --text " + path("text.txt") + " --vocab 600 --out " + path("tok"));
    REQUIRE(tokenizer.exit_code == 0);
    const ProcessResult init = run("train --init " + shape + " --tokenizer " + path("tok") + " --out " + path("base"));
    INFO(init.err);
    REQUIRE(init.exit_code == 0);
  }
  std::string path(const std::string& name) const { return quoted((dir / name).string()); }
  ProcessResult run(const std::string& arguments, const std::string& environment = "") const {
    return run_shell(environment + " " + quoted(ccx_binary().string()) + " " + arguments);
  }
  // Common options of a quick run into `out`.
  std::string training(const std::string& out, const std::string& more = "") const {
    std::string line = "train --stage 3 --model " + path("base") + " --out " + path(out) +
                       " --data scenes:8@3 --batch 2 --tower-lr same --no-eval --threads 1 --workers 1 " + more;
    if (more.find("--accumulate") == std::string::npos) line += " --accumulate 2";
    if (more.find("--lr") == std::string::npos) line += " --lr 1e-3";
    return line;
  }
  // The lines of a run's metrics.jsonl.
  std::vector<nlohmann::json> log(const std::string& out) const {
    std::vector<nlohmann::json> lines;
    std::istringstream in(read_file(dir / out / "metrics.jsonl"));
    for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
  // loss and grad_norm by step, as text, so that equality is to the last digit.
  std::vector<std::string> curve(const std::string& out) const {
    std::vector<std::string> lines;
    for (const nlohmann::json& line : log(out)) {
      if (!line.contains("loss")) continue;
      lines.push_back(line["step"].dump() + " " + line["loss"].dump() + " " + line["grad_norm"].dump() + " " +
                      line["lr"].dump());
    }
    return lines;
  }
  std::vector<double> losses(const std::string& out) const {
    std::vector<double> values;
    for (const nlohmann::json& line : log(out)) {
      if (line.contains("loss")) values.push_back(line["loss"].get<double>());
    }
    return values;
  }
};

}  // namespace ccx::test
