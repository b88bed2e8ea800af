#include "core/onnx/data_files.h"

#include "core/base/error.h"
#include "core/io/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;

TEST_CASE("tensors fill numbered files up to the limit, aligned, and the sums are those of the files") {
  const test::TempDir dir;
  onnx::DataFiles files(dir.path(), "w", 200);
  const auto a = files.add(std::string(100, 'a'));
  const auto b = files.add(std::string(60, 'b'));
  const auto c = files.add(std::string(500, 'c'));  // above the limit: a file of its own
  const auto d = files.add("d");
  CHECK((a.file == "w.0.bin" && a.offset == 0));
  CHECK((b.file == "w.0.bin" && b.offset == 128 && b.length == 60));
  CHECK((c.file == "w.1.bin" && c.offset == 0));
  CHECK((d.file == "w.2.bin" && d.offset == 0));
  const auto written = files.finish();
  REQUIRE(written.size() == 3);
  for (const onnx::WrittenFile& file : written) {
    CHECK(file.bytes == static_cast<int64_t>(std::filesystem::file_size(dir / file.name)));
    CHECK(file.sha256 == io::sha256_file(dir / file.name));
  }
  CHECK(test::read_file(dir / "w.0.bin").substr(128) == std::string(60, 'b'));
}

TEST_CASE("a file that cannot be written is named, and is no input error") {
  const test::TempDir dir;
  try {
    onnx::write_hashed(dir / "absent", "x.bin", "x");
    FAIL("wrote into a directory that is not there");
  } catch (const InputError&) {
    FAIL("reported as an input error");
  } catch (const Error& error) {
    CHECK_THAT(error.what(), test::contains("x.bin"));
  }
}
