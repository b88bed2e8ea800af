// `ccx caption` as a user meets it: records, options, resuming, shards.
#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::write_file;
using ccx::test::write_picture;

TEST_CASE("a directory of pairs becomes a line a pair, in order, with a sidecar") {
  const CaptionCase c(5);
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, contains("5 of 5 pairs captioned") && contains("pairs/s"));
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 5);
  CHECK_THAT(lines[0], contains(R"({"id":"000","before":"pairs/A/000.png","after":"pairs/B/000.png","caption":")"));
  CHECK_THAT(lines[4], contains(R"({"id":"004",)"));
  const std::string sidecar = c.output("c.jsonl.run.json");
  CHECK_THAT(sidecar, contains(R"("status": "complete")") && contains(R"("captioned": 5)") &&
                          contains(R"("sha256": "9a129038)") && contains(R"("seed": 42)") &&
                          contains(R"("pairs_per_second")"));
}

TEST_CASE("equal runs give equal bytes, whatever the batch size and the number of devices") {
  const CaptionCase c(17);
  c.caption("--batch 1");
  const std::string reference = c.output();
  for (const std::string options : {"--batch 3", "--batch 64", "--batch auto --readers 4"}) {
    c.caption("--overwrite " + options, "FAKE_DEVICES=3 FAKE_MS=1");
    CHECK(c.output() == reference);
  }
}

TEST_CASE("captions go to stdout and nothing else does") {
  const CaptionCase c(3);
  c.caption();
  const ProcessResult result = c.ccx("caption --in pairs --out - --model model --no-timings");
  CHECK(result.exit_code == 0);
  CHECK(result.out == c.output());
  CHECK_THAT(result.err, contains("3 of 3"));
}

TEST_CASE("timings are in the records unless they are left out") {
  const CaptionCase c(1);
  CHECK_THAT(c.ccx("caption --in pairs --out - --model model").out,
             contains(R"("ms":{"read":)") && contains(R"("vision":1.2,"prefill":2.5,"decode":3.8)"));
  CHECK(c.ccx("caption --in pairs --out - --model model --no-timings").out.find("\"ms\"") == std::string::npos);
}

TEST_CASE("options of generation reach the model") {
  const CaptionCase c(2);
  c.caption();
  const std::string greedy = c.output();
  c.caption("--overwrite --temperature 0.7");
  const std::string sampled = c.output();
  CHECK(sampled != greedy);
  c.caption("--overwrite --temperature 0.7 --seed 43");
  CHECK(c.output() != sampled);
  c.caption("--overwrite --no-p-change");
  CHECK(c.output().find("p_change") == std::string::npos);
}

TEST_CASE("heatmaps appear under the ids and in the records") {
  const CaptionCase c;
  write_picture(c / "pairs/s p/A/x.png", 1, 30, 20);
  write_picture(c / "pairs/s p/B/x.png", 2, 30, 20);
  CHECK(c.caption("--heatmaps heat").exit_code == 0);
  CHECK_THAT(c.output(), contains(R"("heatmap":"heat/s p/x.png"})"));
  CHECK(std::filesystem::exists(c / "heat/s p/x.png"));
  CHECK(std::filesystem::exists(c / "heat/s p/x.npy"));
}

