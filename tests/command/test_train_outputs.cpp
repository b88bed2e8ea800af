// What `ccx train` and `ccx average` may write to, and what they never remove.
#include "core/io/directory_kind.h"
#include "tests/command/train_workshop.h"
#include "tests/support/checkpoint.h"

using namespace ccx;
using test::contains;
using test::ProcessResult;
using test::read_file;
using test::Workshop;
using test::write_file;
namespace fs = std::filesystem;

namespace {

void refused(const ProcessResult& result, const std::string& what) {
  INFO(result.err);
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, contains(what));
}

}  // namespace

TEST_CASE("a fresh checkpoint takes no folder that holds anything of another, and nothing beside it") {
  test::needs_command("train");
  const Workshop shop;
  const std::string init = "train --init tiny --tokenizer " + shop.path("tok") + " --out ";
  write_file(shop.dir / "mine/thesis.txt", "five years");
  write_file(shop.dir / "new.old/thesis.txt", "five years");
  write_file(shop.dir / "new.part/thesis.txt", "five years");
  for (const std::string more : {"", " --overwrite"}) refused(shop.run(init + shop.path("mine") + more), "thesis.txt");
  CHECK(read_file(shop.dir / "mine/thesis.txt") == "five years");
  CHECK(shop.run(init + shop.path("new")).exit_code == 0);
  CHECK(shop.run("info " + shop.path("new")).exit_code == 0);
  refused(shop.run(init + shop.path("new")), "--overwrite");
  CHECK(shop.run(init + shop.path("new") + " --seed 5 --overwrite").exit_code == 0);
  CHECK(read_file(shop.dir / "new.old/thesis.txt") == "five years");
  CHECK(read_file(shop.dir / "new.part/thesis.txt") == "five years");
  // A checkpoint that somebody else made, and one of ours with something added.
  test::edited_checkpoint(shop.dir / "theirs");
  refused(shop.run(init + shop.path("theirs") + " --overwrite"), "no earlier checkpoint");
  write_file(shop.dir / "new/captions.jsonl", "{}\n");
  refused(shop.run(init + shop.path("new") + " --overwrite"), "captions.jsonl");
  CHECK(fs::exists(shop.dir / "new/captions.jsonl"));
  refused(shop.run(shop.training("run", "--overwrite")), "--overwrite");
}

TEST_CASE("an average leaves what is not its own, and does not replace what it averages") {
  test::needs_command("train");
  const Workshop shop;
  write_file(shop.dir / "mean.old/thesis.txt", "five years");
  const std::string average = "average " + shop.path("base") + " " + shop.path("base") + " --out ";
  CHECK(shop.run(average + shop.path("mean")).exit_code == 0);
  CHECK(shop.run(average + shop.path("mean") + " --overwrite").exit_code == 0);
  CHECK(read_file(shop.dir / "mean.old/thesis.txt") == "five years");
  refused(shop.run(average + shop.path("mean")), "is there already");
  refused(shop.run(average + shop.path("base") + " --overwrite"), "which this command reads");
  refused(shop.run(average + shop.path("mean.old") + " --overwrite"), "thesis.txt");
}

TEST_CASE("a run begins in no folder that holds a file of a run's name from somewhere else") {
  test::needs_command("train");
  const Workshop shop;
  for (const std::string name :
       {"metrics.jsonl", "run.json", "checkpoints/notes.txt", "last/notes.txt", "best", "config.json"}) {
    CAPTURE(name);
    fs::remove_all(shop.dir / "d");
    write_file(shop.dir / "d" / name, "{\"mine\": 1}\n");
    for (const std::string more : {"--max-steps 1", "--max-steps 1 --resume auto"}) {
      refused(shop.run(shop.training("d", more)), name.substr(0, name.find('/')));
    }
    CHECK(read_file(shop.dir / "d" / name) == "{\"mine\": 1}\n");
    CHECK(std::distance(fs::directory_iterator(shop.dir / "d"), {}) == 1);
  }
  refused(shop.run(shop.training("base", "--max-steps 1")), "base");
}

TEST_CASE("a run lives beside other files in its folder, and pruning removes only what it wrote") {
  test::needs_command("train");
  const Workshop shop;
  write_file(shop.dir / "run/slurm-7.log", "log");
  const std::string options = "--max-steps 3 --save-steps 1 ";
  REQUIRE(shop.run(shop.training("run", options + "--keep 3")).exit_code == 0);
  refused(shop.run(shop.training("run", options)), "holds a run already");
  // As if the last checkpoint had not been reached; then a user's file in a checkpoint, and folders of such names.
  fs::remove_all(shop.dir / "run/checkpoints/step-00000003");
  fs::remove(shop.dir / "run/last");
  fs::create_symlink("checkpoints/step-00000002", shop.dir / "run/last");
  write_file(shop.dir / "run/checkpoints/step-00000001/captions.jsonl", "mine");
  write_file(shop.dir / "run/checkpoints/step-notes/a.txt", "mine");
  write_file(shop.dir / "run/checkpoints/step-00000000/config.json", "mine");
  const ProcessResult more = shop.run(shop.training("run", options + "--keep 1 --resume auto"));
  INFO(more.err);
  REQUIRE(more.exit_code == 0);
  CHECK_THAT(more.err, contains("step-00000001") && contains("stays"));
  CHECK(io::all_files(shop.dir / "run/checkpoints/step-00000001") == io::FileNames{"captions.jsonl"});
  CHECK_FALSE(fs::exists(shop.dir / "run/checkpoints/step-00000002"));
  CHECK(fs::exists(shop.dir / "run/checkpoints/step-00000003/model.safetensors"));
  CHECK(read_file(shop.dir / "run/checkpoints/step-notes/a.txt") == "mine");
  CHECK(read_file(shop.dir / "run/checkpoints/step-00000000/config.json") == "mine");
  CHECK(read_file(shop.dir / "run/slurm-7.log") == "log");
}

TEST_CASE("a run that ended before its first checkpoint begins again with --resume auto alone") {
  test::needs_command("train");
  const Workshop shop;
  REQUIRE(shop.run(shop.training("run", "--max-steps 2")).exit_code == 0);
  fs::remove_all(shop.dir / "run/checkpoints");
  fs::remove(shop.dir / "run/last");
  refused(shop.run(shop.training("run", "--max-steps 2")), "--resume auto");
  CHECK(shop.log("run").size() == 2);
  CHECK(shop.run(shop.training("run", "--max-steps 2 --resume auto")).exit_code == 0);
  CHECK(shop.log("run").size() == 2);
  // A run of an earlier version, whose folder has no mark.
  fs::remove(shop.dir / "run/.ccx.json");
  CHECK(shop.run(shop.training("run", "--max-steps 2 --resume auto")).exit_code == 0);
}
