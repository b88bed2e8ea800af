// `ccx tokenize`, run as a user runs it.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using nlohmann::json;
using test::run_ccx;

namespace {

std::string tokenize(const std::string& options = "") {
  return "tokenize --model " + test::quoted((test::data_dir() / "reference/tiny").string()) + " " + options;
}

}  // namespace

TEST_CASE("tokenize prints the ids of each line") {
  const test::ProcessResult result = run_ccx(tokenize(), "This is\n\na<|im_end|>\nThis is");
  CHECK(result.exit_code == 0);
  CHECK(result.out == "309 281\n\n64 1002\n309 281\n");
  CHECK(result.err == "");
}

TEST_CASE("tokenize goes back from ids to text") {
  const test::ProcessResult result = run_ccx(tokenize("--decode"), "309 281\n\n 64\t1002 \n");
  CHECK(result.exit_code == 0);
  CHECK(result.out == "This is\n\na<|im_end|>\n");
  CHECK(run_ccx(tokenize("--decode --skip-special-tokens"), "64 1002\n").out == "a\n");
}

TEST_CASE("tokenize reads and writes JSON, line breaks included") {
  const json vectors = json::parse(test::read_file(test::data_dir() / "reference/vectors/tokenizer_dev.json"));
  std::string texts;
  std::string ids;
  for (const json& item : vectors.at("items")) {
    texts += item.at("text").dump() + "\n";
    ids += item.at("ids").dump() + "\n";
  }
  const test::ProcessResult encoded = run_ccx(tokenize("--json"), texts);
  CHECK(encoded.exit_code == 0);
  CHECK(encoded.out == ids);

  const test::ProcessResult decoded = run_ccx(tokenize("--json --decode"), ids);
  CHECK(decoded.exit_code == 0);
  std::istringstream lines(decoded.out);
  std::string line;
  for (const json& item : vectors.at("items")) {
    REQUIRE(std::getline(lines, line));
    CHECK(json::parse(line).get<std::string>() == item.at("decoded").get<std::string>());
  }
  CHECK(!std::getline(lines, line));
}

TEST_CASE("tokenize writes characters cut short as U+FFFD") {
  CHECK(run_ccx(tokenize("--decode"), "158\n").out == "\uFFFD\n");
  CHECK(run_ccx(tokenize("--decode --json"), "[158]\n").out == "\"\\ufffd\"\n");
}

TEST_CASE("tokenize names the line that it cannot read") {
  const auto refusal = [](const std::string& options, const std::string& input) {
    const test::ProcessResult result = run_ccx(tokenize(options), input);
    CHECK(result.exit_code == 1);
    return result.err;
  };
  CHECK_THAT(refusal("--json", "\"a\"\nplain\n"),
             test::contains("stdin, line 2: not valid JSON (") && test::contains("; expected a JSON string"));
  CHECK_THAT(refusal("--json", "7\n"), test::contains("stdin, line 1: expected a JSON string, got number"));
  CHECK_THAT(refusal("--json", "\n"), test::contains("stdin, line 1: not valid JSON"));
  CHECK_THAT(refusal("--decode", "1\n1 x2\n"), test::contains("stdin, line 2: \"x2\" is not a token id"));
  CHECK_THAT(refusal("--decode", "99999999999999999999\n"), test::contains("is not a token id"));
  CHECK_THAT(refusal("--decode", "1\n5000\n"), test::contains("stdin, line 2: token id 5000 is not in"));
  CHECK_THAT(refusal("--decode", "-3\n"), test::contains("token id -3 is not in"));
  CHECK_THAT(refusal("--decode --json", "{}\n"), test::contains("expected a JSON array of token ids, got object"));
  CHECK_THAT(refusal("--decode --json", "[1.5]\n"), test::contains("1.5 is not a token id"));
  CHECK_THAT(refusal("--decode --json", "[18446744073709551615]\n"), test::contains("is not a token id"));
}

TEST_CASE("tokenize keeps what it wrote before a bad line") {
  CHECK(run_ccx(tokenize("--decode"), "309 281\nx\n").out == "This is\n");
}

TEST_CASE("tokenize refuses a model that has no tokenizer before it reads") {
  const test::TempDir dir;
  const auto refusal = [&](const std::filesystem::path& model) {
    const test::ProcessResult result = run_ccx("tokenize --model " + test::quoted(model.string()), "a\n");
    CHECK(result.exit_code == 2);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK_THAT(refusal(dir.path()), test::contains("has no tokenizer.json"));
  CHECK_THAT(refusal(dir / "absent"), test::contains("cannot read"));
  test::write_file(dir / "tokenizer.json", "{\"model\":");
  CHECK_THAT(refusal(dir.path()), test::contains("tokenizer.json: not valid JSON"));
}

TEST_CASE("tokenize refuses options that do not fit together") {
  const test::ProcessResult result = run_ccx(tokenize("--skip-special-tokens"), "a\n");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, test::contains("--skip-special-tokens requires --decode"));
}
