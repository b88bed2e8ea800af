// Manifests of every format become pairs, and hostile ones do not.
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/table.h"
#include "core/pairs/pairs.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;

namespace {

class ManifestFolder {
 public:
  ManifestFolder() {
    for (const char* file : {"a1.png", "a2.png", "sub/b1.png", "sub/b2.png", "images/test/A/t_1.png",
                             "images/test/B/t_1.png", "images/val/A/v_1.png", "images/val/B/v_1.png"}) {
      test::write_file(dir_ / file, "");
    }
  }
  std::filesystem::path operator/(const std::string& name) const { return dir_ / name; }
  PairSource source(const std::string& name, const std::string& content) const {
    test::write_file(dir_ / name, content);
    PairSource source;
    source.in = dir_ / name;
    return source;
  }
  PairList pairs(const std::string& name, const std::string& content) const {
    return find_pairs(source(name, content));
  }

 private:
  test::TempDir dir_;
};

}  // namespace

TEST_CASE("JSON lines in both spellings, in their own order") {
  const ManifestFolder folder;
  const PairList list =
      folder.pairs("m.jsonl",
                   "{\"id\":\"z\",\"before\":\"a1.png\",\"after\":\"a2.png\"}\n"
                   "\n"
                   "{\"uid\":7,\"img1_path\":\"sub/b1.png\",\"img2_path\":\"sub/../sub/b2.png\",\"more\":[]}");
  REQUIRE(list.pairs.size() == 2);
  CHECK(list.layout == Layout::kManifest);
  CHECK(list.pairs[0].id == "z");
  CHECK(list.pairs[0].before == folder / "a1.png");
  CHECK(list.pairs[1].id == "7");
  CHECK(list.pairs[1].before == folder / "sub/b1.png");
  CHECK(list.pairs[1].after == folder / "sub/../sub/b2.png");  // behind a link, .. is another place
}

TEST_CASE("the universal list") {
  const ManifestFolder folder;
  const PairList list = folder.pairs(
      "m.json", R"([{"uid":"u1","change_flag":1,"img1_path":"a1.png","img2_path":"a2.png","change_caption":["x"]}])");
  REQUIRE(list.pairs.size() == 1);
  CHECK(list.pairs[0].id == "u1");
  CHECK(list.pairs[0].after == folder / "a2.png");
}

TEST_CASE("LEVIR-CC's captions file names images in the folders beside it, and splits") {
  const ManifestFolder folder;
  const std::string text = R"({"images":[{"filename":"v_1.png","filepath":"val","split":"val"},
                                         {"filename":"t_1.png","split":"test","sentences":[]},
                                         {"filename":"t_2.png","filepath":"test","split":"test"}]})";
  PairSource source = folder.source("m.json", text);
  PairList list = find_pairs(source);
  REQUIRE(list.pairs.size() == 3);
  CHECK(list.pairs[0].id == "v_1");
  CHECK(list.pairs[1].before == folder / "images/test/A/t_1.png");
  CHECK(list.pairs[1].after == folder / "images/test/B/t_1.png");
  CHECK(list.pairs[2].before.empty());  // a pair without files
  CHECK_THAT(list.pairs[2].missing, contains("images/test/A/t_2.png") || contains("images/test/B/t_2.png"));
  source.split = "test";
  CHECK(find_pairs(source).pairs.size() == 2);
  source.split = "nothing";
  CHECK_THROWS_WITH(find_pairs(source), contains("the split 'nothing'"));
}

TEST_CASE("CSV with a header, columns in any order, quotes and CRLF") {
  const ManifestFolder folder;
  const PairList list = folder.pairs("m.csv",
                                     "\xEF\xBB\xBF"
                                     "after,note,id,before\r\n"
                                     "a2.png,\"says \"\"hi\"\", twice\nover\",\"the, id\",a1.png\r\n"
                                     "\r\n"
                                     "sub/b2.png,,b\xFF,sub/b1.png");
  REQUIRE(list.pairs.size() == 2);
  CHECK(list.pairs[0].id == "the, id");
  CHECK(list.pairs[0].before == folder / "a1.png");
  CHECK(list.pairs[1].id == "b%FF");
}

TEST_CASE("a row that a program wrote comes back field by field, blanks and all") {
  const std::vector<std::string> fields = {"a", " b\t", "", "say \"c, d\"", "\t", "two\nlines", "e;f"};
  for (const char separator : {',', '\t', ';'}) {
    std::string row;
    for (const std::string& field : fields)
      row += (row.empty() ? "" : std::string(1, separator)) + table_field(field, separator);
    CHECK(parse_row(row, separator) == fields);
  }
  CHECK(parse_row("", ',') == std::vector<std::string>{""});
  CHECK(parse_row("a,b\r\n", ',') == std::vector<std::string>{"a", "b"});
  CHECK(table_field("plain words", ',') == "plain words");
  CHECK_THROWS_WITH(parse_row("a,\"b", ','), "a quote is opened and never closed");
  CHECK_THROWS_WITH(parse_row("a\nb", ','), contains("a line ends"));
}

TEST_CASE("what is wrong with a CSV is said with its line") {
  CHECK_THROWS_WITH(parse_table("a,b\n\"x,y\n", ',', "m.csv"), contains("m.csv:2") && contains("never closed"));
  CHECK_THROWS_WITH(parse_table("a,b\n\"x\"y,z\n", ',', "m.csv"), contains("m.csv:2"));
  const ManifestFolder folder;
  CHECK_THROWS_WITH(folder.pairs("m.csv", "id,before\nx,a1.png\n"), contains("no column \"after\""));
  CHECK_THROWS_WITH(folder.pairs("m.csv", "id,before,after\nx,a1.png\n"), contains("m.csv:2: 2 fields"));
  CHECK_THROWS_WITH(folder.pairs("m.csv", ""), contains("is empty"));
}

