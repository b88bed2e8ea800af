// `ccx caption` into tables, and what it says of pairs that fail.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"

using ccx::test::CaptionCase;
using ccx::test::contains;
using ccx::test::lines_of;
using ccx::test::ProcessResult;
using ccx::test::write_file;

namespace {

std::string caption(const std::string& out, const std::string& more = "") {
  return "caption --in pairs --model model --no-timings --out " + out + " " + more;
}

}  // namespace

TEST_CASE("a name that ends in .csv or .tsv, or --format, gives a table with a header") {
  const CaptionCase c(3);
  REQUIRE(c.ccx(caption("c.csv")).exit_code == 0);
  const auto lines = lines_of(c.output("c.csv"));
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].starts_with("id,before,after,caption,changed,p_change,"));
  CHECK(lines[1].starts_with("000,pairs/A/000.png,pairs/B/000.png,"));
  CHECK_THAT(c.output("c.csv.run.json"), contains("\"format\": \"csv\""));
  CHECK(c.ccx(caption("-", "--format csv")).out == c.output("c.csv"));
  REQUIRE(c.ccx(caption("c.tsv")).exit_code == 0);
  CHECK_THAT(c.output("c.tsv"), contains("id\tbefore\tafter\tcaption"));
  REQUIRE(c.ccx(caption("lines.csv", "--format jsonl")).exit_code == 0);
  CHECK(lines_of(c.output("lines.csv"))[0].starts_with("{\"id\":\"000\""));
  CHECK(c.ccx(caption("x", "--format xml")).exit_code == 2);
}

TEST_CASE(
    "an ending of a form that is not written is refused before anything is done, unless --format says which it is") {
  const CaptionCase c(1);
  for (const char* name : {"c.xlsx", "c.jsonl.gz", "c.html", "c.parquet", "c.geojson"}) {
    for (const char* more : {"", "--dry-run"}) {
      const ProcessResult refused = c.ccx(caption(name, more));
      CAPTURE(name, more);
      CHECK(refused.exit_code == 2);
      CHECK_THAT(refused.err, contains(name) && contains(".jsonl, .csv or .tsv"));
      CHECK_FALSE(std::filesystem::exists(c / name));
    }
  }
  REQUIRE(c.ccx(caption("c.xlsx", "--format csv")).exit_code == 0);
  CHECK(c.output("c.xlsx").starts_with("id,before,after"));
  const ProcessResult json = c.ccx(caption("c.json"));
  CHECK(json.exit_code == 0);
  CHECK_THAT(json.err, contains("c.json will hold JSON lines") && contains(".jsonl"));
  CHECK_THAT(c.ccx(caption("c.txt")).err, contains("c.txt will hold JSON lines"));
  CHECK_THAT(c.ccx(caption("d.json", "--format jsonl")).err, !contains("will hold"));
  CHECK_THAT(c.ccx(caption("c.jsonl")).err, !contains("will hold"));

  const ProcessResult merged = c.ccx("merge c.jsonl --out m.xlsx");
  CHECK(merged.exit_code == 2);
  CHECK_THAT(merged.err, contains("m.xlsx") && contains(".jsonl, .csv or .tsv"));
  CHECK_THAT(c.ccx("merge c.jsonl --out m.json").err, contains("m.json will hold JSON lines"));
  CHECK(c.ccx("merge c.jsonl --out m.xlsx --format csv").exit_code == 0);
}

TEST_CASE("one pair by hand with a form gives its record in that form") {
  const CaptionCase c(1);
  const ProcessResult row = c.ccx("caption pairs/A/000.png pairs/B/000.png --model model --format csv");
  CHECK(row.exit_code == 0);
  REQUIRE(lines_of(row.out).size() == 2);
  CHECK(lines_of(row.out)[0].starts_with("id,before,after,caption"));
}

TEST_CASE("a table is resumed: it ends in the bytes of a run that was never stopped") {
  const CaptionCase c(6);
  REQUIRE(c.ccx(caption("whole.csv")).exit_code == 0);
  const std::string whole = c.output("whole.csv");
  REQUIRE(c.ccx(caption("c.csv", "--limit 3")).exit_code == 0);
  // As kill -9 leaves it: the last line is cut.
  const std::string part = c.output("c.csv");
  write_file(c / "c.csv", part + "003,pairs/A");
  REQUIRE(c.ccx(caption("c.csv", "--resume")).exit_code == 0);
  CHECK(c.output("c.csv") == whole);
  // Cut within the header.
  write_file(c / "c.csv", "id,bef");
  REQUIRE(c.ccx(caption("c.csv", "--resume")).exit_code == 0);
  CHECK(c.output("c.csv") == whole);
}

