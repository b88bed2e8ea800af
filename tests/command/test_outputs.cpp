// Where every command may write: files, links, pipes, devices, a stdout that fails; and what it leaves alone.
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/command/caption_case.h"
#include "tests/command/written.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using test::contains;
using test::ProcessResult;
using test::quoted;
using test::read_file;
using test::write_file;
using test::Written;
namespace fs = std::filesystem;

namespace {

// Commands that print data, and one that only prints help.
const std::vector<std::string> kPrinting = {"info model --json",
                                            "info model",
                                            "eval --pred c.jsonl --no-meteor --json",
                                            "eval --pred c.jsonl --no-meteor",
                                            "tokenize --model model <text.txt",
                                            "tokenize --model model --decode <tokens",
                                            "data check scenes:2@1 --no-images --json",
                                            "data check scenes:2@1 --no-images",
                                            "report c.jsonl --no-meteor --out -",
                                            "report run --out /dev/stdout",
                                            "eval --pred c.jsonl --no-meteor --json --per-pair /dev/fd/1",
                                            "--version",
                                            "--help",
                                            "eval --help"};

}  // namespace

TEST_CASE("a stdout that takes nothing is exit code 1 and a message, for every command that prints") {
  const Written w;
  for (const std::string& command : kPrinting) {
    CAPTURE(command);
    const ProcessResult full = w.shell("ccx " + command + " >/dev/full");
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.err, contains("cannot write") && contains("No space left on device"));
    const ProcessResult closed = w.shell("ccx " + command + " >&-");
    CHECK(closed.exit_code == 1);
    CHECK_THAT(closed.err, contains("cannot write") && contains("Bad file descriptor"));
  }
}

TEST_CASE("a reader that leaves ends a command quietly as SIGPIPE does, or with a word where that is ignored") {
  const Written w;
  // More than a pipe holds, so that the reader is gone before the end.
  std::string lines;
  for (int i = 0; i < 30000; ++i) lines += "a road appears\n";
  write_file(w.dir / "long.txt", lines);
  const ProcessResult left = w.shell("ccx tokenize --model model <long.txt | head -1; exit ${PIPESTATUS[0]}");
  CHECK(left.exit_code == 128 + 13);
  CHECK(left.err.empty());
  CHECK_FALSE(left.out.empty());
  const ProcessResult told =
      w.shell("trap '' PIPE; ccx tokenize --model model <long.txt | head -1; exit ${PIPESTATUS[0]}");
  CHECK(told.exit_code == 1);
  CHECK_THAT(told.err, contains("cannot write to stdout: Broken pipe"));
}

TEST_CASE("with stdout closed nothing is printed into a file that the command opens") {
  const Written w;
  const ProcessResult result = w.shell("ccx eval --pred c.jsonl --no-meteor --per-pair p.jsonl >&-");
  CHECK(result.exit_code == 1);
  CHECK(test::lines_of(read_file(w.dir / "p.jsonl")).size() == 1);
  CHECK_THAT(read_file(w.dir / "p.jsonl"), !contains("BLEU"));
  // What prints nothing needs none.
  CHECK(w.shell("ccx report c.jsonl --no-meteor --out r.html >&- 2>&- <&-").exit_code == 0);
  CHECK_THAT(read_file(w.dir / "r.html"), contains("</html>"));
}

