// `ccx data check` and `ccx data tokenizer` as a user meets them.
#include <nlohmann/json.hpp>

#include "core/text/tokenizer.h"
#include "tests/support/catch.h"
#include "tests/support/pairs.h"
#include "tests/support/process.h"
#include "tests/support/rasters.h"

using namespace ccx;
using nlohmann::json;

namespace {

// Six pairs of LEVIR-CC's kind, four to train on, one to validate and one to test; three of them changed.
struct Data {
  test::TempDir dir;
  json captions = {{"images", json::array()}};

  Data() {
    const char* splits[] = {"train", "train", "train", "train", "val", "test"};
    for (unsigned i = 0; i < 6; ++i) {
      const std::string split = splits[i], name = "p" + std::to_string(i) + ".png";
      test::write_picture(dir / ("levir/images/" + split + "/A/" + name), 2 * i);
      test::write_picture(dir / ("levir/images/" + split + "/B/" + name), 2 * i + 1);
      captions["images"].push_back({{"filename", name},
                                    {"filepath", split},
                                    {"split", split},
                                    {"changeflag", i % 2},
                                    {"sentences", {{{"raw", " a road"}}, {{"raw", " some new houses appear ."}}}}});
    }
    write();
  }
  void write() const { test::write_file(dir / "levir/LevirCCcaptions.json", captions.dump()); }
  std::string path(const std::string& name) const { return test::quoted((dir / name).string()); }
  std::filesystem::path picture(const std::string& name) const { return dir / ("levir/images/" + name); }
  test::ProcessResult check(const std::string& arguments) const { return test::run_ccx("data check " + arguments); }
  json checked(int exit_code, const std::string& more = "") const {
    const auto result = check(path("levir") + " --json " + more);
    INFO(result.err);
    REQUIRE(result.exit_code == exit_code);
    return json::parse(result.out);
  }
  void copy(const std::string& from, const std::string& to) const {
    std::filesystem::copy_file(picture(from), picture(to), std::filesystem::copy_options::overwrite_existing);
  }
};

}  // namespace

TEST_CASE("data check counts pairs, changed ones, captions, their lengths and picture sizes, split by split") {
  const Data data;
  const json report = data.checked(0);
  const json& train = report["datasets"][0]["splits"]["train"];
  CHECK(train["pairs"] == 4);
  CHECK(train["samples"] == 8);
  CHECK(train["changed"] == 2);
  CHECK(train["unchanged"] == 2);
  CHECK(train["captions"] == 8);
  CHECK(train["words_min"] == 2);  // "a road"
  CHECK(train["words_mean"] == 3.5);
  CHECK(train["words_max"] == 5);  // the full stop stands by itself
  CHECK(train["sizes"] == json{{"24x24", 8}});
  CHECK(report["datasets"][0]["splits"]["val"]["pairs"] == 1);
  CHECK(report["datasets"][0]["splits"]["test"]["changed"] == 1);
  CHECK((report["errors"].empty() && report["duplicates"].empty() && report["leaks"].empty()));

  const auto table = data.check(data.path("levir"));
  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, test::contains("50.0%") && test::contains("2 / 3.5 / 5") && test::contains("24x24 (8)"));
}

TEST_CASE("data check finds a pair that occurs twice in a split, by its pictures, and lets it pass") {
  const Data data;
  for (const char* side : {"A", "B"})
    data.copy(std::string("train/") + side + "/p0.png", std::string("train/") + side + "/p3.png");
  const json report = data.checked(0);
  REQUIRE(report["duplicates"].size() == 1);
  CHECK(report["duplicates"][0] == "p3 (train) is the pair of p0 (train)");
  CHECK(report["leaks"].empty());
}

