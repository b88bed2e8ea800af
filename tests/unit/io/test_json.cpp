// What may come in as JSON: no depth or size that hurts, and a message that says where it went wrong.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/io/json.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"

namespace ccx::io {
namespace {

std::string failure(const std::string& text, const JsonLimits& limits = {}) {
  try {
    parse_json(text, "here.json", limits);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("JSON is read up to a depth and refused beyond it") {
  CHECK(failure(nested(100)).empty());
  CHECK_THAT(failure(nested(101)), test::contains("here.json: JSON nested more than 100 deep, at byte 100"));
  std::string mixed;
  for (int i = 0; i < 1000000; ++i) mixed += "{\"a\":[";
  CHECK_THAT(failure(mixed), test::contains("nested more than 100 deep"));
  CHECK_THAT(failure("{\"known\": 1, \"unknown\": " + nested(1000000) + "}"), test::contains("nested more"));
}

TEST_CASE("Brackets within JSON strings are no depth, and lists side by side add none") {
  std::string wide = "[";
  for (int i = 0; i < 500; ++i) wide += "[[1]],";
  CHECK(failure(wide + "\"" + std::string(500, '[') + "\\\"" + std::string(500, '{') + "\"]").empty());
}

TEST_CASE("A message about JSON names the source, the line and the column") {
  CHECK_THAT(failure("{\"a\": 1,\n \"b\": nil}"),
             test::contains("here.json: not valid JSON (parse error at line 2, column 8"));
  CHECK_THAT(failure("[1e999]"), test::contains("here.json: not valid JSON (number overflow"));
  CHECK_THAT(failure("[\"\xFF\"]"), test::contains("UTF-8"));
  CHECK_THAT(failure("[1] 2"), test::contains("line 1, column 5"));
  for (const char* open : {"\"", "\"\\", "[\"a\\", "{\"a\":\"", "[[", "[}", "nul"}) CHECK(!failure(open).empty());
}

TEST_CASE("What stands in the place of JSON is called by its name") {
  CHECK(failure("") == "here.json: not valid JSON, it is empty");
  CHECK(failure(" \r\n\t") == "here.json: not valid JSON, it is empty");
  CHECK_THAT(failure("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
             test::contains("here.json is a Git LFS pointer") && test::contains("git lfs pull"));
  CHECK_THAT(failure("\n<!DOCTYPE html><html>"), test::contains("a web page"));
}

TEST_CASE("A mark of the byte order is passed over") {
  CHECK(parse_json("\xEF\xBB\xBF{\"a\": 2}", "here.json")["a"] == 2);
}

TEST_CASE("Python's numbers that are none become null where that is asked for") {
  const JsonLimits limits{.non_finite_is_null = true};
  const nlohmann::json read =
      parse_json("{\"NaN\": NaN, \"b\": [Infinity, -Infinity, -1], \"c\": \"NaN -Infinity\\\"NaN\"}", "x", limits);
  CHECK(read == nlohmann::json{{"NaN", nullptr}, {"b", {nullptr, nullptr, -1}}, {"c", "NaN -Infinity\"NaN"}});
  CHECK_THAT(failure("[NaN]"), test::contains("not valid JSON"));
  CHECK(!failure("[Na]", limits).empty());
  CHECK(!failure("[NaN1]", limits).empty());
  CHECK(!failure("[-", limits).empty());
}

TEST_CASE("No more of a file is read than the limit allows") {
  CHECK_THAT(failure("[1, 2]", {.bytes = 5}), test::contains("here.json is larger than 5 bytes"));
  CHECK_THROWS_WITH(read_json("/dev/zero", {.bytes = 1000}), test::contains("/dev/zero is larger than 1000 bytes"));
  CHECK_THROWS_WITH(read_json("/nowhere/x.json"), test::contains("cannot read /nowhere/x.json"));
  const test::TempDir folder;
  std::ofstream(folder.path() / "a.json") << "[1, 2]";
  CHECK(read_json<nlohmann::ordered_json>(folder.path() / "a.json", {.bytes = 6}).size() == 2);
}

}  // namespace ccx::io
