// What ccx did not write stays, and what a command reads is never its output: every command that writes a file.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/command/caption_case.h"
#include "tests/command/written.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/process.h"

using namespace ccx;
using test::contains;
using test::ProcessResult;
using test::quoted;
using test::read_file;
using test::write_file;
namespace fs = std::filesystem;

namespace {

struct Place : test::Written {
  ProcessResult ccx(const std::string& words) const { return shell("ccx " + words); }
  void write(const std::string& name, const std::string& content) const { write_file(dir / name, content); }
  std::string read(const std::string& name) const { return read_file(dir / name); }
};

// Files of other people, and of other programs.
const std::vector<std::string> kOthers = {"my notes\n",
                                          "<!doctype html>\n<html><body>mine</body></html>\n",
                                          "{\"id\": \"a\", \"reference\": \"mine\"}\n",
                                          "id,before,after,caption,split\na,b,c,d,test\n",
                                          "{\"id\":\"a\",\"before\":\"x\",\"after\":\"y\",\"caption\":\"mine\"}\n",
                                          "{\n  \"ccx\": 1\n}\n",
                                          std::string("\x89PNG\r\n\x1a\n no line at all", 23),
                                          std::string("\0\0\0", 3)};

// The command refuses each of them by name, whatever way the name leads to it, and leaves it as it is.
void keeps_others(const Place& place, const std::string& command, const std::string& name) {
  for (const std::string& other : kOthers) {
    CAPTURE(command, name, other);
    place.write("store/theirs", other);
    for (const std::string how : {"cp store/theirs ", "ln -s store/theirs ", "ln store/theirs "}) {
      REQUIRE(place.shell("rm -f " + name + " && " + how + name).exit_code == 0);
      const ProcessResult result = place.ccx(command);
      CHECK(result.exit_code == 2);
      CHECK_THAT(result.err, contains(name) && contains("ccx"));
      CHECK(place.read(name) == other);
      CHECK(place.read("store/theirs") == other);
    }
  }
  // An empty file, as mktemp makes it, is nobody's; and the command takes its own file again.
  REQUIRE(place.shell("rm -f " + name + " && : >" + name).exit_code == 0);
  CHECK(place.ccx(command).exit_code == 0);
  const std::string first = place.read(name);
  CHECK_FALSE(first.empty());
  CHECK(place.ccx(command).exit_code == 0);
  CHECK(place.read(name) == first);
}

}  // namespace

TEST_CASE("pages, lists of scores and dumps replace their like and nothing else") {
  const Place place;
  keeps_others(place, "report c.jsonl --no-meteor --out page.html", "page.html");
  keeps_others(place, "report run --out page.html", "page.html");
  CHECK(place.ccx("report c.jsonl --no-meteor --out page.html").exit_code == 0);  // over the run's page
  keeps_others(place, "eval --pred c.jsonl --no-meteor --per-pair scores", "scores");
  CHECK(place.ccx("report c.jsonl --no-meteor --out scores").exit_code == 2);  // a list of scores is no page
}

TEST_CASE("a dump of tensors replaces a dump and nothing else") {
  test::needs_command("inspect");
  const Place place;
  const std::string images = quoted((test::data_dir() / "reference/images").string());
  const std::string command = "inspect --model model --max-new-tokens 2 --before " + images + "/pair0_A.png --after " +
                              images + "/pair0_B.png --dump ";
  place.write("theirs", "mine");
  for (const std::string name : {"theirs", "model/model.safetensors"}) {
    const std::string before = place.read(name);
    CHECK(place.ccx(command + name).exit_code == 2);
    CHECK(place.read(name) == before);
  }
  const ProcessResult inside = place.ccx(command + "model/dump.safetensors");
  CHECK(inside.exit_code == 2);
  CHECK_THAT(inside.err, contains("lies in the model"));
  CHECK(place.ccx(command + "dump").exit_code == 0);
  CHECK(place.ccx(command + "dump").exit_code == 0);
  CHECK(place.shell("cp dump theirs").exit_code == 0);
  CHECK(place.ccx(command + "theirs").exit_code == 0);
}