TEST_CASE("data check finds a pair of one split in another, by its pictures, whatever it is called") {
  const Data data;
  for (const char* side : {"A", "B"})
    data.copy(std::string("train/") + side + "/p1.png", std::string("test/") + side + "/p5.png");
  const json report = data.checked(1);
  REQUIRE(report["leaks"].size() == 1);
  CHECK(report["leaks"][0] == "p5 (test) is the pair of p1 (train)");

  SECTION("half a pair is none") {
    data.copy("val/B/p4.png", "test/B/p5.png");
    CHECK(data.checked(0)["leaks"].empty());
  }
  SECTION("between datasets too") {
    const std::string line = json{
        {"id", "again"},
        {"before", data.picture("val/A/p4.png").string()},
        {"after", data.picture("val/B/p4.png").string()},
        {"caption", "a road"}}.dump();
    test::write_file(data.dir / "more.jsonl", line + "\n");
    const auto both = data.check(data.path("levir") + " " + data.path("more.jsonl") + " --json");
    CHECK(both.exit_code == 1);
    CHECK(json::parse(both.out)["leaks"].back() == "again (train) is the pair of p4 (val)");
  }
}

TEST_CASE("data check names captions that no model's context holds") {
  Data data;
  std::string words;
  for (int i = 0; i < 1001; ++i) words += "a ";
  data.captions["images"][2]["sentences"][0]["raw"] = words;
  data.captions["images"][3]["sentences"][1]["raw"] = std::string(8001, 'x');
  data.write();
  const json errors = data.checked(1)["errors"];
  REQUIRE(errors.size() == 2);
  CHECK_THAT(errors[0].get<std::string>(), test::contains("p2: a caption has 1001 words"));
  CHECK_THAT(errors[1].get<std::string>(), test::contains("p3: a caption has 1 words and 8001 bytes"));
}

TEST_CASE("data check names pictures that cannot be read or differ in size, and captions that cannot be used") {
  Data data;
  std::filesystem::remove(data.picture("train/B/p0.png"));
  test::write_file(data.picture("train/A/p1.png"), "no picture");
  test::write_picture(data.picture("train/B/p2.png"), 77, 24, 30);
  data.captions["images"][4]["sentences"][0]["raw"] = "  ";
  data.captions["images"][5]["sentences"][0]["raw"] = "look <image> here";
  data.write();
  const json report = data.checked(1);
  std::string errors;
  for (const json& error : report["errors"]) errors += error.get<std::string>() + "\n";
  CHECK(report["errors"].size() == 5);
  CHECK_THAT(errors, test::contains("p0: ") && test::contains("train/B/p0.png"));
  CHECK_THAT(errors, test::contains("p1: ") && test::contains("train/A/p1.png"));
  CHECK_THAT(errors, test::contains("p2: before is 24x24, after 24x30"));
  CHECK_THAT(errors, test::contains("p4: a caption is empty"));
  CHECK_THAT(errors, test::contains("p5: a caption holds \"<image>\""));

  // Without pictures, only the captions are looked at.
  CHECK(data.checked(1, "--no-images")["errors"].size() == 2);
}

TEST_CASE("data check counts what a dataset list samples and repeats") {
  const Data data;
  test::write_file(data.dir / "mix.yaml",
                   "datasets:\n  - {path: levir, repeat: 3, sampling_strategy: 'first:50%'}\n  - {path: 'scenes:10@3', "
                   "name: drawn}\n");
  const auto result = data.check(data.path("mix.yaml") + " --json --no-images");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json report = json::parse(result.out);
  CHECK(report["datasets"][0]["splits"]["train"]["samples"] == 2 * 2 * 3);  // pairs, captions, repeats
  CHECK(report["datasets"][1]["name"] == "drawn");
  CHECK(report["datasets"][1]["splits"]["train"]["pairs"] == 10);
}

TEST_CASE("data check leaves talks without a caption out, and says how many") {
  const Data data;
  const auto talk = [](const std::string& id, const std::string& question, const std::string& answer) {
    return R"({"id": ")" + id + R"(", "image": ["levir/images/train/A/p0.png", "levir/images/train/B/p0.png"], )" +
           R"("conversations": [{"from": "human", "value": ")" + question + R"("}, {"from": "gpt", "value": ")" +
           answer + R"("}]})";
  };
  const std::string count = talk("2", "How many buildings were added?", "3");
  test::write_file(data.dir / "c.json",
                   "[" + talk("1", "Describe the changes.", "A house is built.") + ", " + count + "]");
  const auto result = data.check(data.path("c.json") + " --no-images");
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, test::contains("1 of its 2 records are talks without a caption"));
  test::write_file(data.dir / "d.json", "[" + count + "]");
  CHECK_THAT(data.check(data.path("d.json")).err, test::contains("has no captions"));
}

