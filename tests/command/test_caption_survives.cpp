// `ccx caption` is killed, interrupted and starved of disk, and the output survives.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::write_file;

namespace {

// `ccx caption` started in the case's folder, to be signalled.
class RunningCaption {
 public:
  RunningCaption(const CaptionCase& c, const std::vector<std::string>& options, const std::string& milliseconds,
                 const std::string& engines = "1")
      : case_(c) {
    std::vector<std::string> words = {
        CCX_TEST_FAKE_BINARY, "caption", "--in", "pairs", "--out", "c.jsonl", "--model", "model", "--no-timings"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      if (::chdir(c.path().c_str()) != 0) ::_exit(99);
      ::setenv("FAKE_MS", milliseconds.c_str(), 1);
      ::setenv("FAKE_DEVICES", engines.c_str(), 1);
      if (::freopen("err", "w", stderr) == nullptr) ::_exit(99);
      ::execv(arguments[0], arguments.data());
      ::_exit(99);
    }
  }

  // Waits until the output has so many whole lines; false when the process ended before.
  bool wait_for_lines(long count) {
    while (true) {
      const std::string output = case_.output();
      if (std::count(output.begin(), output.end(), '\n') >= count) return true;
      if (::waitpid(pid_, &status_, WNOHANG) == pid_) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void signal(int number) const { ::kill(pid_, number); }

  // The exit code, or 128 + the signal that ended it.
  int wait() {
    ::waitpid(pid_, &status_, 0);
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  const CaptionCase& case_;
  pid_t pid_ = -1;
  int status_ = 0;
};

}  // namespace

TEST_CASE("after kill -9 at any point, resuming gives the file of an uninterrupted run") {
  const CaptionCase whole(30);
  write_file(whole / "pairs/A/007.png", "no image");
  CHECK(whole.caption("--batch 4").exit_code == 3);
  const std::string reference = whole.output();
  const CaptionCase c(30);
  write_file(c / "pairs/A/007.png", "no image");
  // Killed again and again, further on each time, in batches that do not match.
  for (const int lines : {1, 4, 9, 17, 26}) {
    RunningCaption run(c, {"--resume", "--batch", std::to_string(1 + lines % 5)}, "5");
    REQUIRE(run.wait_for_lines(lines));
    run.signal(SIGKILL);
    CHECK(run.wait() == 128 + SIGKILL);
    const std::string output = c.output();
    CHECK(reference.compare(0, output.size(), output) == 0);
    CHECK(output.size() < reference.size());
  }
  CHECK(c.caption("--resume").exit_code == 3);
  CHECK(c.output() == reference);
}

TEST_CASE("a line cut at any byte is repaired") {
  const CaptionCase c(3);
  c.caption();
  const std::string reference = c.output();
  for (std::size_t size = 0; size < reference.size(); size += 97) {
    write_file(c / "c.jsonl", reference.substr(0, size));
    INFO(size);
    REQUIRE(c.caption("--resume").exit_code == 0);
    REQUIRE(c.output() == reference);
  }
}

TEST_CASE("the first interrupt finishes the batch and exits 130, and the run can be resumed") {
  const CaptionCase whole(40);
  whole.caption();
  for (const auto& [number, engines] : {std::pair{SIGINT, "1"}, std::pair{SIGTERM, "1"}, std::pair{SIGINT, "3"}}) {
    const CaptionCase c(40);
    RunningCaption run(c, {"--batch", "4"}, "5", engines);
    REQUIRE(run.wait_for_lines(4));
    run.signal(number);
    CHECK(run.wait() == 130);
    const auto lines = lines_of(c.output());
    CHECK(lines.size() % 4 == 0);  // whole batches
    CHECK(lines.size() < 40);
    CHECK_THAT(c.output("err"), contains("finishing the pairs") && contains("--resume goes on"));
    CHECK_THAT(c.output("c.jsonl.run.json"), contains(R"("status": "interrupted")"));
    CHECK(c.caption("--resume").exit_code == 0);
    CHECK(c.output() == whole.output());
  }
}

TEST_CASE("an interrupt is an event for programs, and nothing where quiet is asked for") {
  for (const std::string style : {"--log-json", "--quiet"}) {
    CAPTURE(style);
    const CaptionCase c(40);
    RunningCaption run(c, {"--batch", "4", style}, "5");
    REQUIRE(run.wait_for_lines(4));
    run.signal(SIGINT);
    CHECK(run.wait() == 130);
    const std::string said = c.output("err");
    if (style == "--quiet") CHECK(said.empty());
    if (style == "--log-json") CHECK_THAT(said, contains(R"({"event":"note","message":"finishing the pairs)"));
    for (const std::string& line : lines_of(said)) CHECK(line.starts_with("{"));
  }
}

TEST_CASE("a second interrupt leaves at once") {
  const CaptionCase c(8);
  RunningCaption run(c, {"--batch", "4"}, "400");
  REQUIRE(run.wait_for_lines(4));
  run.signal(SIGINT);
  // The first must have been counted before the second comes: a pending signal is not sent twice.
  while (c.output("err").find("finishing") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  run.signal(SIGINT);
  CHECK(run.wait() == 130);
  // The second batch takes 1,600 ms; it was not waited for, so its lines are not there.
  CHECK(lines_of(c.output()).size() == 4);
}

TEST_CASE("a full disk ends the run with its reason, and what was written is whole and resumed") {
  const CaptionCase c(20);
  c.caption();
  const std::string reference = c.output();
  std::filesystem::remove(c / "c.jsonl");
  // A limit on file sizes (in KiB) fails a write in its middle, as a full disk does.
  const ProcessResult full = c.ccx("caption --in pairs --out c.jsonl --model model --no-timings --overwrite",
                                   "ulimit -f 2; trap '' XFSZ; exec env");
  CHECK(full.exit_code == 1);
  CHECK_THAT(full.err, contains("cannot write c.jsonl") && contains("--resume"));
  const std::string output = c.output();
  CHECK(output.size() <= 2048);
  CHECK(reference.compare(0, output.size(), output) == 0);
  CHECK(output.back() == '\n');
  CHECK(c.caption("--resume").exit_code == 0);
  CHECK(c.output() == reference);
}

TEST_CASE("a device that is always full ends the run with its reason") {
  const CaptionCase c(2);
  const ProcessResult result = c.ccx("caption --in pairs --out /dev/full --model model");
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, contains("cannot write /dev/full: No space left on device"));
  CHECK_FALSE(std::filesystem::exists("/dev/full.run.json"));
}

TEST_CASE("a real file system without space: what fits stays, and more space finishes the run") {
  const CaptionCase c(30);
  c.caption();
  const std::string reference = c.output();
  std::filesystem::create_directories(c / "small");
  const std::string folder = ccx::test::quoted((c / "small").string());
  if (ccx::test::run_shell("mount -t tmpfs -o size=12k none " + folder).exit_code != 0) {
    ccx::test::skip(ccx::test::Lacking::kMachine, "no right to mount a file system");
  }
  const std::string arguments = "caption --in pairs --out small/c.jsonl --model model --no-timings ";
  const ProcessResult full = c.ccx(arguments);
  const std::string output = c.output("small/c.jsonl");
  const bool grown = ccx::test::run_shell("mount -o remount,size=1m " + folder).exit_code == 0;
  const ProcessResult resumed = c.ccx(arguments + "--resume");
  const std::string finished = c.output("small/c.jsonl");
  ccx::test::run_shell("umount " + folder);
  REQUIRE(grown);
  CHECK(full.exit_code == 1);
  CHECK_THAT(full.err, contains("No space left on device"));
  CHECK(reference.compare(0, output.size(), output) == 0);
  CHECK((output.empty() || output.back() == '\n'));
  CHECK(resumed.exit_code == 0);
  CHECK(finished == reference);
}