TEST_CASE("one bad pair neither stops nor changes another, and the exit code says that some failed") {
  const CaptionCase good(8);
  good.caption();
  const auto reference = lines_of(good.output());
  const CaptionCase c(8);
  write_file(c / "pairs/A/002.png", "not an image");
  std::filesystem::remove(c / "pairs/B/005.png");
  const ProcessResult result = c.caption("", "FAKE_BROKEN=006");
  CHECK(result.exit_code == 3);
  CHECK_THAT(result.err, contains("5 of 8 pairs captioned, 3 failed (decode_image 1, internal 1, missing_after 1)"));
  const auto lines = lines_of(c.output());
  REQUIRE(lines.size() == 8);
  for (const std::size_t i : {0, 1, 3, 4, 7}) CHECK(lines[i] == reference[i]);
  CHECK_THAT(lines[2], contains(R"("error":{"code":"decode_image","message":")") && contains("pairs/A/002.png"));
  CHECK_THAT(lines[5], contains(R"("after":null,"error":{"code":"missing_after")") && contains("pairs/B"));
  CHECK_THAT(lines[6], contains(R"("error":{"code":"internal","message":"fake device: cannot compute this")"));
}

TEST_CASE("an out-of-memory halves the batch, says so and changes nothing") {
  const CaptionCase c(9);
  c.caption();
  const std::string reference = c.output();
  const ProcessResult result = c.caption("--overwrite --batch 8", "FAKE_MEMORY_FOR=2");
  CHECK(result.exit_code == 0);
  CHECK(c.output() == reference);
  CHECK_THAT(result.err, contains("out of memory on fake:0 with 8 pairs at once: going on with 4"));
  const ProcessResult single = c.caption("--overwrite", "FAKE_TOO_BIG=003");
  CHECK(single.exit_code == 3);
  CHECK_THAT(lines_of(c.output())[3], contains(R"("code":"out_of_memory")"));
}

TEST_CASE("images of two sizes are captioned, each resized on its own, and that is said") {
  const CaptionCase c(1);
  write_picture(c / "pairs/B/000.png", 7, 31, 17);
  const ProcessResult result = c.caption();
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, contains("1 pair has images of two sizes"));
}

TEST_CASE("a finished run is not begun again by accident, resumed for nothing, or continued with other options") {
  const CaptionCase c(4);
  c.caption();
  const std::string reference = c.output();
  const ProcessResult again = c.caption();
  CHECK(again.exit_code == 2);
  CHECK_THAT(again.err, contains("c.jsonl is there already") && contains("--resume") && contains("--overwrite"));
  CHECK(c.ccx("caption --in ./pairs/ --out c.jsonl --model model/ --no-timings --resume").exit_code == 0);
  // Nothing is left to do: the model is not even loaded.
  CHECK(c.caption("--resume", "FAKE_NO_MODEL=1").exit_code == 0);
  const ProcessResult other = c.caption("--resume --max-new-tokens 5", "FAKE_NO_MODEL=1");
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, contains("max_new_tokens was 128 and is 5"));
  write_file(c / "model/model.safetensors", "others!");
  write_picture(c / "pairs/A/zz.png", 90);
  write_picture(c / "pairs/B/zz.png", 91);
  CHECK_THAT(c.caption("--resume").err, contains("the model's weights (sha256) was"));
  CHECK(c.output() == reference);
}

TEST_CASE("resuming goes by id: an input that grew is filled in, one that shrank or moved is refused") {
  const CaptionCase c(6);
  std::filesystem::create_directories(c / "aside");
  for (const std::string side : {"A", "B"}) {
    std::filesystem::rename(c / ("pairs/" + side + "/002.png"), c / ("aside/" + side + ".png"));
  }
  c.caption();
  for (const std::string side : {"A", "B"}) {
    std::filesystem::rename(c / ("aside/" + side + ".png"), c / ("pairs/" + side + "/002.png"));
  }
  CHECK(c.caption("--resume").exit_code == 0);
  const std::string resumed = c.output();
  c.caption("--overwrite");
  CHECK(resumed == c.output());

  const ProcessResult fewer = c.caption("--resume --limit 3");
  CHECK(fewer.exit_code == 2);
  CHECK_THAT(fewer.err, contains("holds '003', which is not among the pairs"));
  std::filesystem::rename(c / "pairs", c / "moved");
  const ProcessResult moved = c.ccx("caption --in moved --out c.jsonl --model model --no-timings --resume");
  CHECK(moved.exit_code == 2);
  CHECK_THAT(moved.err, contains("pairs/A/000.png") && contains("moved/A/000.png"));
}

