// `ccx eval` as a user meets it: forms of input, blocks, flags, ids, failures, strictness.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using nlohmann::json;

namespace {

const char* const kLevir = R"({"dataset": "made up", "images": [
  {"filename": "test_1.png", "split": "test", "changeflag": 1, "sentences": [{"raw": "a road appears"}, {"tokens": ["some", "houses", "are", "built"]}]},
  {"filename": "test_2.png", "split": "test", "changeflag": 0, "sentences": [{"raw": "no change has occurred"}, {"raw": "there is no difference"}]},
  {"filename": "test_3.png", "split": "test", "sentences": [{"raw": "almost nothing has changed"}, {"raw": "the scene is the same as before ."}]},
  {"filename": "train_1.png", "split": "train", "changeflag": 1, "sentences": [{"raw": "trees are gone"}]}]})";

// A folder with references, predictions and a way to score them without METEOR, which not every machine has.
struct Fixture {
  test::TempDir dir;
  std::string refs() const { return test::quoted((dir / "refs.json").string()); }
  std::string pred(const std::string& lines) const {
    test::write_file(dir / "pred.jsonl", lines);
    return test::quoted((dir / "pred.jsonl").string());
  }
  test::ProcessResult eval(const std::string& lines, const std::string& more = "") const {
    test::write_file(dir / "refs.json", kLevir);
    return test::run_ccx("eval --no-meteor --pred " + pred(lines) + " --refs " + refs() + " " + more);
  }
  json scores(const std::string& lines, const std::string& more = "") const {
    const test::ProcessResult result = eval(lines, "--json " + more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return json::parse(result.out);
  }
};

const std::string kThree =
    R"({"id": "test_1", "caption": "A road appears.", "changed": true}
{"id": "test_2.png", "caption": "There is no difference."}
{"id": "test_3.jpg", "caption": "a house"}
)";

}  // namespace

TEST_CASE("eval gives three blocks of raw scores and the confusion of the change flag") {
  const json out = Fixture().scores(kThree);
  CHECK(out["protocol"] == "ccexpert");
  CHECK(out["all"]["n"] == 3);
  CHECK(out["changed"]["n"] == 1);
  CHECK(out["unchanged"]["n"] == 2);                                      // one by its flag, one by its stock sentences
  CHECK(out["changed"]["bleu_4"].get<double>() == Approx(0.0316227766));  // (1e-15 / 1e-9)^(1/4): no 4-gram
  CHECK(out["changed"]["bleu_1"].get<double>() == Approx(1.0).margin(1e-6));
  CHECK(out["changed"]["rouge_l"].get<double>() == Approx(1.0));
  CHECK(out["flag"]["accuracy"].get<double>() == Approx(2.0 / 3));
  CHECK(out["flag"]["confusion"]["changed_as_changed"] == 1);
  CHECK(out["flag"]["confusion"]["changed_as_unchanged"] == 0);
  CHECK(out["flag"]["confusion"]["unchanged_as_changed"] == 1);
  CHECK(out["flag"]["confusion"]["unchanged_as_unchanged"] == 1);
  CHECK_FALSE(out["all"].contains("meteor"));  // never a partial METEOR
  CHECK_FALSE(out["all"].contains("s_m"));
}

TEST_CASE("eval prints a table that names protocol, blocks and what is missing") {
  const test::ProcessResult result = Fixture().eval(kThree, "--bootstrap 50");
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, test::contains("protocol ccexpert") && test::contains("without METEOR") &&
                             test::contains("unchanged") && test::contains("CIDEr-D") && test::contains("95 %") &&
                             test::contains("change flag: 0.6667 right (2 of 3)"));
}

