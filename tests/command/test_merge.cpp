// `ccx merge` joins shards to the file of one run, or names what is wrong with them.
#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::write_file;

namespace {

void run_shards(const CaptionCase& c, int count, const std::string& input = "pairs") {
  for (int i = 0; i < count; ++i) {
    const std::string index = std::to_string(i);
    c.ccx("caption --in " + input + " --model model --no-timings --out s" + index + ".jsonl --shard " + index + "/" +
          std::to_string(count));
  }
}

void drop_line(const CaptionCase& c, const std::string& file, std::size_t dropped) {
  std::string kept;
  const auto lines = lines_of(c.output(file));
  for (std::size_t i = 0; i < lines.size(); ++i) kept += i == dropped ? "" : lines[i] + "\n";
  write_file(c / file, kept);
}

}  // namespace

TEST_CASE("merged shards are the file of one run, in order, with a sidecar that can be resumed") {
  const CaptionCase c(25);
  write_file(c / "pairs/A/003.png", "no image");
  c.caption();
  run_shards(c, 3);
  const ProcessResult result = c.ccx("merge s2.jsonl s0.jsonl s1.jsonl --out all.jsonl");
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, contains("25 records, 1 of them failed from 3 files: all.jsonl"));
  CHECK(c.output("all.jsonl") == c.output());
  CHECK_THAT(c.output("all.jsonl.run.json"), contains(R"("captioned": 24)") && contains(R"("count": 1)"));
  CHECK(c.ccx("caption --in pairs --model model --no-timings --out all.jsonl --resume", "FAKE_NO_MODEL=1").exit_code ==
        3);
  CHECK(c.ccx("merge s0.jsonl s1.jsonl s2.jsonl --out - --in pairs").out == c.output());
}

TEST_CASE("a shard that is given twice, or holds an id twice, is told as such") {
  const CaptionCase c(4);
  run_shards(c, 2);
  CHECK_THAT(c.ccx("merge s0.jsonl s1.jsonl s1.jsonl --out all.jsonl").err,
             contains("s1.jsonl is given twice: name every file once"));
  CHECK_THAT(c.ccx("merge s0.jsonl s1.jsonl ./s1.jsonl --out all.jsonl").err,
             contains("./s1.jsonl is given twice, as s1.jsonl too"));
  write_file(c / "s0.jsonl", c.output("s0.jsonl") + c.output("s0.jsonl"));
  CHECK_THAT(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl").err, contains("3 ids stand twice in s0.jsonl"));
}

TEST_CASE("shards of a job array, one of them empty, are an exact partition") {
  const CaptionCase c(3);
  c.caption();
  for (int i = 1; i <= 8; ++i) {
    const std::string index = std::to_string(i);
    const ProcessResult result =
        c.ccx("caption --in pairs --model model --no-timings --shard auto --out s" + index + ".jsonl",
              "SLURM_ARRAY_TASK_ID=" + index + " SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=8");
    CHECK(result.exit_code == 0);
  }
  CHECK(c.ccx("merge s?.jsonl --out all.jsonl").exit_code == 0);
  CHECK(c.output("all.jsonl") == c.output());
}

TEST_CASE("the order of a manifest is restored") {
  const CaptionCase c(6);
  std::string manifest;
  for (const char* id : {"4", "1", "5", "0", "3", "2"}) {
    manifest += std::string("{\"id\":\"") + id + "\",\"before\":\"pairs/A/00" + id + ".png\",\"after\":\"pairs/B/00" +
                id + ".png\"}\n";
  }
  write_file(c / "m.jsonl", manifest);
  c.ccx("caption --in m.jsonl --model model --no-timings --out c.jsonl");
  run_shards(c, 2, "m.jsonl");
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl").exit_code == 0);
  CHECK(c.output("all.jsonl") == c.output());
  std::filesystem::rename(c / "m.jsonl", c / "n.jsonl");
  const ProcessResult without = c.ccx("merge s0.jsonl s1.jsonl --out all2.jsonl");
  CHECK(without.exit_code == 2);
  CHECK_THAT(without.err, contains("m.jsonl") && contains("--in"));
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all2.jsonl --in n.jsonl").exit_code == 0);
  CHECK(c.output("all2.jsonl") == c.output());
}

TEST_CASE("what is missing, double or foreign is named, and nothing is written") {
  const CaptionCase c(20);
  run_shards(c, 2);
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    const ProcessResult result = c.ccx("merge --out all.jsonl " + arguments);
    INFO(arguments << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains(message));
    CHECK_FALSE(std::filesystem::exists(c / "all.jsonl"));
  };
  const auto second = lines_of(c.output("s1.jsonl"));
  const std::string lost = second[1].substr(7, 3);

  refused("s0.jsonl", "1 of the 2 shards is not among the files: 1/2; missing: ");
  refused("s0.jsonl", "'" + lost + "'");
  refused("s0.jsonl s0.jsonl", "s0.jsonl is given twice");
  refused("s0.jsonl nowhere.jsonl", "nowhere.jsonl");

  drop_line(c, "s1.jsonl", 1);
  refused("s0.jsonl s1.jsonl", "missing: '" + lost + "'");
  write_file(c / "s1.jsonl", c.output("s1.jsonl") + second[1]);
  refused("s0.jsonl s1.jsonl", "the last line is cut");
  write_file(c / "s1.jsonl", c.output("s1.jsonl") + "\n");
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out -").exit_code == 0);

  std::filesystem::create_directories(c / "fewer/A");
  refused("s0.jsonl s1.jsonl --in fewer", "fewer holds no images");
  write_file(c / "fewer/A/000.png", "");
  write_file(c / "fewer/B/000.png", "");
  refused("s0.jsonl s1.jsonl --in fewer", "that fewer does not hold: ");

  c.ccx("caption --in pairs --model model --no-timings --overwrite --out s1.jsonl --shard 1/2 --beams 2");
  refused("s0.jsonl s1.jsonl", "come from different runs: num_beams was 1 and is 2");
  c.ccx("caption --in pairs --model model --no-timings --overwrite --out s1.jsonl --shard 1/2 --limit 10");
  refused("s0.jsonl s1.jsonl", "are not shards of one run");
}

TEST_CASE("files without sidecars are merged against the input alone") {
  const CaptionCase c(6);
  c.caption();
  run_shards(c, 2);
  std::filesystem::remove(c / "s1.jsonl.run.json");
  const ProcessResult blind = c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl");
  CHECK(blind.exit_code == 2);
  CHECK_THAT(blind.err, contains("s1.jsonl has no s1.jsonl.run.json") && contains("--in"));
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl --in pairs").exit_code == 0);
  CHECK(c.output("all.jsonl") == c.output());
  drop_line(c, "s1.jsonl", 0);
  const ProcessResult missing = c.ccx("merge s0.jsonl s1.jsonl --out all2.jsonl --in pairs");
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, contains("1 of the 6 pairs of pairs have no record: '"));
}

TEST_CASE("a merge does not overwrite captions without being told, nor other files, nor its own shards") {
  const CaptionCase c(4);
  run_shards(c, 2);
  write_file(c / "all.jsonl", "precious\n");
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl").exit_code == 2);
  CHECK(c.output("all.jsonl") == "precious\n");
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl --overwrite").exit_code == 2);
  CHECK(c.output("all.jsonl") == "precious\n");
  write_file(c / "all.jsonl", c.output("s0.jsonl"));
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl").exit_code == 2);
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl --overwrite").exit_code == 0);
  CHECK(lines_of(c.output("all.jsonl")).size() == 4);
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out s1.jsonl --overwrite").exit_code == 2);
}
