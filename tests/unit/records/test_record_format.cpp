// Records as tables: one line each, and what resuming needs comes back from it.
#include <string>

#include "core/base/error.h"
#include "core/records/record_format.h"
#include "tests/support/catch.h"

using namespace ccx::records;
using ccx::test::contains;

TEST_CASE("a record is a row, with an empty cell for what it lacks") {
  const std::string record =
      R"({"id":"a","before":"A/a.png","after":"B/a.png","caption":"a \"new\", wide road","changed":true,"p_change":0.9637,"tokens":7,"warnings":[{"code":"grey","message":"m"},{"code":"shifted","message":"m"}]})";
  CHECK(record_header(RecordFormat::kCsv) ==
        "id,before,after,caption,changed,p_change,p_language,p_head,logprob_mean,logprob_min,tokens,ms_read,ms_vision,"
        "ms_prefill,ms_decode,places,mask,mask_rle,heatmap,read,error,error_message,warnings\n");
  CHECK(formatted_record(record, RecordFormat::kCsv) ==
        "a,A/a.png,B/a.png,\"a \"\"new\"\", wide road\",true,0.9637,,,,,7,,,,,,,,,,,,grey shifted");
  CHECK(formatted_record(record, RecordFormat::kJsonLines) == record);
  CHECK_THAT(formatted_record(record, RecordFormat::kTsv), contains("\"a \"\"new\"\", wide road\"\ttrue"));
  const RecordSummary back = parse_formatted(formatted_record(record, RecordFormat::kCsv), RecordFormat::kCsv);
  CHECK(back.id == "a");
  CHECK(back.after == "B/a.png");
  CHECK(back.error_code.empty());
  CHECK(back.warnings == std::vector<std::string>{"grey", "shifted"});
}

TEST_CASE("a failed record has its code and message, and a missing image an empty cell") {
  const std::string row = formatted_record(
      R"({"id":"a","before":null,"after":"b","error":{"code":"missing_before","message":"two\nlines"}})",
      RecordFormat::kCsv);
  CHECK_THAT(row, contains("a,,b,,") && contains(",missing_before,two lines,"));
  CHECK(parse_formatted(row, RecordFormat::kCsv).error_code == "missing_before");
  CHECK(parse_formatted(row, RecordFormat::kCsv).before.empty());
}

TEST_CASE("ids with line breaks, quotes, separators and escapes come back as they were, from one line") {
  for (const std::string id :
       {R"(a\nb)", R"(a\r\nb)", R"(%0A)", R"(%250A)", R"(%25250Dx\n%)", R"( x )", R"(a,\"b\"\tc)"}) {
    const std::string record = R"({"id":")" + id + R"(","before":"x","after":"y","caption":"c"})";
    CAPTURE(record);
    for (const RecordFormat format : {RecordFormat::kCsv, RecordFormat::kTsv}) {
      const std::string row = formatted_record(record, format);
      CHECK(row.find_first_of("\r\n") == std::string::npos);
      CHECK(parse_formatted(row, format).id == parse_record(record).id);
    }
  }
}

TEST_CASE("what is no row is refused") {
  CHECK_THROWS_AS(parse_formatted("a,b", RecordFormat::kCsv), ccx::InputError);
  CHECK_THROWS_AS(parse_formatted("\"a,b", RecordFormat::kCsv), ccx::InputError);
  CHECK_THROWS_AS(parse_formatted(std::string(22, ','), RecordFormat::kCsv), ccx::InputError);  // no id
  CHECK_THROWS_AS(record_format_from_name("xml"), ccx::UsageError);
}

TEST_CASE("the form is told by a file's ending and by its first line") {
  CHECK(record_format_of("x.CSV") == RecordFormat::kCsv);
  CHECK(record_format_of("x.tsv") == RecordFormat::kTsv);
  CHECK(record_format_of("-") == RecordFormat::kJsonLines);
  CHECK(record_format_of_line("{\"id\":1}") == RecordFormat::kJsonLines);
  const std::string header = record_header(RecordFormat::kTsv);
  CHECK(record_format_of_line(header.substr(0, header.size() - 1)) == RecordFormat::kTsv);
}

TEST_CASE("an ending that promises what records are not is refused, and one that does not say JSON lines noted") {
  for (const char* name : {"c.jsonl", "c.ndjson", "c.csv", "c.TSV", "captions", "-"}) {
    CHECK(require_record_ending(name).empty());
  }
  for (const char* name : {"c.xlsx", "c.parquet", "c.geojson", "c.html", "c.jsonl.gz", "c.xml"}) {
    CHECK_THROWS_WITH(require_record_ending(name), ccx::test::contains(".jsonl, .csv or .tsv"));
  }
  CHECK_THAT(require_record_ending("c.json"), ccx::test::contains("JSON lines"));
  CHECK_THAT(require_record_ending("c.txt"), ccx::test::contains("JSON lines"));
}
