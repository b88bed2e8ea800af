// The lists of other projects through the real commands: eval, data check, data convert.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/pairs.h"
#include "tests/support/process.h"

using namespace ccx;
using nlohmann::json;

namespace {

// References of two pairs, the first changed, in `form`.
std::string references(const std::string& form) {
  if (form == "levir") {
    return R"({"images":[{"filename":"000001.png","split":"test","changeflag":1,"sentences":[{"raw":" a house is built ."},{"raw":" a new house appears ."}]},
                         {"filename":"000002.png","split":"test","changeflag":0,"sentences":[{"raw":" the scene is the same as before ."}]}]})";
  }
  if (form == "tokens") {
    return R"({"images":[{"filename":"000001.png","split":"test","sentences":[{"tokens":["a","house","is","built"]},{"tokens":["a","new","house","appears"]}]},
                         {"filename":"000002.png","split":"test","sentences":[{"tokens":["the","scene","is","the","same","as","before"]}]}]})";
  }
  if (form == "coco") {
    return R"({"images":[{"id":1,"file_name":"000001.png"},{"id":2,"file_name":"000002.png"}],"annotations":[
      {"id":1,"image_id":1,"caption":"a house is built"},{"id":2,"image_id":1,"caption":"a new house appears"},
      {"id":3,"image_id":2,"caption":"the scene is the same as before"}]})";
  }
  if (form == "dict")
    return R"({"000001":["a house is built","a new house appears"],"000002":["the scene is the same as before"]})";
  if (form == "spotdiff") {
    return R"([{"img_id":"000001","sentences":["a house is built","a new house appears"]},{"img_id":"000002","sentences":["the scene is the same as before"]}])";
  }
  if (form == "ier") {
    return R"([{"uid":"000001","img0":"000001.jpg","img1":"000001_2.jpg","sents":["a house is built","a new house appears"]},
               {"uid":"000002","img0":"000002.jpg","img1":"000002_2.jpg","sents":["the scene is the same as before"]}])";
  }
  if (form == "changechat") {
    return R"([{"image_A":"test/A/000001.png","image_B":"test/B/000001.png","captions":["a house is built","a new house appears"],"changeflag":1},
               {"image_A":"test/A/000002.png","image_B":"test/B/000002.png","captions":["the scene is the same as before"],"changeflag":0}])";
  }
  return "id;caption1;caption2\n000001;a house is built;a new house appears\n000002;the scene is the same as before;\n";
}

const char* const kSays = "a house is built";
const char* const kSame = "the scene is the same as before";

std::string predictions(const std::string& form) {
  const auto two = [](const std::string& a, const std::string& b) { return "[" + a + "," + b + "]"; };
  const std::string says = kSays;
  const std::string same = kSame;
  if (form == "jsonl")
    return R"({"id":"000001","caption":")" + says + "\"}\n" + R"({"id":"000002","caption":")" + same + "\"}\n";
  if (form == "nan")
    return R"({"id":"000001","caption":")" + says + "\",\"p_change\":NaN}\n" + R"({"id":"000002","caption":")" + same +
           "\",\"p_change\":0.1}\n";
  if (form == "hcfnet")
    return two(R"({"filename":"000001","sentence":")" + says + "\"}",
               R"({"filename":"000002","sentence":")" + same + "\"}");
  if (form == "coco")
    return two(R"({"image_id":"000001","caption":")" + says + "\"}",
               R"({"image_id":"000002","caption":")" + same + "\"}");
  if (form == "results") {
    return R"({"results":)" +
           two(R"({"filename":"000001.png","caption":")" + says + "\"}",
               R"({"filename":"000002.png","caption":")" + same + "\"}") +
           "}";
  }
  if (form == "dict") return R"({"000001":[")" + says + R"("],"000002":[")" + same + "\"]}";
  return "id,caption\n000001," + says + "\n000002," + same + "\n";
}

}  // namespace

TEST_CASE("eval gives the same scores whatever form the references and the predictions come in") {
  const test::TempDir dir;
  const auto scores = [&](const std::string& refs, const std::string& pred) {
    test::write_file(dir / "refs", references(refs));
    test::write_file(dir / "pred", predictions(pred));
    const auto result =
        test::run_ccx("eval --strict --no-meteor --json --pred " + test::quoted((dir / "pred").string()) + " --refs " +
                      test::quoted((dir / "refs").string()));
    INFO(refs << " " << pred << ": " << result.err);
    REQUIRE(result.exit_code == 0);
    const json out = json::parse(result.out);
    CHECK(out["flag"]["accuracy"] == 1.0);
    CHECK(out["all"]["n"] == 2);
    return out["all"].dump();
  };
  const std::string known = scores("dict", "jsonl");
  for (const char* refs : {"tokens", "coco", "spotdiff", "ier", "changechat", "csv"})
    CHECK(scores(refs, "jsonl") == known);
  for (const char* pred : {"nan", "hcfnet", "coco", "results", "dict", "csv"}) CHECK(scores("dict", pred) == known);
  scores("levir", "jsonl");  // its sentences begin with a space and end in a full stop, which scores see
}