TEST_CASE("data check refuses what is no dataset, naming file and place") {
  const Data data;
  const auto refused = [&](const std::string& name, const std::string& content, const std::string& message) {
    test::write_file(data.dir / name, content);
    const auto result = data.check(data.path(name));
    INFO(name << ": " << content.substr(0, 80) << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, test::contains(message));
  };
  refused("a.json", "{", "not valid JSON");
  refused("b.json", "7", "no list that ccx knows");
  refused("c.json", "[]", "lists no pairs");
  refused("d.json", "[3]", "entry 1");
  refused("e.json", R"([{"before": "a", "after": "b", "caption": []}])", "has no captions");
  refused("f.jsonl", "{\"before\": \"a\", \"after\": \"b\", \"caption\": \"c\"}\n{\"before\": 1.5}\n", "f.jsonl:2");
  refused("g.jsonl", "{\"before\": \"a\", \"after\": \"b\", \"caption\": \"\xff\"}\n", "not valid JSON");
  refused("h.json", std::string(1'000'000, '['), "nested more than 100 deep");
  refused("i.yaml", "datasets:\n  - {path: levir, sampling_strategy: 'random:120%'}\n", "dataset 1");
  refused("j.yaml", "datasets:\n  - {path: levir, repeat: -1}\n", "repeat");
  refused("k.yaml", "datasets:\n  - {path: levir, colour: red}\n", "colour");
  refused("l.yaml", std::string(100'000, '['), "l.yaml");
  refused("m.json", R"({"images": [{"filename": "a.png", "filepath": "train", "sentences": [{"raw": 3}]}]})",
          "entry 1");
  CHECK(data.check(data.path("absent.json")).exit_code == 2);
  CHECK(data.check("scenes:0@1").exit_code == 2);
  CHECK(data.check("scenes:many").exit_code == 2);
  CHECK(data.check("").exit_code == 2);
}

TEST_CASE("data check reads deep rasters with the bands that are named, and tells of pairs that cannot be trusted") {
  const test::TempDir dir;
  const auto deep = [&](const std::string& name, int houses) {
    test::RasterSpec spec = test::scene_raster(GDT_UInt16, 8, houses);
    spec.bands = 4;
    spec.names = {"red", "green", "blue", "nir"};
    test::write_raster(dir / name, spec);
  };
  deep("A/x.tif", 2);
  deep("B/x.tif", 9);
  deep("A/same.tif", 2);
  deep("B/same.tif", 2);
  test::write_file(dir / "list.csv",
                   "id,before,after,caption\nx,A/x.tif,B/x.tif,a house\ns,A/same.tif,B/same.tif,nothing\n");
  const std::string list = test::quoted((dir / "list.csv").string());
  auto result = test::run_ccx("data check --json " + list);
  REQUIRE(result.exit_code == 0);
  json report = json::parse(result.out);
  CHECK(report["datasets"][0]["splits"]["train"]["sizes"] == json({{"64x64", 4}}));
  REQUIRE(report["warnings"].size() == 1);
  CHECK_THAT(report["warnings"][0].get<std::string>(), test::contains("s: ") && test::contains("same_image"));
  result = test::run_ccx("data check --bands 4 --json " + list);
  report = json::parse(result.out);
  CHECK(report["warnings"].size() == 3);  // both are grey now
  result = test::run_ccx("data check --bands 5,2,1 " + list);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.out, test::contains("4 bands") && test::contains("--bands names 5"));
  CHECK(test::run_ccx("data check --bands red " + list).exit_code == 2);
}

TEST_CASE("data check prints JSON whatever bytes the names of files have") {
  const Data data;
  std::filesystem::copy(data.dir / "levir", data.dir / "l\xff\x1bvir", std::filesystem::copy_options::recursive);
  std::filesystem::remove(data.dir / "l\xff\x1bvir/images/train/A/p0.png");
  const auto result = data.check(data.path("l\xff\x1bvir") + " --json");
  CHECK(result.exit_code == 1);
  CHECK(json::accept(result.out));
}

TEST_CASE("data tokenizer writes a tokenizer of the size asked for that gives the text back, and the same every time") {
  const Data data;
  std::string lines;  // enough different words, each seen twice, to fill the vocabulary
  for (int i = 0; i < 300; ++i) {
    const std::string word = {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26),
                              static_cast<char>('a' + i * 7 % 26)};
    lines += word + " " + word + " " + word + "\n";
  }
  test::write_file(data.dir / "words.txt", lines);
  const std::string text = data.path("words.txt");
  for (const char* out : {"one", "two"}) {
    const auto result = test::run_ccx("data tokenizer --text " + text + " --vocab 520 --out " + data.path(out));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, test::contains("520 tokens") && test::contains("261 merges"));
  }
  for (const char* file : {"tokenizer.json", "vocab.json", "merges.txt"}) {
    CHECK(test::read_file(data.dir / "one" / file) == test::read_file(data.dir / "two" / file));
  }
  const text::Tokenizer tokenizer = text::Tokenizer::load(data.dir / "one");
  CHECK(tokenizer.size() == 520);
  for (const std::string caption : {"a new house, 7 trees \xc3\xa9\xe2\x82\xac", "  spaces\tand\nlines "}) {
    CHECK(tokenizer.decode(tokenizer.encode(caption), true) == caption);
  }
  CHECK(tokenizer.require_token("<|im_start|>") == 518);
  // Every other command reads it.
  const auto used = test::run_ccx("tokenize --model " + data.path("one/tokenizer.json"), "many houses\n");
  INFO(used.err);
  CHECK(used.exit_code == 0);
}

