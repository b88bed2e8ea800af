// A file's ending says what it holds: a name that promises what is not written is refused.
#include "core/io/output_ending.h"

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace ccx;
using test::contains;

namespace {

const io::WrittenContent kRecords{{".jsonl", ".csv"}, io::kJsonLines, "write .jsonl or .csv", true};

std::string note(const std::string& name) {
  return io::require_ending(name, kRecords);
}

}  // namespace

TEST_CASE("an ending that says what is written, and none, are nothing to speak of") {
  for (const char* name : {"c.jsonl", "C.JSONL", "c.csv", "captions", "dir.v2/captions", "-", "", "/dev/null", "."}) {
    CAPTURE(name);
    CHECK(note(name).empty());
  }
}

TEST_CASE("an ending that promises what is not written is refused, with what is") {
  for (const char* name : {"c.xlsx", "c.XLS", "c.ods", "c.parquet", "c.geojson", "c.gpkg", "c.html", "c.pdf", "c.xml",
                           "c.yaml", "c.jsonl.gz", "c.csv.zip", "c.tsv", "c.png", "c.tif", "c.npy", "c.db"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH(note(name), contains(name) && contains("JSON lines") && contains("write .jsonl or .csv"));
    CHECK_THROWS_AS(note(name), UsageError);
  }
  CHECK_THROWS_WITH(note("c.html"), contains("ccx report"));
  CHECK_THROWS_WITH(note("c.gz"), contains("| gzip"));
  CHECK_THROWS_WITH(note("c.xlsx"), contains("spreadsheet program opens .csv"));
  // A page can be no table.
  CHECK_THROWS_WITH(io::require_ending("r.xlsx", {{".html"}, "HTML", "name it .html"}), !contains("opens .csv"));
}

TEST_CASE("an ending that says something else or nothing of it gives a note") {
  CHECK_THAT(note("c.json"), contains("c.json will hold JSON lines") && contains("lines=True") && contains(".jsonl"));
  CHECK_THAT(note("c.txt"), contains("c.txt will hold JSON lines") && contains("write .jsonl or .csv"));
  CHECK_THAT(note("run.v2"), contains("JSON lines"));
  CHECK(io::require_ending("l.json", {{".json"}, "JSON", ""}).empty());
}