TEST_CASE("eval reads uid and pred, and references brought along as change_caption") {
  const Fixture f;
  const std::string list = f.pred(R"([
    {"uid": "p1", "pred": "a road appears", "change_caption": ["a road appears", "a street"], "change_flag": 1},
    {"uid": 2, "pred": "no change has occurred", "change_caption": ["no change has occurred"]}])");
  const test::ProcessResult result = test::run_ccx("eval --no-meteor --json --pred " + list);
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json out = json::parse(result.out);
  CHECK(out["all"]["n"] == 2);
  CHECK(out["changed"]["rouge_l"].get<double>() == Approx(1.0));
  CHECK(out["flag"]["accuracy"] == 1.0);
}

TEST_CASE("eval reads CCExpert's universal list and JSON lines as references") {
  const Fixture f;
  const std::string pred = f.pred("{\"id\": \"a/x\", \"caption\": \"trees\"}\n");
  test::write_file(f.dir / "list.json", R"([{"uid": "a/x.png", "change_flag": true, "img1_path": "A/x.png",
                                            "img2_path": "B/x.png", "change_caption": ["trees", "some trees"]}])");
  test::write_file(f.dir / "lines.jsonl", "{\"id\": \"x\", \"references\": [\"trees\"]}\n");
  for (const char* refs : {"list.json", "lines.jsonl"}) {
    const auto result =
        test::run_ccx("eval --no-meteor --json --pred " + pred + " --refs " + test::quoted((f.dir / refs).string()));
    INFO(refs << ": " << result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(json::parse(result.out)["all"]["n"] == 1);
  }
}

TEST_CASE("failed records are left out and counted, or scored as empty captions when asked") {
  const std::string lines = kThree.substr(0, kThree.find("{\"id\": \"test_3")) +
                            R"({"id": "test_3", "error": {"code": "decode_image", "message": "not a picture"}})";
  const test::ProcessResult skipped = Fixture().eval(lines);
  CHECK(skipped.exit_code == 0);
  CHECK_THAT(skipped.err, test::contains("1 failed records, left out"));
  const json out = Fixture().scores(lines);
  CHECK(out["all"]["n"] == 2);
  CHECK(out["records"]["failed"] == 1);
  CHECK(out["flag"]["accuracy"] == 1.0);
  const json empty = Fixture().scores(lines, "--failed empty");
  CHECK(empty["all"]["n"] == 3);
  CHECK(empty["all"]["rouge_l"].get<double>() < out["all"]["rouge_l"].get<double>());
}

TEST_CASE("duplicates count once and are said, and --strict refuses them and missing ids by name") {
  const std::string lines = kThree + "{\"id\": \"test_1.png\", \"caption\": \"something else\"}\n";
  const test::ProcessResult lax = Fixture().eval(lines);
  CHECK(lax.exit_code == 0);
  CHECK_THAT(lax.err, test::contains("1 records repeat an id") && test::contains("test_1"));
  CHECK(Fixture().scores(lines)["all"] == Fixture().scores(kThree)["all"]);

  const test::ProcessResult strict = Fixture().eval(lines, "--strict");
  CHECK(strict.exit_code == 2);
  CHECK_THAT(strict.err, test::contains("duplicate") && test::contains("test_1"));
  const test::ProcessResult missing = Fixture().eval("{\"id\": \"test_1\", \"caption\": \"x\"}\n", "--strict");
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, test::contains("test_2") && test::contains("test_3") && !test::contains("train_1"));
  CHECK(Fixture().eval(kThree, "--strict").exit_code == 0);
}

TEST_CASE("a per-pair file has one line a pair with sentence scores") {
  const Fixture f;
  const std::string path = (f.dir / "pairs.jsonl").string();
  REQUIRE(f.eval(kThree, "--per-pair " + test::quoted(path)).exit_code == 0);
  std::istringstream lines(test::read_file(path));
  std::vector<json> pairs;
  for (std::string line; std::getline(lines, line);) pairs.push_back(json::parse(line));
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0]["id"] == "test_1");
  CHECK(pairs[0]["rouge_l"] == 1.0);
  CHECK(pairs[1]["reference_changed"] == false);
  CHECK(pairs[2]["changed"] == true);
  CHECK(pairs[2]["references"].size() == 2);
}

