// Directories that appear whole or not at all, and replace only what ccx made.
#include "core/io/atomic_directory.h"

#include <sys/stat.h>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/temporary.h"
#include "core/io/write_error.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
namespace fs = std::filesystem;

namespace {

const io::DirectoryKind kKind = {"thing", io::kMarkerFile, {}};

void make(const fs::path& target, const std::string& content, bool overwrite = false) {
  io::AtomicDirectory directory(target, overwrite, kKind);
  test::write_file(directory.path() / "a.txt", content);
  test::write_file(directory.path() / "sub/b.txt", content);
  directory.commit();
}

size_t entries(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

std::string content_of(const fs::path& target) {
  return test::read_file(target / "a.txt") + "|" + test::read_file(target / "sub/b.txt");
}

}  // namespace

TEST_CASE("a directory appears with its marker, which names its files, and nothing beside it") {
  const test::TempDir dir;
  make(dir / "deep/er/x/", "1");
  CHECK(content_of(dir / "deep/er/x") == "1|1");
  const auto marker = io::read_marker(dir / "deep/er/x");
  REQUIRE(marker);
  CHECK(marker->kind == "thing");
  CHECK(marker->files == io::FileNames{"a.txt", "sub/b.txt"});
  CHECK(entries(dir / "deep/er") == 1);
}

TEST_CASE("a directory that is given up leaves nothing, not even the folders made for it") {
  const test::TempDir dir;
  {
    io::AtomicDirectory directory(dir / "deep/er/x", false, kKind);
    test::write_file(directory.path() / "a.txt", "half");
  }
  CHECK(entries(dir.path()) == 0);
}

TEST_CASE("a directory of another kind, or with anything of a user in it, is refused by name and stays") {
  const test::TempDir dir;
  const auto refused = [&](const fs::path& target, const std::string& what) {
    CAPTURE(target);
    const io::FileNames before = io::all_files(dir.path());
    for (const bool overwrite : {false, true}) {
      CHECK_THROWS_AS(make(target, "2", overwrite), UsageError);
      CHECK_THROWS_WITH(make(target, "2", overwrite),
                        test::contains(target.filename().string()) && test::contains(what));
    }
    CHECK(io::all_files(dir.path()) == before);
  };
  test::write_file(dir / "mine/thesis.txt", "five years");
  refused(dir / "mine", "thesis.txt");
  test::write_file(dir / "file", "x");
  refused(dir / "file", "is a file");
  make(dir / "x", "1");
  test::write_file(dir / "x/sub/notes.txt", "mine");
  refused(dir / "x", "sub/notes.txt");
  fs::remove(dir / "x/sub/notes.txt");
  fs::create_symlink("/etc", dir / "x/etc");
  refused(dir / "x", "etc");
  io::AtomicDirectory(dir / "other", false, {"other kind", io::kMarkerFile, {}}).commit();
  refused(dir / "other", "no earlier thing");
  test::write_file(dir / "liar/.ccx.json", R"({"format":"ccx-directory","kind":"thing","files":["../file"]})");
  refused(dir / "liar", "no earlier thing");
}

TEST_CASE("one of ours is replaced only when asked, keeps its permissions, and the old one is gone") {
  const test::TempDir dir;
  make(dir / "x", "1");
  ::chmod((dir / "x").c_str(), 0750);
  CHECK_THROWS_WITH(make(dir / "x", "2"), test::contains("--overwrite"));
  make(dir / "x", "2", true);
  CHECK(content_of(dir / "x") == "2|2");
  struct stat status = {};
  REQUIRE(::stat((dir / "x").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0750);
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("an empty directory is filled and stays the one it was, as a mounted volume must") {
  const test::TempDir dir;
  fs::create_directory(dir / "x");
  struct stat before = {};
  struct stat after = {};
  ::stat((dir / "x").c_str(), &before);
  make(dir / "x", "1");
  ::stat((dir / "x").c_str(), &after);
  CHECK(before.st_ino == after.st_ino);
  CHECK(content_of(dir / "x") == "1|1");
  CHECK(io::read_marker(dir / "x")->files.size() == 2);
  CHECK(io::temporaries_in(dir / "x", "", io::Stage::kPart).empty());
  CHECK(entries(dir.path()) == 1);
  fs::create_directory(dir / "real");
  fs::create_symlink("real", dir / "link");
  make(dir / "link", "2");
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(content_of(dir / "real") == "2|2");
}

TEST_CASE("what a user puts in place while the work goes on is not replaced") {
  const test::TempDir dir;
  for (const bool exists : {false, true}) {
    const fs::path target = dir / (exists ? "empty" : "new");
    if (exists) fs::create_directory(target);
    io::AtomicDirectory directory(target, true, kKind);
    test::write_file(directory.path() / "a.txt", "ours");
    test::write_file(target / "a.txt", "theirs");
    CHECK_THROWS_AS(directory.commit(), io::WriteError);
    CHECK(test::read_file(target / "a.txt") == "theirs");
  }
}

TEST_CASE("what a killed process left is cleared up by the next, a living one's and a user's are not") {
  const test::TempDir dir;
  test::write_file(dir / ".x.part-0123456789ab/.ccx.json", R"({"format":"ccx-directory","kind":"unfinished"})");
  test::write_file(dir / ".x.part-0123456789ab/a.txt", "half");
  test::write_file(dir / ".x.part-abcdefghijkl/notes.txt", "a user's, by its looks");
  test::write_file(dir / "x.old/notes.txt", "a user's");
  test::write_file(dir / "x.part/notes.txt", "a user's");
  const io::AtomicDirectory living(dir / "x", false, kKind);
  test::write_file(living.path() / "a.txt", "living");
  make(dir / "x", "1");
  CHECK_FALSE(fs::exists(dir / ".x.part-0123456789ab"));
  CHECK(fs::exists(dir / ".x.part-abcdefghijkl/notes.txt"));
  CHECK(fs::exists(dir / "x.old/notes.txt"));
  CHECK(fs::exists(dir / "x.part/notes.txt"));
  CHECK(test::read_file(living.path() / "a.txt") == "living");
}

TEST_CASE("a kill between two steps of a commit loses neither the old directory nor the new") {
  const test::TempDir dir;
  // While the old one was moved away: it comes back.
  make(dir / "x", "1");
  fs::rename(dir / "x", dir / ".x.old-0123456789ab");
  CHECK_THROWS_WITH(make(dir / "x", "2"), test::contains("--overwrite"));
  CHECK(content_of(dir / "x") == "1|1");
  // After the new one had its name: the old one goes.
  make(dir / "x2", "old");
  fs::rename(dir / "x2", dir / ".x.old-0123456789ab");
  CHECK_THROWS(make(dir / "x", "2"));
  CHECK_FALSE(fs::exists(dir / ".x.old-0123456789ab"));
  CHECK(content_of(dir / "x") == "1|1");
  // While an empty directory was being filled: the rest follows.
  test::write_file(dir / "v/a.txt", "3");
  test::write_file(dir / "v/.v.part-0123456789ab/sub/b.txt", "3");
  test::write_file(dir / "v/.v.part-0123456789ab/.ccx.json",
                   R"({"format":"ccx-directory","kind":"moving into place","files":["a.txt","sub/b.txt"]})");
  CHECK_THROWS_WITH(make(dir / "v", "4"), test::contains("--overwrite"));
  CHECK(content_of(dir / "v") == "3|3");
  CHECK(entries(dir / "v") == 3);
}

TEST_CASE("only listed files are removed, and no link is followed out of a directory") {
  const test::TempDir dir;
  make(dir / "x", "1");
  test::write_file(dir / "outside/b.txt", "keep");
  fs::remove_all(dir / "x/sub");
  fs::create_symlink(dir / "outside", dir / "x/sub");  // where the marker names sub/b.txt
  CHECK_FALSE(io::remove_own_files(dir / "x", {"a.txt", "sub/b.txt", "../outside/b.txt"}));
  CHECK(test::read_file(dir / "outside/b.txt") == "keep");
  CHECK_FALSE(fs::exists(dir / "x/a.txt"));
  CHECK(fs::is_symlink(dir / "x/sub"));
}