TEST_CASE("pages and lists go to pipes, devices, descriptors and through links, which all stay what they are") {
  const Written w;
  for (const std::string& command : {std::string("report c.jsonl --no-meteor --out "), std::string("report run --out "),
                                     std::string("eval --pred c.jsonl --no-meteor --per-pair ")}) {
    CAPTURE(command);
    const std::string whole = [&] {
      REQUIRE(w.shell("ccx " + command + "plain").exit_code == 0);
      return read_file(w.dir / "plain");
    }();
    REQUIRE_FALSE(whole.empty());
    CHECK(w.shell("ccx " + command + "/dev/null").exit_code == 0);
    CHECK(fs::is_character_file("/dev/null"));
    const ProcessResult full = w.shell("ccx " + command + "/dev/full");
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.err, contains("/dev/full: No space left on device"));
    CHECK(fs::is_character_file("/dev/full"));
    CHECK(w.shell("mkfifo pipe; cat pipe >heard & ccx " + command +
                  "pipe && wait && test -p pipe && cmp plain heard && rm pipe")
              .exit_code == 0);
    CHECK_THAT(w.shell("ccx " + command + "/dev/stdout").out, contains(whole));
    CHECK(w.shell("ccx " + command + "/dev/fd/7 7>seven").exit_code == 0);
    CHECK(read_file(w.dir / "seven") == whole);
    CHECK(w.shell("ccx " + command + ">(cat >eight) && sleep 0.5").exit_code == 0);
    CHECK(read_file(w.dir / "eight") == whole);
    // Into a redirected stdout, behind what stands there.
    CHECK(w.shell("{ echo first; ccx " + command + "/dev/stdout; } >both").exit_code == 0);
    CHECK_THAT(read_file(w.dir / "both"), Catch::Matchers::StartsWith("first\n") && contains(whole));
    CHECK(w.shell("mkdir -p store && cp plain store/page && ln -sf store/page link && chmod 600 store/page && ccx " +
                  command +
                  "link && test -L link && cmp plain store/page && test \"$(stat -c %a store/page)\" = 600 && "
                  "test \"$(ls -A store)\" = page")
              .exit_code == 0);
    CHECK(w.shell("ln -sf nowhere/yet dangling && ccx " + command + "dangling").exit_code == 2);
    CHECK(w.shell("mkdir -p nowhere && ccx " + command + "dangling && test -L dangling && cmp plain nowhere/yet")
              .exit_code == 0);
    CHECK(w.shell("umask 027; ccx " + command +
                  "mode && test \"$(stat -c %a mode)\" = 640; code=$?; rm -f mode; exit $code")
              .exit_code == 0);
    CHECK(w.shell("rm -rf nowhere dangling link store plain").exit_code == 0);
  }
}

TEST_CASE("a command does not replace what it reads") {
  const Written w;
  const std::string captions = read_file(w.dir / "c.jsonl");
  CHECK(w.shell("ln -s c.jsonl same").exit_code == 0);
  for (const std::string command :
       {"report c.jsonl --no-meteor --out c.jsonl", "report c.jsonl --no-meteor --out same",
        "eval --pred c.jsonl --no-meteor --per-pair c.jsonl", "report run --out run/metrics.jsonl"}) {
    const ProcessResult result = w.shell("ccx " + command);
    CAPTURE(command, result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("is read by this command"));
  }
  CHECK(read_file(w.dir / "c.jsonl") == captions);
  CHECK(read_file(w.dir / "run/metrics.jsonl") == "{\"step\":1,\"loss\":2.5}\n");
}

TEST_CASE("captions and merges stream into pipes, devices and descriptors, without a sidecar") {
  const test::CaptionCase c(4);
  CHECK(c.caption().exit_code == 0);
  const std::string records = c.output();
  const auto streams = [&](const std::string& command) {
    CAPTURE(command);
    CHECK(c.ccx(command + "/dev/null").exit_code == 0);
    const ProcessResult full = c.ccx(command + "/dev/full");
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.err, contains("/dev/full: No space left on device"));
    CHECK(fs::is_character_file("/dev/full"));
    CHECK_FALSE(fs::exists("/dev/null.run.json"));
    CHECK(c.ccx(command + "-").out == records);
    CHECK(c.ccx(command + "/dev/stdout >out.txt").exit_code == 0);
    CHECK(c.output("out.txt") == records);
    CHECK_FALSE(fs::exists("/dev/stdout.run.json"));
    for (const std::string out : {"-", "/dev/stdout"}) {
      const ProcessResult no_room = c.ccx(command + out + " >/dev/full");
      CHECK(no_room.exit_code == 1);
      CHECK_THAT(no_room.err, contains("No space left on device"));
      CHECK(c.ccx(command + out + " >&-").exit_code == 1);
    }
    CHECK(c.ccx(command + "/dev/fd/7 7>seven").exit_code == 0);
    CHECK(c.output("seven") == records);
  };
  streams("caption --in pairs --model model --no-timings --out ");
  streams("merge c.jsonl --out ");
  const ProcessResult dry = c.ccx("caption --in pairs --dry-run >/dev/full");
  CHECK(dry.exit_code == 1);
  CHECK_THAT(dry.err, contains("cannot write to stdout: No space left on device"));
}

TEST_CASE("captions do not replace the list they are made from") {
  const test::CaptionCase c(2);
  const std::string list = c.ccx("caption --in pairs --dry-run -q").out;
  write_file(c / "list.jsonl", list);
  const ProcessResult result = c.ccx("caption --in list.jsonl --model model --overwrite --out list.jsonl");
  CHECK(result.exit_code == 2);
  CHECK(c.output("list.jsonl") == list);
}