TEST_CASE("confidence is reported where records carry it") {
  std::string lines;
  std::string refs;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "\"p" + std::to_string(i) + "\"";
    const bool changed = i % 2 == 0;
    lines += "{\"id\": " + id +
             ", \"caption\": \"a road\", \"changed\": true, \"p_change\": " + (changed ? "0.9" : "0.2") +
             ", \"logprob_mean\": " + (changed ? "-0.1" : "-1.5") + "}\n";
    refs += "{\"id\": " + id + ", \"references\": [\"" + (changed ? "a road" : "no change has occurred") + "\"]}\n";
  }
  const Fixture f;
  test::write_file(f.dir / "r.jsonl", refs);
  const auto result = test::run_ccx("eval --no-meteor --json --pred " + f.pred(lines) + " --refs " +
                                    test::quoted((f.dir / "r.jsonl").string()));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json out = json::parse(result.out);
  CHECK(out["calibration"]["n"] == 20);
  CHECK(out["calibration"]["brier"].get<double>() == Approx((0.01 + 0.04) / 2));
  CHECK(out["calibration"]["ece"].get<double>() == Approx((0.1 + 0.2) / 2));
  REQUIRE(out["risk_coverage"].size() == 10);
  CHECK(out["risk_coverage"][4]["flag_error"] == 0.0);  // the surer half is the changed half
  CHECK(out["risk_coverage"][9]["flag_error"] == 0.5);
}

TEST_CASE("bad input is refused with the file, the place and what is wrong") {
  const Fixture f;
  const auto refused = [&](const std::string& lines, const std::string& message) {
    const test::ProcessResult result = f.eval(lines);
    INFO(lines);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, test::contains(message));
  };
  refused("", "is empty");
  refused("{\"id\": \"test_1\", \"caption\": 3}\n", "pred.jsonl:1: a sentence of \"caption\" is neither a text");
  refused("{\"id\": \"test_1\", \"caption\": \"a\"}\n{\"id\": \n", "pred.jsonl:2: not valid JSON");
  refused("{\"id\": \"test_1\", \"caption\": \"a\"}\n[1]\n", "pred.jsonl:2: is not an object");
  refused("[{\"id\": \"test_1\"}]", "records with \"id\"");
  refused("[{\"id\": \"test_1\", \"caption\": \"a\", \"p_change\": 7}]", "outside 0..1");
  refused("[{\"id\": [], \"caption\": \"a\"}]", "\"id\"");
  refused("[{\"id\": \"elsewhere\", \"caption\": \"a\"}]", "no predicted id has a reference");
  refused("[{\"id\": \"test_1\", \"caption\": \"\xff\"}]", "not valid JSON");
  CHECK_THAT(test::run_ccx("eval --pred /nowhere/p.jsonl").err, test::contains("/nowhere/p.jsonl"));
  CHECK(f.eval(kThree, "--split val").exit_code == 2);
  CHECK_THAT(test::run_ccx("eval --meteor-data /nowhere --pred " + f.pred(kThree) + " --refs " + f.refs()).err,
             test::contains("/nowhere") && test::contains("get_meteor_data"));
}

TEST_CASE("the protocol changes the score and is named") {
  const std::string lines = "{\"id\": \"test_1\", \"caption\": \"A road, appears!\"}\n";
  const json plain = Fixture().scores(lines);
  const json ptb = Fixture().scores(lines, "--protocol coco-ptb");
  const json ids = Fixture().scores(lines, "--protocol rsicc-ids");
  CHECK(ptb["protocol"] == "coco-ptb");
  CHECK(ids["protocol"] == "rsicc-ids");
  CHECK(ptb["all"]["rouge_l"] == 1.0);
  CHECK(plain["all"]["rouge_l"].get<double>() < 1.0);
  CHECK(Fixture().eval(lines, "--protocol bleu").exit_code == 2);
}
