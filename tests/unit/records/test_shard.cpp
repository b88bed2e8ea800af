// Shards are exact partitions, and digests are SHA-256.
#include <array>
#include <cstdio>
#include <map>
#include <string>

#include "core/base/error.h"
#include "core/records/shard.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::records;
using ccx::UsageError;
using ccx::test::contains;

namespace {

Environment environment(const std::map<std::string, std::string>& values) {
  return [values](const char* name) -> const char* {
    static std::string kept;
    const auto found = values.find(name);
    if (found == values.end()) return nullptr;
    kept = found->second;
    return kept.c_str();
  };
}

}  // namespace

TEST_CASE("every id is in exactly one shard, and shards are of like size") {
  std::map<uint64_t, int> sizes;
  for (int i = 0; i < 4000; ++i) {
    const std::string id = "test_" + std::to_string(i);
    int holders = 0;
    for (uint64_t shard = 0; shard < 8; ++shard) {
      if (!Shard{shard, 8}.holds(id)) continue;
      ++holders;
      ++sizes[shard];
    }
    REQUIRE(holders == 1);
  }
  // 500 expected; five standard deviations of a fair split are 105.
  for (const auto& [shard, size] : sizes) CHECK(std::abs(size - 500) < 105);
}

TEST_CASE("a shard is named from 0 or from 1") {
  const Environment none = environment({});
  CHECK(parse_shard("0/4", none) == Shard{0, 4});
  CHECK(parse_shard("3/4", none) == Shard{3, 4});
  CHECK(parse_shard("4/4", none) == Shard{0, 4});
  CHECK(parse_shard("1/1", none) == Shard{0, 1});
  for (const std::string text : {"5/4", "1/0", "0/0", "-1/4", "1", "1/", "/4", "a/b", "1/4x", " 1/4", "1.5/4", ""}) {
    INFO(text);
    CHECK_THROWS_AS(parse_shard(text, none), UsageError);
  }
}

TEST_CASE("a job array's tasks are shards") {
  CHECK(parse_shard("auto", environment({{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_COUNT", "8"}})) ==
        Shard{3, 8});
  CHECK(parse_shard("auto", environment({{"SLURM_ARRAY_TASK_ID", "8"},
                                         {"SLURM_ARRAY_TASK_COUNT", "8"},
                                         {"SLURM_ARRAY_TASK_MIN", "1"}})) == Shard{7, 8});
  CHECK(parse_shard("auto", environment({{"SLURM_ARRAY_TASK_ID", "6"},
                                         {"SLURM_ARRAY_TASK_COUNT", "4"},
                                         {"SLURM_ARRAY_TASK_MIN", "2"},
                                         {"SLURM_ARRAY_TASK_STEP", "2"}})) == Shard{2, 4});
  CHECK_THROWS_WITH(parse_shard("auto", environment({})), contains("SLURM_ARRAY_TASK_ID") && contains("not set"));
  // An array of tasks 1, 5 and 9.
  CHECK_THROWS_WITH(
      parse_shard(
          "auto",
          environment({{"SLURM_ARRAY_TASK_ID", "9"}, {"SLURM_ARRAY_TASK_COUNT", "3"}, {"SLURM_ARRAY_TASK_MIN", "1"}})),
      contains("cannot number"));
}
