// `ccx caption` given pairs by hand: two images, two folders, globs, a pattern, series of dates.
#include <filesystem>
#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/rasters.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::write_picture;

namespace {

// What --dry-run prints, but for warnings: these pictures are all alike.
std::vector<std::string> dry_lines(const ProcessResult& result) {
  std::vector<std::string> lines = lines_of(result.out);
  for (std::string& line : lines) {
    const std::size_t warnings = line.find(",\"warnings\":");
    if (warnings != std::string::npos) line = line.substr(0, warnings) + "}";
  }
  return lines;
}

}  // namespace

TEST_CASE("two images give their caption on stdout and nothing else") {
  const CaptionCase c;
  write_picture(c / "before.png", 1, 30, 20);
  write_picture(c / "after.png", 2, 30, 20);
  const ProcessResult result = c.ccx("caption before.png after.png --model model");
  CHECK(result.exit_code == 0);
  REQUIRE(lines_of(result.out).size() == 1);
  CHECK(result.out[0] != '{');
  CHECK(result.err.empty());

  const ProcessResult record = c.ccx("caption before.png after.png --model model --no-timings --out -");
  CHECK_THAT(record.out, contains(R"({"id":"before","before":"before.png","after":"after.png","caption":")"));
  CHECK_THAT(record.out, contains(result.out.substr(0, result.out.size() - 1)));
  CHECK(c.ccx("caption --before before.png --after after.png --model model").out == result.out);
  CHECK(c.ccx("caption before.png after.png --model model --no-timings --out c.jsonl").exit_code == 0);
  CHECK(c.output() == record.out);
}

TEST_CASE("a pair by hand that cannot be captioned says why, and prints no caption") {
  const CaptionCase c;
  write_picture(c / "before.png", 1, 30, 20);
  ccx::test::write_file(c / "broken.png", "no picture");
  const ProcessResult missing = c.ccx("caption before.png nothing.png --model model");
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, contains("nothing.png"));
  const ProcessResult broken = c.ccx("caption before.png broken.png --model model");
  CHECK(broken.exit_code == 3);
  CHECK(broken.out.empty());
  CHECK_THAT(broken.err, contains("broken.png"));
  CHECK_THAT(c.ccx("caption before.png --after before.png --model model").err, contains("--before is missing"));
  CHECK_THAT(c.ccx("caption --model model --out c.jsonl").err, contains("ccx caption before.tif after.tif"));
  CHECK_THAT(c.ccx("caption --before before.png --model model").err, contains("--after is missing"));
}

TEST_CASE("one picture alone is told that two are needed, and one that may hold both dates how to split it") {
  const CaptionCase c;
  write_picture(c / "x.png", 1, 30, 20);
  for (const char* command : {"caption x.png", "caption x.png --out -", "caption --in x.png --dry-run"}) {
    const ProcessResult one = c.ccx(std::string(command) + " --model model");
    CAPTURE(command);
    CHECK(one.exit_code == 2);
    CHECK_THAT(one.err, contains("x.png is one picture") && contains("ccx caption before.tif after.tif"));
  }
  ccx::test::RasterSpec stack = ccx::test::scene_raster();
  stack.bands = 6;
  ccx::test::write_raster(c / "stack.tif", stack);
  CHECK_THAT(c.ccx("caption stack.tif --model model").err,
             contains("one picture, of 6 bands") && contains("gdal_translate -b 1 -b 2 -b 3"));
}

TEST_CASE("a Zarr store is told from a folder of pictures") {
  const CaptionCase c;
  for (const char* name : {"a.zarr", "b.zarr"}) ccx::test::write_file(c / name / ".zgroup", "{}");
  for (const char* command : {"caption a.zarr b.zarr --dry-run", "caption --in a.zarr --dry-run"}) {
    const ProcessResult result = c.ccx(command);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("a.zarr: it is a Zarr directory") && contains("gdal_translate"));
  }
}

TEST_CASE("wildcards that the shell replaced are to be put in quotes") {
  const CaptionCase c;
  for (const char* name : {"A/x.png", "A/y.png", "A/z.png", "B/x.png", "B/y.png", "B/z.png"}) {
    write_picture(c / name, 1, 30, 20);
  }
  for (const char* command :
       {"caption --before A/*.png --after B/*.png", "caption A/*.png B/*.png", "caption --in A/*.png",
        "caption --before A/[xy].png --after B/[xy].png", "caption A/*.png"}) {
    const ProcessResult result = c.ccx(std::string(command) + " --dry-run");
    CAPTURE(command);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, contains("in quotes"));
  }
  CHECK(c.ccx("caption --before 'A/*.png' --after 'B/*.png' --dry-run").exit_code == 0);
}

