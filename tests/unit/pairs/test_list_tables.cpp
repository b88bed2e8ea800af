// Tables as programs and people dump them: columns in JSON, features of GeoJSON, comments, and rows without a header.
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/pair_set.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::Lists;

namespace {

// Both pairs of the folder, the second with the name that has a blank.
void gives_both(const Lists& lists, const std::string& name, const std::string& content) {
  INFO(name << ": " << content);
  PairSet set;
  REQUIRE_NOTHROW(set = lists.read(name, content));
  REQUIRE(set.pairs.size() == 2);
  CHECK(set.pairs[0].before == (lists / "A/x.png").string());
  CHECK(set.pairs[0].after == (lists / "B/x.png").string());
  CHECK(set.pairs[1].before == (lists / "A/y 1.png").string());
  CHECK(set.pairs[1].after == (lists / "B/y 1.png").string());
}

using Captions = std::vector<std::string>;

}  // namespace

TEST_CASE("JSON by columns is a table, not two pairs that are called before and after") {
  const Lists lists;
  gives_both(lists, "m.json", R"({"before": ["A/x.png", "A/y 1.png"], "after": ["B/x.png", "B/y 1.png"]})");
  gives_both(lists, "m.json", R"({"pre_image": ["A/x.png", "A/y 1.png"], "post_image": ["B/x.png", "B/y 1.png"]})");
  gives_both(lists, "m.json", R"({"A": ["A/x.png", "A/y 1.png"], "B": ["B/x.png", "B/y 1.png"], "id": [7, 8]})");
  gives_both(lists, "m.json",
             R"({"before": {"0": "A/x.png", "1": "A/y 1.png"}, "after": {"0": "B/x.png", "1": "B/y 1.png"}})");
  gives_both(lists, "m.json",
             R"({"columns": ["before", "after"], "index": [0, 1],
                 "data": [["A/x.png", "B/x.png"], ["A/y 1.png", "B/y 1.png"]]})");
  const PairSet set = lists.read("m.json", R"({"before": ["A/x.png"], "after": ["B/x.png"], "caption": ["a house"]})");
  CHECK(set.pairs[0].captions == Captions{"a house"});
  // Letters and numbers may be ids as well: the pictures' names say which are pairs, where they do.
  gives_both(lists, "m.json", R"({"A": ["A/x.png", "A/y 1.png"], "B": ["B/x.png", "B/y 1.png"]})");
  lists.refuses("m.json", R"({"A": ["A/x.png", "A/y 1.png"], "B": ["B/u.png", "B/v.png"]})", "the ids of two");
  gives_both(lists, "m.json", R"({"x": ["A/x.png", "B/x.png"], "y 1": ["A/y 1.png", "B/y 1.png"]})");
  gives_both(lists, "m.json", R"({"1": ["A/x.png", "B/x.png"], "2": ["A/y 1.png", "B/y 1.png"]})");
}

TEST_CASE("features of GeoJSON are records") {
  const Lists lists;
  const std::string one =
      R"({"type": "Feature", "id": 5, "geometry": null, "properties": {"before": "A/x.png", "after": "B/x.png"}})";
  const std::string two = R"({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]},
                             "properties": {"before": "A/y 1.png", "after": "B/y 1.png"}})";
  std::string two_in_a_line = two;
  std::replace(two_in_a_line.begin(), two_in_a_line.end(), '\n', ' ');
  gives_both(lists, "m.geojson", R"({"type": "FeatureCollection", "features": [)" + one + "," + two + "]}");
  lists.gives_x("m.geojson", R"({"type": "FeatureCollection", "name": "n", "features": [)" + one + "]}", "5");
  gives_both(lists, "m.geojsonl", one + "\n" + two_in_a_line + "\n");
  lists.refuses("m.geojson",
                R"({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"h": 1}}]})", "\"h\"");
}

