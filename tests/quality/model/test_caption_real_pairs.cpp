// The real pairs beside the project, where they are: that they run through, not what a random model says of them.
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/needs.h"
#include "tests/support/process.h"

using namespace ccx;

TEST_CASE("all 55 real LEVIR-CC pairs are captioned, as a folder and by their captions file") {
  test::needs_command("caption");
  const std::filesystem::path data = test::needs_shared("data/levir_cc");
  for (const std::filesystem::path& in : {data / "images", data / "LevirCCcaptions.json"}) {
    const test::TempDir dir;
    const auto result = test::run_ccx("caption --device cpu --max-new-tokens 4 --in " + test::quoted(in.string()) +
                                      " --model " + test::quoted(test::tiny_checkpoint().string()) + " --out " +
                                      test::quoted((dir / "out.jsonl").string()));
    INFO(result.err);
    CHECK(result.exit_code == 0);
    std::istringstream lines(test::read_file(dir / "out.jsonl"));
    std::set<std::string> ids;
    for (std::string line; std::getline(lines, line);) {
      const auto record = nlohmann::json::parse(line);
      CHECK_FALSE(record.contains("error"));
      CHECK(record["tokens"].get<int>() > 0);
      ids.insert(record["id"].get<std::string>());
    }
    CHECK(ids.size() == 55);
  }
}
