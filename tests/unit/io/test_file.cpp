// Files that appear whole or not at all, under whatever name the user gives.
#include "core/io/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>

#include "core/base/error.h"
#include "core/io/lock.h"
#include "core/io/temporary.h"
#include "core/io/write_error.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
namespace fs = std::filesystem;

namespace {

size_t entries(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

unsigned mode_of(const fs::path& path) {
  struct stat status = {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file written atomically reads back and leaves no temporary beside it") {
  const test::TempDir dir;
  io::write_file_atomically(dir / "a.txt", "one");
  io::write_file_atomically(dir / "a.txt", std::string("two\0three", 9), io::own_place());
  CHECK(io::read_file(dir / "a.txt") == std::string("two\0three", 9));
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("without a commit the target is as it was, and nothing is left") {
  const test::TempDir dir;
  test::write_file(dir / "a.txt", "old");
  {
    io::AtomicFile file(dir / "a.txt", io::own_place());
    file.write("half");
    CHECK(entries(dir.path()) == 2);
  }
  CHECK(test::read_file(dir / "a.txt") == "old");
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("an unreadable or unwritable path is named in the error") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(io::read_file(dir / "absent"), test::contains("absent") && test::contains("No such file"));
  CHECK_THROWS_WITH(io::read_file(dir.path()), test::contains("Is a directory"));
  CHECK_THROWS_WITH(io::write_file_atomically(dir / "no" / "file", "x"), test::contains("no/file"));
  CHECK_THROWS_AS(io::write_file_atomically(dir / "no" / "file", "x"), InputError);
  CHECK_THROWS_WITH(io::write_file_atomically(dir.path(), "x"), test::contains("Is a directory"));
  fs::create_symlink("loop", dir / "loop");
  CHECK_THROWS_WITH(io::write_file_atomically(dir / "loop", "x"), test::contains("loop"));
}

TEST_CASE("a new file has an ordinary file's permissions, a replaced one keeps its own") {
  const test::TempDir dir;
  const mode_t before = ::umask(027);
  io::write_file_atomically(dir / "new", "x");
  ::umask(before);
  CHECK(mode_of(dir / "new") == 0640);
  ::chmod((dir / "new").c_str(), 0604);
  io::write_file_atomically(dir / "new", "y", io::own_place());
  CHECK(mode_of(dir / "new") == 0604);
}

TEST_CASE("a protected file stays, for who is not root") {
  if (::geteuid() == 0) return;  // root may write everything
  const test::TempDir dir;
  test::write_file(dir / "a", "old");
  ::chmod((dir / "a").c_str(), 0444);
  CHECK_THROWS_WITH(io::write_file_atomically(dir / "a", "new"), test::contains("Permission denied"));
  CHECK(test::read_file(dir / "a") == "old");
}

TEST_CASE("a file is replaced by its own kind alone, whatever name leads to it") {
  const test::TempDir dir;
  const io::FileKind poem{"poem", [](std::string_view start) { return start.starts_with("poem"); }};
  test::write_file(dir / "notes", "mine");
  fs::create_symlink("notes", dir / "link");
  fs::create_hard_link(dir / "notes", dir / "hard");
  for (const char* name : {"notes", "link", "hard"}) {
    CHECK_THROWS_AS(io::write_file_atomically(dir / name, "new"), UsageError);
    CHECK_THROWS_WITH(io::write_file_atomically(dir / name, "new", poem),
                      test::contains(name) && test::contains("is no poem that ccx wrote"));
    CHECK_THROWS_AS(io::require_output(dir / name, poem), UsageError);
  }
  CHECK(test::read_file(dir / "notes") == "mine");
  test::write_file(dir / "empty", "");
  for (const char* name : {"empty", "new"}) {
    io::require_output(dir / name, poem);
    io::write_file_atomically(dir / name, "poem 1", poem);
    CHECK_THROWS_AS(io::write_file_atomically(dir / name, "poem 2"), UsageError);
    io::write_file_atomically(dir / name, "poem 2", poem);
    CHECK(test::read_file(dir / name) == "poem 2");
  }
  CHECK_THROWS_WITH(io::require_output(dir / "new", poem, {dir / "empty", dir / "x/../new", dir / "new"}),
                    test::contains("is read by this command"));
  CHECK_THROWS_WITH(io::require_output(dir / "no/new", poem), test::contains("there is no folder"));
  CHECK_THROWS_WITH(io::require_output("~/no such folder/new", poem), test::contains("the shell leaves ~ as it is"));
  io::require_output("-", poem);
  io::require_output("/dev/null", poem);
}

TEST_CASE("a place inside a folder that is read is told, through links and before it is there") {
  const test::TempDir dir;
  fs::create_directories(dir / "model/sub");
  fs::create_directory_symlink("model", dir / "link");
  fs::create_directory(dir / "models");
  for (const char* name : {"model", "model/", "model/a", "model/new/deep/a", "link/a", "models/../model/a"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH(io::require_outside(dir / name, dir / "link", "the model"), test::contains("the model"));
  }
  for (const char* name : {"a", "models/a", "model2", "."}) {
    CAPTURE(name);
    CHECK_NOTHROW(io::require_outside(dir / name, dir / "model", "the model"));
  }
  CHECK_NOTHROW(io::require_outside("-", dir / "model", "the model"));
}

TEST_CASE("links are followed, through links and to files that are not there yet, and stay") {
  const test::TempDir dir;
  test::write_file(dir / "store/a", "old");
  fs::create_directory(dir / "links");
  fs::create_symlink("../store/a", dir / "links/first");
  fs::create_symlink(dir / "links/first", dir / "second");
  io::write_file_atomically(dir / "second", "new", io::own_place());
  CHECK(fs::is_symlink(dir / "second"));
  CHECK(fs::is_symlink(dir / "links/first"));
  CHECK(test::read_file(dir / "store/a") == "new");
  CHECK(entries(dir / "store") == 1);
  CHECK(entries(dir / "links") == 1);
  fs::create_symlink("store/fresh", dir / "dangling");
  io::write_file_atomically(dir / "dangling", "made");
  CHECK(fs::is_symlink(dir / "dangling"));
  CHECK(test::read_file(dir / "store/fresh") == "made");
}

TEST_CASE("a pipe and a device are written through and never replaced") {
  const test::TempDir dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  auto heard = std::async(std::launch::async, [&] { return test::read_file(dir / "pipe"); });
  io::write_file_atomically(dir / "pipe", "words");
  CHECK(heard.get() == "words");
  CHECK(fs::is_fifo(dir / "pipe"));
  CHECK(entries(dir.path()) == 1);
  io::write_file_atomically("/dev/null", "gone");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_AS(io::write_file_atomically("/dev/full", "x"), io::WriteError);
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("an open descriptor is written onwards from where it stands") {
  const test::TempDir dir;
  const int fd = ::open((dir / "log").c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(::write(fd, "one\n", 4) == 4);
  io::write_file_atomically("/dev/fd/" + std::to_string(fd), "two\n");
  REQUIRE(::write(fd, "three\n", 6) == 6);
  ::close(fd);
  CHECK(test::read_file(dir / "log") == "one\ntwo\nthree\n");
}

TEST_CASE("names of temporaries are random, hidden, short enough, and known again") {
  const fs::path target = "/data/" + std::string(250, 'x');
  const fs::path first = io::temporary_name(target, io::Stage::kPart);
  CHECK(first != io::temporary_name(target, io::Stage::kPart));
  CHECK(first.parent_path() == "/data");
  CHECK(first.filename().string().size() <= 255);
  CHECK(first.filename().string()[0] == '.');
  const test::TempDir dir;
  test::write_file(io::temporary_name(dir / "c.jsonl", io::Stage::kPart), "");
  test::write_file(dir / ".c.jsonl.part-notes", "");
  test::write_file(dir / "c.jsonl.part-0123456789ab", "");
  CHECK(io::temporaries_in(dir.path(), "c.jsonl", io::Stage::kPart).size() == 1);
  CHECK(io::temporaries_in(dir.path(), "", io::Stage::kPart).size() == 1);
  CHECK(io::temporaries_in(dir.path(), "other", io::Stage::kPart).empty());
}

TEST_CASE("what a killed process left is removed, what a living one writes is not") {
  const test::TempDir dir;
  test::write_file(dir / ".a.png.part-0123456789ab", "half");
  test::write_file(dir / ".mine", "keep");
  test::write_file(dir / "elsewhere", "keep");
  fs::create_symlink("elsewhere", dir / ".b.png.part-0123456789ab");
  io::AtomicFile living(dir / "c.png");
  io::remove_abandoned_files(dir.path());
  CHECK_FALSE(fs::exists(dir / ".a.png.part-0123456789ab"));
  CHECK(fs::exists(dir / ".mine"));
  CHECK(test::read_file(dir / "elsewhere") == "keep");
  living.write("x");
  living.commit();
  CHECK(test::read_file(dir / "c.png") == "x");
}

TEST_CASE("a file that is kept open after its commit goes on under the same lock") {
  const test::TempDir dir;
  io::AtomicFile file(dir / "a");
  file.write("one\n");
  const int fd = file.commit_and_keep();
  REQUIRE(::write(fd, "two\n", 4) == 4);
  CHECK(test::read_file(dir / "a") == "one\ntwo\n");
  const int other = ::open((dir / "a").c_str(), O_RDONLY);
  CHECK(io::try_lock(other, dir / "a") == io::LockState::kHeldElsewhere);
  ::close(fd);
  CHECK(io::try_lock(other, dir / "a") == io::LockState::kTaken);
  ::close(other);
}

TEST_CASE("a link is pointed elsewhere in one step, and what is no link stays") {
  const test::TempDir dir;
  io::replace_link(dir / "last", "a");
  io::replace_link(dir / "last", "b");
  CHECK(fs::read_symlink(dir / "last") == "b");
  CHECK(entries(dir.path()) == 1);
  test::write_file(dir / "mine", "x");
  CHECK_THROWS_AS(io::replace_link(dir / "mine", "b"), io::WriteError);
  CHECK(test::read_file(dir / "mine") == "x");
}

TEST_CASE("what is read is not taken for an output") {
  const test::TempDir dir;
  test::write_file(dir / "in", "x");
  fs::create_symlink("in", dir / "link");
  CHECK_THROWS_AS(io::require_not_an_input(dir / "link", {dir / "other", dir / "in"}), UsageError);
  CHECK_NOTHROW(io::require_not_an_input(dir / "new", {dir / "in"}));
  CHECK_NOTHROW(io::require_not_an_input("/dev/null", {"/dev/null"}));
}