TEST_CASE("two folders pair by the names in them, and one word names the input as --in does") {
  const CaptionCase c;
  for (const char* folder : {"ref", "new"}) {
    write_picture(c / folder / "x.png", 1, 30, 20);
    write_picture(c / folder / "sub/y.png", 2, 30, 20);
  }
  const ProcessResult folders = c.ccx("caption ref new --dry-run");
  CHECK(folders.exit_code == 0);
  CHECK(dry_lines(folders) ==
        std::vector<std::string>{R"({"id":"sub/y","before":"ref/sub/y.png","after":"new/sub/y.png"})",
                                 R"({"id":"x","before":"ref/x.png","after":"new/x.png"})"});
  write_picture(c / "pairs/A/x.png", 1, 30, 20);
  write_picture(c / "pairs/B/x.png", 1, 30, 20);
  CHECK(c.ccx("caption pairs --dry-run").out == c.ccx("caption --in pairs --dry-run").out);
}

TEST_CASE("globs and patterns tell of names that no rule knows") {
  const CaptionCase c;
  for (const char* name : {"x_ref.png", "x_cur.png", "y_ref.png", "y_cur.png", "other.png"}) {
    write_picture(c / "in" / name, 1, 30, 20);
  }
  const std::vector<std::string> expected = {R"({"id":"x","before":"in/x_ref.png","after":"in/x_cur.png"})",
                                             R"({"id":"y","before":"in/y_ref.png","after":"in/y_cur.png"})"};
  CHECK(dry_lines(c.ccx("caption --in in --before '*_ref.png' --after '*_cur.png' --dry-run")) == expected);
  CHECK(dry_lines(c.ccx("caption --before 'in/*_ref.png' --after 'in/*_cur.png' --dry-run")) == expected);
  // 'cur' stands before 'ref' in byte order, which is said.
  const ProcessResult pattern = c.ccx("caption --in in --pair-pattern '(.)_(ref|cur)[.]png' --dry-run");
  CHECK_THAT(pattern.out, contains(R"("before":"in/x_cur.png","after":"in/x_ref.png")"));
  CHECK_THAT(pattern.err, contains("does not say which is first") && contains("1 image that"));
  CHECK(c.ccx("caption --in in --pair-pattern '(.)_ref.png' --dry-run").exit_code == 2);
  CHECK_THAT(c.ccx("caption --in in --pair-pattern '(.)_([ref' --dry-run").err, contains("regular expression"));
  CHECK_THAT(c.ccx("caption --in in --before '*_a.png' --after '*_cur.png' --dry-run").err,
             contains("matches no image"));
}

TEST_CASE("a place with three dates asks for --series, and then its pairs carry their dates") {
  const CaptionCase c;
  for (const char* year : {"2018", "2019", "2021"}) {
    write_picture(c / "in/site" / (std::string(year) + ".png"), 1, 30, 20);
  }
  const ProcessResult refused = c.ccx("caption --in in --dry-run");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, contains("--series") && contains("2018, 2019, 2021"));
  CHECK(lines_of(c.ccx("caption --in in --series consecutive --dry-run").out).size() == 2);
  CHECK_THAT(c.ccx("caption --in in --series first-last --dry-run").out, contains(R"({"id":"site/2018-2021")"));
  CHECK(lines_of(c.ccx("caption --in in --series all --dry-run").out).size() == 3);
  // The sidecar remembers, so that shards of such a run can be joined.
  for (const char* shard : {"0/2", "1/2"}) {
    CHECK(c.ccx(std::string("caption --in in --series all --model model --no-timings --out s") + shard[0] +
                ".jsonl --shard " + shard)
              .exit_code == 0);
  }
  CHECK(c.ccx("merge s0.jsonl s1.jsonl --out all.jsonl").exit_code == 0);
  CHECK(lines_of(c.output("all.jsonl")).size() == 3);
}

TEST_CASE("a list comes from stdin with --in -") {
  const CaptionCase c;
  write_picture(c / "a.png", 1, 30, 20);
  write_picture(c / "b.png", 2, 30, 20);
  ccx::test::write_file(c / "list.jsonl", R"({"id":"1","before":"a.png","after":"b.png"})"
                                          "\n");
  const ProcessResult result = c.ccx("caption --in - --dry-run < list.jsonl");
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, contains(R"({"id":"1","before":"a.png","after":"b.png"})"));
}