TEST_CASE("an image that a manifest names and that is not there is a pair that lacks one") {
  const ManifestFolder folder;
  const PairList list = folder.pairs("m.jsonl",
                                     "{\"id\":\"1\",\"before\":\"gone.png\",\"after\":\"a2.png\"}\n"
                                     "{\"id\":\"2\",\"before\":\"a1.png\",\"after\":null}\n"
                                     "{\"id\":\"3\",\"before\":\"a1.png\",\"after\":\"\"}\n");
  REQUIRE(list.pairs.size() == 3);
  CHECK(list.pairs[0].before.empty());
  CHECK_THAT(list.pairs[0].missing, contains("m.jsonl:1") && contains("gone.png"));
  CHECK(list.pairs[1].after.empty());
  CHECK(list.pairs[2].after.empty());
}

TEST_CASE("paths that lead outside the manifest's root are refused unless allowed") {
  const ManifestFolder folder;
  const std::string outside = (folder / "a1.png").string();
  for (const std::string path : {"../x.png", "sub/../../x.png", "/etc/passwd", "..", "sub/./../../../x.png"}) {
    PairSource source = folder.source("sub/m.jsonl", "{\"id\":\"1\",\"before\":\"" + path + "\",\"after\":\"b2.png\"}");
    INFO(path);
    CHECK_THROWS_AS(find_pairs(source), InputError);
    CHECK_THROWS_WITH(find_pairs(source), contains("m.jsonl") && contains("outside") && contains("--allow-outside"));
    source.allow_outside = true;
    CHECK(find_pairs(source).pairs.size() == 1);
  }
  // Absolute paths that stay inside are fine; a root of its own moves the border.
  CHECK(folder.pairs("m.jsonl", "{\"id\":\"1\",\"before\":\"" + outside + "\",\"after\":\"a2.png\"}").pairs[0].before ==
        outside);
  PairSource rooted = folder.source("sub/m.jsonl", "{\"id\":\"1\",\"before\":\"a1.png\",\"after\":\"sub/b2.png\"}");
  rooted.root = folder / "";
  CHECK(find_pairs(rooted).pairs[0].before == folder / "a1.png");
  CHECK_THROWS_WITH(folder.pairs("m.json", R"({"images":[{"filename":"../../../../x.png","split":"test"}]})"),
                    contains("outside"));
  CHECK_THROWS_WITH(folder.pairs("m.jsonl", R"({"id":"1","before":"a\u0000b","after":"a2.png"})"), contains("NUL"));
}

TEST_CASE("a manifest named without a folder lies in the current one, with absolute paths too") {
  const ManifestFolder folder;
  folder.source("m.jsonl", "{\"id\":\"1\",\"before\":\"" + (folder / "a1.png").string() + "\",\"after\":\"a2.png\"}");
  const std::filesystem::path here = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  PairSource source;
  source.in = "m.jsonl";
  std::vector<Pair> pairs;
  CHECK_NOTHROW(pairs = find_pairs(source).pairs);
  std::filesystem::current_path(here);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].before == folder / "a1.png");
  CHECK(pairs[0].after == "a2.png");
}

TEST_CASE("names with escaped bytes, as ccx prints them, find their files") {
  const ManifestFolder folder;
  test::write_file(folder / "\xFF.png", "");
  const PairList list = folder.pairs("m.jsonl", R"({"id":"1","before":"%FF.png","after":"a2.png"})");
  CHECK(list.pairs[0].before == folder / "\xFF.png");
}

TEST_CASE("malformed manifests are refused with the place") {
  const ManifestFolder folder;
  const auto fails = [&](const std::string& name, const std::string& content, const std::string& message) {
    INFO(content);
    CHECK_THROWS_AS(folder.pairs(name, content), InputError);
    CHECK_THROWS_WITH(folder.pairs(name, content), contains(name) && contains(message));
  };
  fails("m.json", "{", "not valid JSON");
  fails("m.json", "", "is empty");
  fails("m.json", "3", "no list that ccx knows");
  fails("m.json", "[]", "lists no pairs");
  fails("m.json", R"({"images":{}})", "the keys \"images\"");
  fails("m.json", R"({"images":[{"filename":3}]})",
        "entry 1: this is no list that ccx knows. Found: records with \"filename\"");
  fails("m.json", "[[]]", "entry 1: is not an object");
  fails("m.jsonl", "{\"id\":\"a\",\"before\":\"a1.png\",\"after\":\"a2.png\"}\n{", ":2: not valid JSON");
  fails("m.jsonl", R"({"id":[],"before":"a1.png","after":"a2.png"})",
        "its \"id\" is neither a text nor a whole number");
  fails("m.jsonl", R"({"id":"x","before":["a1.png"],"after":"a2.png"})", "before");
  fails("m.jsonl", R"({"id":"x","before":"a1.png"})", "no column \"after\"");
  fails("m.json", std::string(1000000, '['), "nested more than 100 deep");
  fails("m.txt", "x", "no list that ccx knows. Found: text, whose line 1 is \"x\"");
  const std::string line = R"({"id":"x","before":"a1.png","after":"a2.png"})";
  fails("m.jsonl", line + "\n" + line, "'x' occurs twice");
}
