#include "core/io/sha256.h"

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;

TEST_CASE("digests are SHA-256, of bytes and of files") {
  // FIPS 180-4's examples.
  CHECK(io::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(io::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string million(1000000, 'a');
  CHECK(io::sha256(million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const test::TempDir dir;
  test::write_file(dir / "f", million);
  CHECK(io::sha256_file(dir / "f") == io::sha256(million));
  CHECK_THROWS_WITH(io::sha256_file(dir / "absent"), test::contains("absent"));
}

TEST_CASE("the digest of weights is sha256sum's, and of shards that of the lines it prints for them") {
  const test::TempDir dir;
  test::write_file(dir / "model.safetensors", "abc");
  CHECK(io::sha256_weights({dir / "model.safetensors"}) == io::sha256("abc"));
  test::write_file(dir / "model-1.safetensors", "a");
  test::write_file(dir / "model-2.safetensors", "b");
  const test::ProcessResult printed =
      test::run_shell("cd " + test::quoted(dir.path().string()) + " && sha256sum model-*.safetensors");
  REQUIRE(printed.exit_code == 0);
  CHECK(io::sha256_weights({dir / "model-1.safetensors", dir / "model-2.safetensors"}) == io::sha256(printed.out));
  // A single shard is a list of one, not the file.
  CHECK(io::sha256_weights({dir / "model-1.safetensors"}) != io::sha256("a"));
}
