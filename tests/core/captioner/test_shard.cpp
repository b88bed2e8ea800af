// Shards are exact partitions, and digests are SHA-256.
#include <array>
#include <cstdio>
#include <map>
#include <string>

#include "core/captioner/sha256.h"
#include "core/captioner/shard.h"
#include "core/graph/error.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx::captioner;
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

TEST_CASE("digests are SHA-256") {
  // FIPS 180-4's examples.
  CHECK(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_of(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  // The two ways of computing it agree on blocks of every kind of bytes.
  std::string blocks(64 * 5, '\0');
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<char>(i * i * 7 + 3);
  std::array<uint32_t, 8> state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string ending(64, '\0');  // padding of 320 bytes: a one bit, and 2560 as the length
  ending[0] = '\x80';
  ending[62] = '\x0A';
  sha256_blocks_plain(state, reinterpret_cast<const unsigned char*>(blocks.data()), 5);
  sha256_blocks_plain(state, reinterpret_cast<const unsigned char*>(ending.data()), 1);
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x", state[0]);
  CHECK(sha256_of(blocks).substr(0, 8) == digits);
  const ccx::test::TempDir dir;
  ccx::test::write_file(dir / "f", std::string(1000000, 'a'));
  CHECK(sha256_of_file(dir / "f") == sha256_of(std::string(1000000, 'a')));
}