TEST_CASE("failed pairs are tried again when asked, and the file is then as if they had never failed") {
  const CaptionCase c(7);
  CHECK(c.caption("", "FAKE_BROKEN='001 005'").exit_code == 3);
  const std::string with_failures = c.output();
  CHECK(c.caption("--resume").exit_code == 3);  // resuming alone keeps them
  CHECK(c.output() == with_failures);
  CHECK(c.caption("--retry-failed", "FAKE_BROKEN=005").exit_code == 3);
  CHECK(lines_of(c.output())[5].find("\"error\"") != std::string::npos);
  CHECK(c.caption("--retry-failed").exit_code == 0);
  const std::string retried = c.output();
  c.caption("--overwrite");
  CHECK(retried == c.output());
}

TEST_CASE("captions without their sidecar are not continued") {
  const CaptionCase c(2);
  c.caption();
  std::filesystem::remove(c / "c.jsonl.run.json");
  const ProcessResult result = c.caption("--resume");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, contains("c.jsonl.run.json"));
}

TEST_CASE("a dry run loads no model, prints a manifest and the problems, and tells by its exit code") {
  const CaptionCase c(3);
  const ProcessResult clean = c.ccx("caption --in pairs --dry-run");
  CHECK(clean.exit_code == 0);
  CHECK(lines_of(clean.out)[1] == R"({"id":"001","before":"pairs/A/001.png","after":"pairs/B/001.png"})");
  CHECK_THAT(clean.err, contains("3 pairs (layout: folders), 0 would fail"));
  // What it prints is a manifest.
  write_file(c / "list.jsonl", clean.out);
  CHECK(c.ccx("caption --in list.jsonl --out - --model model --no-timings").out ==
        c.ccx("caption --in pairs --out - --model model --no-timings").out);
  write_file(c / "pairs/A/001.png", "");
  const ProcessResult problem = c.ccx("caption --in pairs --dry-run");
  CHECK(problem.exit_code == 3);
  CHECK_THAT(lines_of(problem.out)[1], contains(R"("error":{"code":"decode_image")"));
  CHECK_FALSE(std::filesystem::exists(c / "c.jsonl"));
}

TEST_CASE("progress for programs is JSON lines on stderr, and quiet is quiet") {
  const CaptionCase c(3);
  const auto lines = lines_of(c.caption("--log-json").err);
  REQUIRE(lines.size() >= 4);
  for (const std::string& line : lines) CHECK(line.substr(0, 10) == R"({"event":")");
  CHECK_THAT(lines.back(), contains(R"("event":"end","total":3,"captioned":3,"failed":0)"));
  CHECK(c.caption("--overwrite --quiet").err.empty());
}

TEST_CASE("a limit and a split choose pairs") {
  const CaptionCase c(5);
  CHECK(c.caption("--limit 2").exit_code == 0);
  CHECK(lines_of(c.output()).size() == 2);
  // More of the same input, later.
  CHECK(c.caption("--limit 4 --resume").exit_code == 0);
  CHECK(lines_of(c.output()).size() == 4);
}

TEST_CASE("options that make no sense are refused before anything is read") {
  const CaptionCase c(1);
  for (const std::string options : {"--batch 0",
                                    "--batch x",
                                    "--batch 2x",
                                    "--dtype fp8",
                                    "--beams 0",
                                    "--limit 0",
                                    "--limit -1",
                                    "--top-p 0",
                                    "--top-p 1.5",
                                    "--temperature 0",
                                    "--max-new-tokens 0",
                                    "--threads -1",
                                    "--shard 3",
                                    "--shard 9/2",
                                    "--shard auto",
                                    "--resume --overwrite",
                                    "--layout zip",
                                    "--beams 2 --top-p 0.5",
                                    "--beams 2 --candidates 3",
                                    "--candidates 65",
                                    "--seed x",
                                    "--nonsense"}) {
    const ProcessResult result = c.caption(options);
    INFO(options);
    CHECK(result.exit_code == 2);
    CHECK_FALSE(result.err.empty());
    CHECK_FALSE(std::filesystem::exists(c / "c.jsonl"));
  }
  const ProcessResult no_out = c.ccx("caption --in pairs --model model");
  CHECK(no_out.exit_code == 2);
  CHECK_THAT(no_out.err, contains("--out is required"));
}