TEST_CASE("eval refuses test captions that may be scored against training references, and asks for --split") {
  const test::TempDir dir;
  test::write_file(
      dir / "refs.json",
      R"({"images":[{"filename":"000001.png","split":"train","sentences":[{"raw":"many trees are removed"}]},
    {"filename":"000001.png","split":"test","sentences":[{"raw":"a house is built"}]}]})");
  test::write_file(dir / "pred.jsonl", R"({"id":"000001","caption":"a house is built"})");
  test::write_file(dir / "path.jsonl", R"({"id":"test/000001","caption":"a house is built"})");
  const auto eval = [&](const std::string& pred, const std::string& more) {
    return test::run_ccx("eval --no-meteor --json --pred " + test::quoted((dir / pred).string()) + " --refs " +
                         test::quoted((dir / "refs.json").string()) + more);
  };
  const auto refused = eval("pred.jsonl", "");
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
  CHECK_THAT(refused.err, test::contains("--split") && test::contains("\"train\"") && test::contains("\"test\""));
  CHECK(json::parse(eval("pred.jsonl", " --split test").out)["all"]["rouge_l"] == 1.0);
  CHECK(json::parse(eval("pred.jsonl", " --split train").out)["all"]["rouge_l"] == 0.0);
  CHECK(json::parse(eval("path.jsonl", "").out)["all"]["rouge_l"] == 1.0);  // its id says which
}

TEST_CASE("eval counts as no change what a data set or a file says, and doubts what only sounds so") {
  const test::TempDir dir;
  test::write_file(
      dir / "refs.json",
      R"([{"id":"a","captions":["a house"],"changeflag":1},{"id":"b","captions":["nothing new here"],"changeflag":0}])");
  test::write_file(dir / "own.jsonl",
                   "{\"id\":\"a\",\"caption\":\"a house\"}\n{\"id\":\"b\",\"caption\":\"Nothing new here.\"}\n");
  test::write_file(dir / "other.jsonl",
                   "{\"id\":\"a\",\"caption\":\"a house\"}\n{\"id\":\"b\",\"caption\":\"no changes are observed\"}\n");
  test::write_file(dir / "same.txt", "No changes are observed.\n");
  const auto eval = [&](const std::string& pred, const std::string& more) {
    return test::run_ccx("eval --no-meteor --json --refs " + test::quoted((dir / "refs.json").string()) + " --pred " +
                         test::quoted((dir / pred).string()) + more);
  };
  CHECK(json::parse(eval("own.jsonl", "").out)["flag"]["accuracy"] == 1.0);
  const auto doubted = eval("other.jsonl", "");
  CHECK(json::parse(doubted.out)["flag"]["accuracy"] == 0.5);
  CHECK_THAT(doubted.err, test::contains("no changes are observed") && test::contains("--no-change-sentences"));
  const std::string named = " --no-change-sentences " + test::quoted((dir / "same.txt").string());
  CHECK(json::parse(eval("other.jsonl", named).out)["flag"]["accuracy"] == 1.0);
  CHECK(json::parse(eval("own.jsonl", named).out)["flag"]["accuracy"] == 0.5);  // it replaces the others
}

TEST_CASE("eval and report read captions from stdin, and eval references") {
  const test::TempDir dir;
  test::write_file(dir / "refs.json", references("dict"));
  test::write_file(dir / "pred.jsonl", predictions("jsonl"));
  const std::string ccx = test::quoted(CCX_TEST_BINARY);
  const std::string refs = test::quoted((dir / "refs.json").string());
  const std::string pred = test::quoted((dir / "pred.jsonl").string());
  CHECK(test::run_shell(ccx + " eval --no-meteor --pred - --refs " + refs, predictions("jsonl")).exit_code == 0);
  CHECK(test::run_shell(ccx + " eval --no-meteor --refs - --pred " + pred, references("dict")).exit_code == 0);
  CHECK(test::run_shell(ccx + " eval --no-meteor --refs - --pred -", references("dict")).exit_code == 2);
  const std::string page = (dir / "page.html").string();
  CHECK(test::run_shell(ccx + " report - --refs " + refs + " --no-meteor --out " + test::quoted(page),
                        predictions("jsonl"))
            .exit_code == 0);
  CHECK_THAT(test::read_file(page), test::contains("a house is built"));
}