TEST_CASE("data tokenizer learns from the captions of datasets as from lines of text") {
  const Data data;
  std::string lines;
  for (int i = 0; i < 6; ++i) lines += "a road\nsome new houses appear .\n";
  test::write_file(data.dir / "lines.txt", lines);
  REQUIRE(test::run_ccx("data tokenizer --text " + data.path("levir") + " --vocab 512 --min-count 1 --out " +
                        data.path("a"))
              .exit_code == 0);
  REQUIRE(test::run_ccx("data tokenizer --text " + data.path("lines.txt") + " --vocab 512 --min-count 1 --out " +
                        data.path("b"))
              .exit_code == 0);
  CHECK(test::read_file(data.dir / "a/tokenizer.json") == test::read_file(data.dir / "b/tokenizer.json"));
}

TEST_CASE("data tokenizer refuses text that is not there and sizes that cannot be") {
  const Data data;
  test::write_file(data.dir / "t.txt", "a road\n");
  test::write_file(data.dir / "empty.txt", "\n\n");
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    const auto result = test::run_ccx("data tokenizer --out " + data.path("tok") + " " + arguments);
    INFO(arguments << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, test::contains(message));
    CHECK_FALSE(std::filesystem::exists(data.dir / "tok/tokenizer.json"));
  };
  refused("--text " + data.path("absent.txt"), "absent.txt");
  refused("--text " + data.path("empty.txt"), "empty");
  refused("--text " + data.path("t.txt") + " --vocab 100", "512");
  refused("--text " + data.path("t.txt") + " --vocab 99999999", "1048576");
  refused("--text " + data.path("t.txt") + " --vocab many", "--vocab");
  refused("--text " + data.path("t.txt") + " --min-count 0", "--min-count");
  CHECK(test::run_ccx("data tokenizer --text " + data.path("t.txt")).exit_code == 2);
  CHECK(test::run_ccx("data").exit_code == 2);
}

TEST_CASE("data tokenizer takes bytes that are no text") {
  const Data data;
  std::string noise;
  uint32_t state = 7;
  for (int i = 0; i < 20'000; ++i) noise += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  test::write_file(data.dir / "noise.txt", noise + "\n" + std::string(50'000, 'x') + "\n");
  const auto result =
      test::run_ccx("data tokenizer --text " + data.path("noise.txt") + " --vocab 600 --out " + data.path("tok"));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  CHECK_NOTHROW(text::Tokenizer::load(data.dir / "tok"));
}
