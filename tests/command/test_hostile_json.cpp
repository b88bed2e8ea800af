// JSON that is nested a million deep ends no command: each file that is read refuses it by name.
#include <string>

#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/process.h"

namespace test = ccx::test;
using test::contains;
using test::ProcessResult;
using test::quoted;

namespace {

const std::string kDeep = std::string(1'000'000, '[') + std::string(1'000'000, ']');

// A JSON object with one more member, which nothing reads.
std::string with_deep_member(const std::string& object) {
  return "{\"unknown\": " + kDeep + ", " + object.substr(object.find('{') + 1);
}

// The same, behind what tells that ccx wrote the object.
std::string with_deep_end(const std::string& object) {
  return object.substr(0, object.rfind('}')) + ", \"unknown\": " + kDeep + "}\n";
}

void refused(const ProcessResult& result, const std::string& file) {
  INFO(result.err.substr(0, 1000));
  CHECK((result.exit_code == 1 || result.exit_code == 2));
  CHECK_THAT(result.out + result.err, contains("nested more than 100 deep"));
  CHECK_THAT(result.out + result.err, contains(file));
}

}  // namespace

TEST_CASE("each JSON file of a checkpoint is refused when it is nested a million deep") {
  for (const char* name : {"config.json", "generation_config.json", "tokenizer.json"}) {
    const test::TempDir dir;
    test::edited_checkpoint(dir.path());
    test::write_file(dir / name, with_deep_member(test::read_file(dir / name)));
    refused(test::run_ccx("info " + quoted(dir.path().string())), name);
    if (name == std::string("tokenizer.json")) {
      refused(test::run_ccx("tokenize --model " + quoted(dir.path().string()), "a\n"), name);
    }
  }
  const test::TempDir dir;
  test::sharded_checkpoint(dir.path());
  const std::string index = test::read_file(dir / "model.safetensors.index.json");
  test::write_file(dir / "model.safetensors.index.json", with_deep_member(index));
  refused(test::run_ccx("info " + quoted(dir.path().string())), "index.json");
}

TEST_CASE("the header of a safetensors file is refused when it is nested a million deep") {
  const test::TempDir dir;
  test::edited_checkpoint(dir.path());
  const std::string header = "{\"__metadata__\": {\"a\": " + kDeep + "}}";
  const uint64_t size = header.size();
  test::write_file(dir / "model.safetensors", std::string(reinterpret_cast<const char*>(&size), 8) + header);
  refused(test::run_ccx("info " + quoted(dir.path().string())), "model.safetensors");
}

TEST_CASE("lists, records and what stands beside them are refused when they are nested a million deep") {
  const test::CaptionCase c(2);
  const std::string pair = R"({"id": "000", "before": "pairs/A/000.png", "after": "pairs/B/000.png"})";
  test::write_file(c / "list.json", "[" + with_deep_member(pair) + "]");
  test::write_file(c / "list.jsonl", pair + "\n" + with_deep_member(pair) + "\n");
  for (const std::string& list : {std::string("list.json"), std::string("list.jsonl")}) {
    refused(c.ccx("caption --dry-run --in " + list), list);
    refused(test::run_ccx("data check --no-images " + quoted((c / list).string())), list);
  }
  c.caption();
  const std::string records = c.output();
  test::write_file(c / "deep.jsonl", with_deep_member(records));
  refused(c.ccx("merge deep.jsonl --out all.jsonl"), "deep.jsonl");
  test::write_file(c / "resumed.jsonl", with_deep_end(records));
  refused(c.ccx("caption --in pairs --model model --no-timings --out resumed.jsonl --resume"), "resumed.jsonl");
  const std::string deep = quoted((c / "deep.jsonl").string());
  refused(test::run_ccx("eval --refs " + deep + " --pred " + deep), "deep.jsonl");
  test::write_file(c / "c.jsonl.run.json", with_deep_end(c.output("c.jsonl.run.json")));
  refused(c.ccx("caption --in pairs --model model --no-timings --out c.jsonl --resume"), "run.json");
}

TEST_CASE("a line of ccx tokenize is refused when it is nested a million deep") {
  refused(test::run_ccx("tokenize --json --model " + quoted(test::tiny_checkpoint().string()), kDeep + "\n"), "line 1");
}