TEST_CASE("data check reads the sets that are published and says what they are, data convert turns them into others") {
  const test::TempDir dir;
  const std::string list =
      R"({"images":[{"filename":"p.png","split":"train","changeflag":1,"sentences":[{"raw":" a house is built .","tokens":["a"]}]}]})";
  for (const char* side : {"A", "B"})
    test::write_picture(dir / (std::string("second/train/rgb/") + side + "/p.png"), *side, 16, 16);
  test::write_file(dir / "second/SECOND-CC-AUG.json", list);
  const std::string second = test::quoted((dir / "second").string());
  const auto checked = test::run_ccx("data check --json " + second);
  INFO(checked.err);
  REQUIRE(checked.exit_code == 0);
  const json report = json::parse(checked.out)["datasets"][0];
  CHECK(report["splits"]["train"]["pairs"] == 1);
  CHECK_THAT(report["recognised"][0].get<std::string>(),
             test::contains("LEVIR-CC's captions file") && test::contains("rgb/A"));

  const std::string out = (dir / "out").string();
  const auto converted =
      test::run_ccx("data convert " + second + " --to levir --images copy --out " + test::quoted(out));
  INFO(converted.err);
  REQUIRE(converted.exit_code == 0);
  CHECK(test::read_file(out + "/images/train/A/p.png") == test::read_file(dir / "second/train/rgb/A/p.png"));
  CHECK(test::run_ccx("data check " + test::quoted(out)).exit_code == 0);
  CHECK(test::run_ccx("data convert " + second + " --to levir --images copy --out " + test::quoted(out)).exit_code ==
        2);
  CHECK(test::run_ccx("data convert " + second + " --to levir --out " + test::quoted(out + "2")).exit_code == 2);
}

TEST_CASE("data convert tells which flags it made of captions, and makes none where they only sound unchanged") {
  const test::TempDir dir;
  for (const char* file : {"A/x.png", "B/x.png"}) test::write_picture(dir / file, *file, 16, 16);
  test::write_file(dir / "p.csv",
                   "id,before,after,caption\n1,A/x.png,B/x.png,a road is built\n"
                   "2,A/x.png,B/x.png,the scene is the same as before\n3,A/x.png,B/x.png,nothing has changed\n");
  const auto flags = [&](const std::string& name, const std::string& options) {
    const auto result = test::run_ccx("data convert " + test::quoted((dir / "p.csv").string()) +
                                      " --to universal --out " + test::quoted((dir / name).string()) + options);
    REQUIRE(result.exit_code == 0);
    json found = json::array();
    for (const json& pair : json::parse(test::read_file(dir / name))) found.push_back(pair.value("change_flag", -1));
    return std::pair(found, result.err);
  };
  const auto [made, said] = flags("u.json", "");
  CHECK(made == json({1, 0, -1}));
  CHECK_THAT(said, test::contains("2 pairs had no flag, and got one by the captions: 1 changed, 1 unchanged") &&
                       test::contains("such as that of '3'"));
  test::write_file(dir / "same.txt", "nothing has changed\nthe scene is the same as before\n");
  CHECK(flags("v.json", " --no-change-sentences " + test::quoted((dir / "same.txt").string())).first ==
        json({1, 0, 0}));
}

TEST_CASE("eval and report say which predictions are of another split, and score nothing where all are") {
  const test::TempDir dir;
  test::write_file(dir / "refs.json",
                   R"({"images":[{"filename":"1.png","split":"test","sentences":[{"raw":"a house"}]}]})");
  test::write_file(dir / "train.jsonl", R"({"id":"train/1","caption":"a house"})");
  test::write_file(dir / "both.jsonl",
                   "{\"id\":\"train/1\",\"caption\":\"a house\"}\n{\"id\":\"test/1\",\"caption\":\"a house\"}\n");
  const std::string refs = " --no-meteor --refs " + test::quoted((dir / "refs.json").string());
  const auto refused = test::run_ccx("eval --pred " + test::quoted((dir / "train.jsonl").string()) + refs);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, test::contains("train/1: the reference 1 is of the split test"));
  const std::string both = test::quoted((dir / "both.jsonl").string());
  const auto scored = test::run_ccx("eval --json --pred " + both + refs);
  CHECK(json::parse(scored.out)["all"]["n"] == 1);
  CHECK(json::parse(scored.out)["records"]["of_another_place"].size() == 1);
  CHECK_THAT(scored.err, test::contains("1 predictions are of another split or place"));
  CHECK(test::run_ccx("eval --strict --pred " + both + refs).exit_code == 2);
  const auto page = test::run_ccx("report " + both + refs + " --out " + test::quoted((dir / "p.html").string()));
  CHECK_THAT(page.err, test::contains("1 predictions are of another split or place"));
}

TEST_CASE("caption and data check refuse a list whose pictures they would not use") {
  const test::TempDir dir;
  for (const char* side : {"A", "B"}) test::write_picture(dir / (std::string(side) + "/1.png"), *side, 16, 16);
  test::write_file(dir / "m.json", R"([{"id":"1","left":"A/x.png","right":"B/x.png","captions":["c"]}])");
  const std::string list = test::quoted((dir / "m.json").string());
  for (const std::string& command : {"caption --dry-run --in " + list, "data check " + list}) {
    const auto refused = test::run_ccx(command);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, test::contains("\"left\" (A/x.png) names a picture by a key that ccx does not know"));
  }
}
