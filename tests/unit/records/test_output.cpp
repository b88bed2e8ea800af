// The captions file survives what happens to it.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/records/output.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::records;
using ccx::test::contains;
using ccx::test::read_file;
using ccx::test::write_file;

namespace {

std::string line(const std::string& id, bool failed = false) {
  const pairs::Pair pair{id, "A/" + id, "B/" + id, ""};
  if (failed) return error_record(pair, {ErrorCode::kInternal, "m"}) + "\n";
  return caption_record(pair, engine::Caption{}, 0, {}, {.timings = false}) + "\n";
}

}  // namespace

TEST_CASE("a new file holds what was appended") {
  const test::TempDir dir;
  RecordsFile file(dir / "c.jsonl", OutputMode::kNew);
  file.begin(false);
  file.append(line("a") + line("b"));
  file.append(line("c"));
  CHECK(read_file(dir / "c.jsonl") == line("a") + line("b") + line("c"));
}

TEST_CASE("a file that was opened for nothing is removed again, one that was there is not") {
  const test::TempDir dir;
  { const RecordsFile file(dir / "new.jsonl", OutputMode::kNew); }
  CHECK_FALSE(std::filesystem::exists(dir / "new.jsonl"));
  write_file(dir / "old.jsonl", "");
  { const RecordsFile file(dir / "old.jsonl", OutputMode::kNew); }
  CHECK(std::filesystem::exists(dir / "old.jsonl"));
}

TEST_CASE("a file that holds something is neither appended to nor emptied without being told") {
  const test::TempDir dir;
  write_file(dir / "c.jsonl", line("a"));
  CHECK_THROWS_WITH(RecordsFile(dir / "c.jsonl", OutputMode::kNew), contains("--resume") && contains("--overwrite"));
  {
    // Until begin() even --overwrite leaves it alone.
    const RecordsFile file(dir / "c.jsonl", OutputMode::kOverwrite);
  }
  CHECK(read_file(dir / "c.jsonl") == line("a"));
  RecordsFile file(dir / "c.jsonl", OutputMode::kOverwrite);
  file.begin(false);
  file.append(line("z"));
  CHECK(read_file(dir / "c.jsonl") == line("z"));
}

TEST_CASE("a cut last line is repaired when the run begins") {
  const test::TempDir dir;
  const std::string cut = line("b").substr(0, 20);
  for (const std::string& tail : {cut, line("b").substr(0, line("b").size() - 1), std::string(40, '\0')}) {
    write_file(dir / "c.jsonl", line("a") + tail);
    RecordsFile file(dir / "c.jsonl", OutputMode::kResume);
    REQUIRE(file.existing().size() == 1);
    CHECK(file.existing()[0].id == "a");
    file.begin(false);
    file.append(line("b"));
    CHECK(read_file(dir / "c.jsonl") == line("a") + line("b"));
  }
}

TEST_CASE("a file with a broken line in the middle or an id twice is not resumed") {
  const test::TempDir dir;
  write_file(dir / "c.jsonl", line("a") + "garbage\n" + line("b"));
  CHECK_THROWS_WITH(RecordsFile(dir / "c.jsonl", OutputMode::kResume), contains("c.jsonl:2"));
  write_file(dir / "c.jsonl", line("a") + line("b") + line("a"));
  CHECK_THROWS_WITH(RecordsFile(dir / "c.jsonl", OutputMode::kResume), contains("c.jsonl:3") && contains("line 1"));
}

TEST_CASE("failed records are dropped for a retry, and lines can be put in order") {
  const test::TempDir dir;
  write_file(dir / "c.jsonl", line("a") + line("b", true) + line("c"));
  RecordsFile file(dir / "c.jsonl", OutputMode::kResume);
  file.begin(true);
  CHECK(file.existing().size() == 2);
  CHECK(read_file(dir / "c.jsonl") == line("a") + line("c"));
  file.append(line("b"));
  file.reorder({"a", "b", "c"});
  CHECK(read_file(dir / "c.jsonl") == line("a") + line("b") + line("c"));
  file.append(line("d"));
  CHECK(read_file(dir / "c.jsonl") == line("a") + line("b") + line("c") + line("d"));
}

TEST_CASE("a rewritten file that was reached through a link leaves the link") {
  const test::TempDir dir;
  write_file(dir / "store/c.jsonl", line("b") + line("a"));
  std::filesystem::create_symlink(dir / "store/c.jsonl", dir / "c.jsonl");
  RecordsFile file(dir / "c.jsonl", OutputMode::kResume);
  file.begin(false);
  file.reorder({"a", "b"});
  CHECK(std::filesystem::is_symlink(dir / "c.jsonl"));
  CHECK(read_file(dir / "store/c.jsonl") == line("a") + line("b"));
}

TEST_CASE("two runs do not write one file") {
  const test::TempDir dir;
  RecordsFile first(dir / "c.jsonl", OutputMode::kNew);
  CHECK_THROWS_WITH(RecordsFile(dir / "c.jsonl", OutputMode::kNew), contains("another run"));
}

TEST_CASE("places that cannot be written are refused with the reason") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(RecordsFile(dir / "no/c.jsonl", OutputMode::kNew), contains("there is no folder"));
  CHECK_THROWS_WITH(RecordsFile(dir.path(), OutputMode::kNew), contains("Is a directory"));
  CHECK_THROWS_AS(RecordsFile("/dev/null", OutputMode::kResume), UsageError);
}

TEST_CASE("when the disk is full, the lines that fit stay whole and the rest is cut off") {
  const test::TempDir dir;
  RecordsFile file(dir / "c.jsonl", OutputMode::kNew);
  file.begin(false);
  file.append(line("a"));
  // A limit on the size of files fails a write in its middle, as a full disk does.
  rlimit before = {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {line("a").size() + line("b").size() + 10, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    file.append(line("b") + line("c"));
  } catch (const Error& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  CHECK_THAT(message, contains("c.jsonl") && contains("File too large"));
  CHECK(read_file(dir / "c.jsonl") == line("a") + line("b"));
}
