#include "core/io/file.h"

#include "core/graph/error.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"

using namespace ccx;

TEST_CASE("a file written atomically reads back and leaves no temporary beside it") {
  const test::TempDir dir;
  io::write_file_atomically(dir / "a.txt", "one");
  io::write_file_atomically(dir / "a.txt", std::string("two\0three", 9));
  CHECK(io::read_file(dir / "a.txt") == std::string("two\0three", 9));
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
}

TEST_CASE("an unreadable or unwritable path is named in the error") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(io::read_file(dir / "absent"), test::contains("absent") && test::contains("No such file"));
  CHECK_THROWS_WITH(io::read_file(dir.path()), test::contains("Is a directory"));
  CHECK_THROWS_WITH(io::write_file_atomically(dir / "no" / "file", "x"), test::contains("no/file"));
}
