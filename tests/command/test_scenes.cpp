// `ccx scenes` as a user meets it.
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx::test;

namespace {
std::string in(const TempDir& dir, const char* name) {
  return quoted((dir / name).string());
}
}  // namespace

TEST_CASE("ccx scenes draws a data set and says what it did on stderr") {
  const TempDir dir;
  const ProcessResult result = run_ccx("scenes --out " + in(dir, "set") +
                                       " --count 6 --seed 3 --size 64 --splits train:0.5,test:0.5 --threads 2");
  CHECK(result.exit_code == 0);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, contains("6 pairs"));
  CHECK(std::filesystem::exists(dir / "set/images/train/A/train_000001.png"));
  CHECK(std::filesystem::exists(dir / "set/images/test/label/test_000003.png"));
  CHECK(std::filesystem::exists(dir / "set/LevirCCcaptions.json"));
}

TEST_CASE("ccx scenes writes JPEG pictures when asked, with masks that stay exact") {
  const TempDir dir;
  CHECK(run_ccx("scenes --out " + in(dir, "set") + " --count 1 --size 64 --image-format jpg").exit_code == 0);
  CHECK(std::filesystem::exists(dir / "set/images/train/A/train_000001.jpg"));
  CHECK(std::filesystem::exists(dir / "set/images/train/label/train_000001.png"));
  CHECK_THAT(read_file(dir / "set/LevirCCcaptions.json"), contains("train_000001.jpg"));
}

TEST_CASE("ccx scenes refuses what it cannot draw, before it writes anything") {
  const TempDir dir;
  const auto refused = [&](const std::string& options, const std::string& why) {
    CAPTURE(options);
    const ProcessResult result = run_ccx("scenes --out " + in(dir, "new") + " " + options);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains(why));
    CHECK_FALSE(std::filesystem::exists(dir / "new"));
  };
  refused("--count 0", "--count");
  refused("--count -5", "--count");
  refused("--count many", "--count");
  refused("--count 2 --size 5", "size");
  refused("--count 2 --changed-share 2", "share");
  refused("--count 2 --image-format gif", "--image-format");
  refused("--count 2 --format jpg", "there is no option --format; did you mean --image-format?");
  refused("--count 2 --threads -1", "--threads");
  refused("--count 2 --splits train:0.5,val:0.2", "sum to 1");
}

TEST_CASE("ccx scenes leaves a folder alone that is not empty") {
  const TempDir dir;
  write_file(dir / "set/notes.txt", "keep");
  const ProcessResult result = run_ccx("scenes --out " + in(dir, "set") + " --count 2 --size 64");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, contains("not empty"));
  CHECK_THAT(result.err, contains("--resume"));
  CHECK_FALSE(std::filesystem::exists(dir / "set/images"));
}

TEST_CASE("a first interrupt of ccx scenes finishes the pairs that are begun, and a second leaves at once") {
  const TempDir dir;
  const auto interrupted = [&](const std::string& set, const std::string& second) {
    // Pairs of this size take a good part of a second each.
    const ProcessResult result =
        run_shell("cd " + quoted(dir.path().string()) + "; " + quoted(ccx_binary().string()) + " scenes --out " + set +
                  " --count 1000 --size 1024 --threads 1 2> err & run=$!; until [ -d " + set +
                  "/images ]; do sleep 0.01; done; kill -INT $run; until grep -q finishing err; do sleep 0.01; done; " +
                  second + "wait $run");
    CHECK(result.exit_code == 130);
    return read_file(dir / "err");
  };
  CHECK_THAT(interrupted("one", ""), contains("ccx: finishing the pairs") && contains("ccx: interrupted after"));
  // The pair may be done just before the second interrupt: not five times in a row.
  bool left_at_once = false;
  for (const char* set : {"two", "three", "four", "five", "six"}) {
    left_at_once = left_at_once || interrupted(set, "kill -INT $run; ").find("interrupted after") == std::string::npos;
  }
  CHECK(left_at_once);
}

TEST_CASE("ccx scenes says so when the disk is full") {
  // A limit on file size stands in for a full disk; the signal it would raise is ignored so that the write fails.
  const TempDir dir;
  const ProcessResult result = run_shell("trap '' XFSZ; ulimit -f 4; " + quoted(ccx_binary().string()) +
                                         " scenes --out " + in(dir, "set") + " --count 2 --size 256");
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, contains(".png"));
  CHECK_FALSE(std::filesystem::exists(dir / "set/LevirCCcaptions.json"));
}