TEST_CASE("maps are never drawn over pictures that ccx did not draw") {
  const test::CaptionCase c(3);
  const std::string picture = read_file(c / "pairs/A/001.png");
  for (const std::string more : {"", "--overwrite"}) {
    const ProcessResult result = c.caption("--heatmaps pairs/A " + more);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("pairs/A/00") && contains("--heatmaps"));
  }
  CHECK(read_file(c / "pairs/A/001.png") == picture);
  CHECK_FALSE(fs::exists(c / "pairs/A/001.npy"));
  // Files of other names do no harm, and none is done to them.
  write_file(c / "heat/notes.txt", "mine");
  CHECK(c.caption("--heatmaps heat").exit_code == 0);
  CHECK(read_file(c / "heat/notes.txt") == "mine");
  CHECK(c.caption("--heatmaps heat --overwrite").exit_code == 0);  // its own maps
  write_file(c / "heat/002.png", "mine");
  fs::remove(c / "heat/002.npy");
  CHECK(c.caption("--heatmaps heat --overwrite").exit_code == 2);
  CHECK(read_file(c / "heat/002.png") == "mine");
  // A folder of ccx's own takes the maps of another run.
  CHECK(c.caption("--heatmaps own --overwrite").exit_code == 0);
  fs::remove(c / "own/002.npy");  // as a kill between the two leaves it
  CHECK(c.caption("--heatmaps own --overwrite").exit_code == 0);
  CHECK(fs::exists(c / "own/002.npy"));
}

TEST_CASE("a tokenizer's folder is made whole, and another's folder is left alone") {
  const Written w;
  const std::string command = "ccx data tokenizer --text text.txt --vocab 512 --min-count 1 --out ";
  CHECK(w.shell(command + "tok").exit_code == 0);
  CHECK(fs::exists(w.dir / "tok/tokenizer.json"));
  CHECK(w.shell(command + "tok").exit_code == 2);
  CHECK(w.shell(command + "tok --overwrite").exit_code == 0);
  write_file(w.dir / "mine/vocab.json", "mine");
  for (const std::string more : {"", " --overwrite"}) {
    const ProcessResult result = w.shell(command + "mine" + more);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("vocab.json"));
    CHECK(w.shell(command + "model" + more).exit_code == 2);
  }
  CHECK(read_file(w.dir / "mine/vocab.json") == "mine");
  CHECK_FALSE(fs::exists(w.dir / "mine/tokenizer.json"));
  CHECK(w.shell("mkdir empty && cd empty && " +
                std::string("ccx data tokenizer --text ../text.txt --vocab 512 --min-count 1 --out . && "
                            "test -e ./tokenizer.json && test -z \"$(ls -d .*part* 2>/dev/null)\""))
            .exit_code == 0);
}

TEST_CASE("a data set of scenes fills an empty folder through a link and no other") {
  const Written w;
  CHECK(w.shell("mkdir real && ln -s real link && ccx scenes --count 2 --size 64 --out link && test -L link && "
                "test -e real/LevirCCcaptions.json")
            .exit_code == 0);
  for (const std::string name : {"model", "run", "c.jsonl"}) {
    CHECK(w.shell("ccx scenes --count 2 --size 64 --out " + name).exit_code == 2);
    CHECK(w.shell("ccx scenes --count 2 --size 64 --resume --out " + name).exit_code == 2);
    CHECK_FALSE(fs::exists(w.dir / name / "images"));
  }
}

TEST_CASE("a file system without locks is said once, and the captions are written") {
  const test::CaptionCase c(6);
  // The sanitizers' own library must come first where the command is built with them.
  const std::string without = "ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=" + quoted(CCX_TEST_NO_LOCKS);
  const ProcessResult result = c.caption("--heatmaps heat", without);
  CHECK(result.exit_code == 0);
  CHECK(test::lines_of(c.output()).size() == 6);
  const std::size_t first = result.err.find("has no locks");
  REQUIRE(first != std::string::npos);
  CHECK(result.err.find("has no locks", first + 1) == std::string::npos);
  CHECK(c.caption("-q --overwrite", without).err.empty());
}

TEST_CASE("lists, pages and scores are not written under the ending of another form") {
  const Written w;
  for (const char* command :
       {"data convert c.jsonl --to jsonl --out l.csv", "data convert c.jsonl --to coco --out l.xlsx",
        "report c.jsonl --no-meteor --out r.pdf", "eval --pred c.jsonl --no-meteor --per-pair p.csv"}) {
    const ProcessResult refused = w.shell("ccx " + std::string(command));
    CAPTURE(command);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, contains("as its ending says"));
  }
  CHECK_THAT(w.shell("ccx data convert none --to jsonl --out l.json").err, contains("l.json will hold JSON lines"));
  const ProcessResult page = w.shell("ccx report c.jsonl --no-meteor --out r.txt");
  CHECK(page.exit_code == 0);
  CHECK_THAT(page.err, contains("r.txt will hold HTML"));
}