TEST_CASE("lists of lists of two paths, under a key and with a caption") {
  const Lists lists;
  gives_both(lists, "m.json", R"({"pairs": [["A/x.png", "B/x.png"], ["A/y 1.png", "B/y 1.png"]], "root": "."})");
  CHECK(lists.read("m.json", R"([["A/x.png", "B/x.png", "a house"]])").pairs[0].captions == Captions{"a house"});
  CHECK(lists.read("m.jsonl", "[\"A/x.png\", \"B/x.png\", [\"a house\", \"a road\"]]\n[\"A/y 1.png\", \"B/y 1.png\"]\n")
            .pairs[0]
            .captions == Captions{"a house", "a road"});
  CHECK(lists.read("m.json", R"([["A/x.png", "B/x.png", 0]])").pairs[0].changed == false);
}

TEST_CASE("comments stand above a header, between rows, and say the order of paths") {
  const Lists lists;
  gives_both(lists, "m.csv",
             "# made by tool 1.2\n# with care, in May\nbefore,after\nA/x.png,B/x.png\n# second\nA/y 1.png,B/y 1.png\n");
  gives_both(lists, "m.csv", "#before,after\nA/x.png,B/x.png\nA/y 1.png,B/y 1.png\n");
  gives_both(lists, "m.csv", "\"sep=;\"\nbefore;after\nA/x.png;B/x.png\nA/y 1.png;B/y 1.png\n");
  lists.refuses("m.csv", "# made\nbefore,after\nA/x.png,B/x.png,z\n", "m.csv:3: 3 fields");
  gives_both(lists, "m.txt", "# before after\nA/x.png B/x.png\nA/y 1.png B/y 1.png\n");
  gives_both(lists, "m.txt", "# after before\nB/x.png A/x.png\nB/y 1.png A/y 1.png\n");
  gives_both(lists, "m.txt", "# T2, T1\nB/x.png, A/x.png\nB/y 1.png, A/y 1.png\n");
}

TEST_CASE("tables of Markdown, and records of more pictures than two") {
  const Lists lists;
  gives_both(lists, "m.md", "| before | after |\n|---|:--:|\n| A/x.png | B/x.png |\n| A/y 1.png | B/y 1.png |\n");
  lists.refuses("m.json", R"([{"id": 1, "captions": ["c"], "video": ["A/x.png", "B/x.png", "A/y 1.png"]}])",
                "\"video\" has 3 pictures");
}

TEST_CASE("rows without a header may end in captions") {
  const Lists lists;
  const auto captions = [&](const std::string& name, const std::string& content) {
    INFO(content);
    gives_both(lists, name, content);
    return lists.read(name, content).pairs[0].captions;
  };
  const Captions one = {"a house, built"};
  CHECK(captions("m.csv", "A/x.png,B/x.png,\"a house, built\"\nA/y 1.png,B/y 1.png,a road\n") == one);
  CHECK(captions("m.csv", "A/x.png;B/x.png;a house, built\nA/y 1.png;B/y 1.png;a road\n").size() == 1);
  CHECK(captions("m.tsv", "7\tA/x.png\tB/x.png\t1\ta house, built\n8\tA/y 1.png\tB/y 1.png\t0\tno change\n") == one);
  CHECK(captions("m.txt", "A/x.png B/x.png a house\nA/y 1.png B/y 1.png a road\n") == Captions{"a house"});
  CHECK(captions("m.csv", "A/x.png,B/x.png,a house,a hut here\nA/y 1.png,B/y 1.png,a road,a lane\n") ==
        Captions{"a house", "a hut here"});
  // A caption with the separator in it is not two captions.
  lists.refuses("m.csv", "A/x.png,B/x.png,a house\nA/y 1.png,B/y 1.png,a road, long and wide\n",
                "must stand in quotes");
  lists.refuses("m.csv", "A/x.png,B/x.png,good\n", "whose line 1");
}

TEST_CASE("columns of registration are dates where both name pictures, and captions where they do not") {
  const Lists lists;
  for (const char* header : {"reference,query", "ref,sec", "master,slave", "primary,secondary", "from,to",
                             "baseline,followup", "d1,d2", "x1,x2", "ref_image,sec_image"}) {
    lists.gives_x("m.csv", std::string(header) + ",id\nA/x.png,B/x.png,1\n");
  }
  CHECK(lists.read("m.csv", "before,after,reference\nA/x.png,B/x.png,a house here\n").pairs[0].captions ==
        Captions{"a house here"});
  lists.gives_x("m.json", R"([{"id": "1", "video": ["A/x.png", "B/x.png"], "conversations": []}])");
}