TEST_CASE("captions and their sidecar replace captions and sidecars alone, whatever is asked for") {
  const test::CaptionCase c(2);
  const auto shell = [&](const std::string& line) {
    return test::run_shell("cd " + quoted(c.path().string()) + " && " + line);
  };
  for (const std::string& other : kOthers) {
    for (const std::string more : {"", "--overwrite", "--resume"}) {
      CAPTURE(other, more);
      write_file(c / "c.jsonl", other);
      const ProcessResult result = c.caption(more);
      CHECK(result.exit_code == 2);
      CHECK_THAT(result.err, contains("c.jsonl is there already and is no captions file"));
      CHECK(c.output() == other);
      CHECK_FALSE(fs::exists(c / "c.jsonl.run.json"));
    }
    REQUIRE(shell("rm c.jsonl").exit_code == 0);
    write_file(c / "c.jsonl.run.json", other);
    const ProcessResult result = c.caption("--overwrite");
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("c.jsonl.run.json is there already and is no record of a run"));
    CHECK(c.output("c.jsonl.run.json") == other);
    CHECK_FALSE(fs::exists(c / "c.jsonl"));
    REQUIRE(shell("rm c.jsonl.run.json").exit_code == 0);
  }
  // Its own, of any format, and of nothing but failures, are taken again.
  for (const std::string name : {"c.jsonl", "c.csv", "c.tsv"}) {
    const std::string command = "caption --in pairs --model model --no-timings --overwrite --out " + name;
    CHECK(c.ccx(command).exit_code == 0);
    CHECK(c.ccx(command + " --format tsv").exit_code == 0);
    CHECK(c.ccx(command + " --format jsonl").exit_code == 0);
  }
  REQUIRE(shell("rm pairs/B/*.png && rm -f c.jsonl*").exit_code == 0);
  CHECK(c.caption().exit_code == 3);
  CHECK(c.caption("--overwrite").exit_code == 3);
}

TEST_CASE("no output of a captioning run is one of its inputs, under whatever name") {
  const test::CaptionCase c(3);
  const std::string list = c.ccx("caption --in pairs --dry-run -q").out;
  write_file(c / "list.jsonl", list);
  REQUIRE(c.caption().exit_code == 0);
  const std::string captions = c.output();
  REQUIRE(test::run_shell("cd " + quoted(c.path().string()) +
                          " && ln list.jsonl hard.jsonl && ln -s list.jsonl soft.jsonl && mkdir sub && "
                          "ln -s model m2 && ln -s pairs/A/001.png picture")
              .exit_code == 0);
  const std::vector<std::string> commands = {
      "--in pairs --out pairs/A/001.png",
      "--in pairs --out picture",
      "--in list.jsonl --out list.jsonl",
      "--in list.jsonl --out sub/../list.jsonl",
      "--in list.jsonl --out hard.jsonl",
      "--in list.jsonl --out soft.jsonl",
      "--in pairs --out model/config.json",
      "--in pairs --out model/captions.jsonl",
      "--in pairs --out m2/deep.jsonl",
      "--in pairs --out x.jsonl --heatmaps model",
      "--in pairs --out x.jsonl --heatmaps model/heat",
      "pairs/A/001.png pairs/B/001.png --out pairs/B/001.png",
      "--in c.jsonl --out c.jsonl",
  };
  for (const std::string& command : commands) {
    CAPTURE(command);
    const ProcessResult result = c.ccx("caption --model model --overwrite --no-timings " + command);
    INFO(result.err);
    CHECK(result.exit_code == 2);
  }
  CHECK(c.output("list.jsonl") == list);
  CHECK(c.output() == captions);
  CHECK(fs::is_directory(c / "model"));
  CHECK_FALSE(fs::exists(c / "model/heat"));
  CHECK_FALSE(fs::exists(c / "model/captions.jsonl"));
  CHECK_FALSE(fs::exists(c / "x.jsonl"));
}

