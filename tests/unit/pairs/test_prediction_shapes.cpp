// Predictions in the shapes in which programs dump them; and which lists of a folder are read.
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/predictions.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;
using ccx::test::Lists;

TEST_CASE("predictions stand in objects and lists of any shape") {
  const Lists lists;
  const std::string entries = R"({"x": "a house is built", "y 1": "a road appears"})";
  const std::vector<std::string> contents = {
      R"({"captions": )" + entries + "}",
      R"({"predictions": )" + entries + R"(, "model": "m", "total": 2})",
      R"({"results": )" + entries + R"(, "config": {"beam": 3}})",
      R"({"name": "run 1", "captions": )" + entries + "}",
      R"({"data": {"captions": )" + entries + "}}",
      std::string(R"({"outputs": {"x": {"text": "a house is built"}, "y 1": {"text": "a road appears"}}})"),
      std::string(
          R"({"results": [{"id": "x", "caption": "a house is built"}, {"id": "y 1", "caption": "a road appears"}]})"),
      std::string(R"({"x": {"caption": "a house is built"}, "y 1": {"caption": "a road appears"}})"),
      std::string(R"([["x", "a house is built"], ["y 1", "a road appears"]])"),
      std::string(R"([["x", "a house is built", 0.9], ["y 1", "a road appears", 0.8]])"),
      std::string(R"({"predictions": [["x", "a house is built"], ["y 1", "a road appears"]]})"),
      std::string(R"([["id", "caption"], ["x", "a house is built"], ["y 1", "a road appears"]])"),
      std::string(R"([{"x": "a house is built"}, {"y 1": "a road appears"}])"),
      std::string("{\"x\": \"a house is built\"}\n{\"y 1\": \"a road appears\"}\n"),
      std::string(R"({"ids": ["x", "y 1"], "captions": ["a house is built", "a road appears"]})")};
  for (const std::string& content : contents) {
    CAPTURE(content);
    PredictionList list;
    REQUIRE_NOTHROW(list = read_predictions(lists.write("p.json", content)));
    REQUIRE(list.predictions.size() == 2);
    CHECK(list.predictions[0].id == "x");
    CHECK(list.predictions[0].caption == "a house is built");
    CHECK(list.predictions[1].id == "y 1");
    CHECK(list.predictions[1].caption == "a road appears");
  }
  const PredictionList both = read_predictions(
      lists.write("p.json", R"({"res": {"x": ["a house is built"]}, "gts": {"x": ["a house", "a home is there"]}})"));
  CHECK(both.predictions.at(0).caption == "a house is built");
  CHECK(both.predictions.at(0).references == std::vector<std::string>{"a house", "a home is there"});
  CHECK(read_predictions(lists.write("p.txt", "x: a house is built\ny: a road appears\n")).predictions.at(1).id == "y");
  CHECK_THROWS_AS(read_predictions(lists.write("p.json", R"(["a house is built", "a road appears"])")), InputError);
  CHECK_THROWS_AS(read_predictions(lists.write("p.json", R"([{"foo": "bar"}])")), InputError);
}

TEST_CASE("a folder's list may be a text, and what lies beside the one that is read is told") {
  const Lists lists;
  const auto folder = [&](const std::string& name) { return (lists / name).parent_path(); };
  lists.write("t/captions.txt", "x.png: a house is built\ny.png: nothing has changed\n");
  lists.write("t/README.txt", "Note: these were drawn by hand\n");
  REQUIRE(data_files(folder("t/x")).size() == 1);
  CHECK(data_files(folder("t/x"))[0].path.filename() == "captions.txt");
  CHECK(data_files(folder("t/x"))[0].notes.empty());
  lists.write("t/captions.csv", "filename,caption\nx.png,a house is built\n");
  lists.write("t/pairs.csv", "before,after\nA/x.png,B/x.png\n");
  const std::vector<DataFile> files = data_files(folder("t/x"));
  REQUIRE(files.size() == 1);
  CHECK(files[0].path.filename() == "captions.csv");
  REQUIRE(files[0].notes.size() == 2);
  CHECK_THAT(files[0].notes[0], contains("pairs.csv has no captions") && contains(": not read"));
  CHECK_THAT(files[0].notes[1], contains("captions.txt holds captions too"));
  for (const char* file : {"n/A/x.png", "n/B/x.png"}) lists.write(file, "");
  CHECK_THROWS_WITH(data_files(folder("n/x")),
                    contains("1 pair of pictures") && contains("columns filename and caption"));
  lists.write("n/text/x.txt", "a house is built");
  lists.write("n/text/y.txt", "a road appears");
  CHECK_THROWS_WITH(data_files(folder("n/x")), contains("are not read one by one"));
}