TEST_CASE("failed pairs of a table are tried again, and the table is then as if they had never failed") {
  const CaptionCase c(5);
  REQUIRE(c.ccx(caption("whole.csv")).exit_code == 0);
  CHECK(c.ccx(caption("c.csv"), "FAKE_BROKEN='001 003'").exit_code == 3);
  CHECK_THAT(c.output("c.csv"), contains(",internal,fake device: cannot compute this,"));
  CHECK(c.ccx(caption("c.csv", "--retry-failed")).exit_code == 0);
  CHECK(c.output("c.csv") == c.output("whole.csv"));
}

TEST_CASE("a run is not continued in another form") {
  const CaptionCase c(2);
  REQUIRE(c.ccx(caption("c.csv")).exit_code == 0);
  const std::string before = c.output("c.csv");
  const ProcessResult other = c.ccx(caption("c.csv", "--format jsonl --resume"));
  CHECK(other.exit_code == 2);
  CHECK(c.output("c.csv") == before);
  REQUIRE(c.ccx(caption("c.jsonl")).exit_code == 0);
  CHECK(c.ccx(caption("c.jsonl", "--format csv --resume")).exit_code == 2);
}

TEST_CASE("shards that are tables are merged into one, and JSON lines into a table") {
  const CaptionCase c(9);
  REQUIRE(c.ccx(caption("whole.csv")).exit_code == 0);
  for (const std::string i : {"1", "2"}) {
    REQUIRE(c.ccx(caption("part-" + i + ".csv", "--shard " + i + "/2")).exit_code == 0);
    REQUIRE(c.ccx(caption("part-" + i + ".jsonl", "--shard " + i + "/2")).exit_code == 0);
  }
  CHECK(c.ccx("merge part-1.csv part-2.csv --out m.csv").exit_code == 0);
  CHECK(c.output("m.csv") == c.output("whole.csv"));
  CHECK(c.ccx("merge part-1.csv part-2.csv --out -").out == c.output("whole.csv"));
  CHECK(c.ccx("merge part-1.jsonl part-2.jsonl --out n.csv").exit_code == 0);
  CHECK(c.output("n.csv") == c.output("whole.csv"));
  const ProcessResult back = c.ccx("merge part-1.csv part-2.csv --out m.jsonl");
  CHECK(back.exit_code == 2);
  CHECK_THAT(back.err, contains("is a table") && contains("--format csv"));
  CHECK_FALSE(std::filesystem::exists(c / "m.jsonl"));
}

TEST_CASE("a shard is named as it was typed") {
  const CaptionCase c(4);
  REQUIRE(c.ccx(caption("p.jsonl", "--shard 2/2")).exit_code == 0);
  const ProcessResult other = c.ccx(caption("p.jsonl", "--shard 1/2 --resume"));
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, contains("the shard was 2/2 and is 1/2"));
}

TEST_CASE("the first pairs that fail are named with their reasons, and the rest counted") {
  const CaptionCase c(9);
  for (const char* id : {"001", "002", "003", "004", "005", "006", "007"}) {
    write_file(c / ("pairs/A/" + std::string(id) + ".png"), "not an image");
  }
  for (const std::string style : {"", "-q"}) {
    const ProcessResult result = c.ccx(caption("c.jsonl", "--overwrite " + style));
    CAPTURE(style);
    CHECK(result.exit_code == 3);
    CHECK_THAT(result.err, contains("ccx: failed: 001: ") && contains("pairs/A/001.png") &&
                               contains("(decode_image)") && contains("failed: 005: ") && !contains("failed: 006") &&
                               contains("2 more"));
    CHECK_THAT(result.err, contains("7 failed (decode_image 7)") || contains("7 of 9 pairs failed (decode_image 7)"));
  }
  const ProcessResult logged = c.ccx(caption("c.jsonl", "--overwrite --log-json"));
  std::size_t failures = 0;
  for (const std::string& line : lines_of(logged.err)) {
    const nlohmann::json event = nlohmann::json::parse(line);
    if (event.at("event") != "failure") continue;
    ++failures;
    CHECK(event.at("code") == "decode_image");
    CHECK_FALSE(event.at("message").get<std::string>().empty());
  }
  CHECK(failures == 5);
}