TEST_CASE("maps are drawn over maps, in a folder of maps as elsewhere") {
  const test::CaptionCase c(3);
  REQUIRE(c.caption("--heatmaps own").exit_code == 0);
  // A user's picture in ccx's folder is a user's.
  const std::string picture = read_file(c / "pairs/A/002.png");
  fs::remove(c / "own/002.npy");
  write_file(c / "own/002.png", picture);
  const ProcessResult refused = c.caption("--heatmaps own --overwrite");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, contains("own/002.png is there already and is nothing that ccx drew"));
  CHECK(read_file(c / "own/002.png") == picture);
  fs::remove(c / "own/002.png");
  CHECK(c.caption("--heatmaps own --overwrite").exit_code == 0);
  fs::remove(c / "own/002.npy");  // the picture knows itself
  CHECK(c.caption("--heatmaps own --overwrite").exit_code == 0);
  // Maps that are captioned as pictures are not drawn over.
  REQUIRE(test::run_shell("cd " + quoted(c.path().string()) +
                          " && mkdir -p heat/A heat/B && cp own/*.png heat/A && cp own/*.png heat/B")
              .exit_code == 0);
  const ProcessResult input =
      c.ccx("caption --in heat --out h.jsonl --model model --heatmaps heat/A --overwrite --no-timings");
  CHECK(input.exit_code == 2);
  CHECK_THAT(input.err, contains("is read by this command"));
}

TEST_CASE("merged captions replace captions alone") {
  const test::CaptionCase c(2);
  REQUIRE(c.caption().exit_code == 0);
  for (const std::string& other : kOthers) {
    CAPTURE(other);
    write_file(c / "all.jsonl", other);
    CHECK(c.ccx("merge c.jsonl --overwrite --out all.jsonl").exit_code == 2);
    CHECK(c.output("all.jsonl") == other);
    fs::remove(c / "all.jsonl");
    write_file(c / "all.jsonl.run.json", other);
    CHECK(c.ccx("merge c.jsonl --overwrite --out all.jsonl").exit_code == 2);
    CHECK(c.output("all.jsonl.run.json") == other);
    CHECK_FALSE(fs::exists(c / "all.jsonl"));
    fs::remove(c / "all.jsonl.run.json");
  }
  CHECK(c.ccx("merge c.jsonl --out all.jsonl").exit_code == 0);
  CHECK(c.ccx("merge c.jsonl --overwrite --out all.jsonl").exit_code == 0);
  CHECK(c.ccx("merge c.jsonl --overwrite --in all.jsonl --out all.jsonl").exit_code == 2);
}

TEST_CASE("a converted list goes to stdout, pipes and devices, and over no file") {
  const Place place;
  place.write("l.jsonl", "{\"id\":\"a\",\"before\":\"a.png\",\"after\":\"b.png\",\"references\":[\"a road\"]}\n");
  const std::string command = "data convert l.jsonl --to jsonl --out ";
  REQUIRE(place.ccx(command + "new.jsonl").exit_code == 0);
  const std::string list = place.read("new.jsonl");
  CHECK(place.ccx(command + "-").out == list);
  CHECK_FALSE(fs::exists(place.dir / "-"));
  CHECK(place.ccx(command + "/dev/stdout").out == list);
  CHECK(place.ccx(command + "/dev/null").exit_code == 0);
  CHECK(place.ccx(command + "- >/dev/full").exit_code == 1);
  for (const std::string name : {"new.jsonl", "l.jsonl"}) {
    const std::string before = place.read(name);
    const ProcessResult result = place.ccx(command + name);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains(name + " is there already"));
    CHECK(place.read(name) == before);
  }
  CHECK(place.ccx("data convert l.jsonl --to universal --images copy --out -").exit_code == 2);
}

TEST_CASE("checkpoints and exports are not written into the model that they are made from") {
  const Place place;
  const std::string before = place.read("model/config.json");
  std::vector<std::string> commands = {"export --model model --out model/web",
                                       "export --model model --out model --overwrite"};
  if (test::has_command("quantize")) {
    commands.insert(commands.end(), {"quantize model --out model/small", "quantize model --out model --overwrite",
                                     "average model --out model/mean",
                                     "train --stage 3 --model model --data scenes:4@1 --max-steps 1 --out model/run"});
  }
  for (const std::string& command : commands) {
    CAPTURE(command);
    const ProcessResult result = place.ccx(command);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("the model"));
  }
  CHECK(place.read("model/config.json") == before);
  CHECK(std::distance(fs::directory_iterator(place.dir / "model"), {}) == 4);
}
