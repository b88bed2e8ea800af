// Lists as people and their tools write them: several captions in a cell, words of other languages, Label Studio,
// Hugging Face, R, jq, and names without paths.
#include <algorithm>
#include <string>
#include <vector>

#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/lists/predictions.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::Lists;

namespace {

bool says(const std::vector<std::string>& notes, const std::string& text) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("several captions in one cell are several") {
  const Lists lists;
  const std::vector<std::string> both = {"a house is built", "a home appears"};
  for (const std::string cell : {"['a house is built', 'a home appears']", "('a house is built', 'a home appears')",
                                 "{'a house is built', 'a home appears'}", "a house is built\na home appears",
                                 "a house is built | a home appears", "a house is built|a home appears|",
                                 "a house is built\r\n\r\na home appears\r\n"}) {
    CAPTURE(cell);
    const PairSet set = lists.read("cells.csv", "id,before,after,captions\n1,A/x.png,B/x.png,\"" + cell + "\"\n");
    CHECK(set.pairs.at(0).captions == both);
    const bool is_python = cell.find('\'') != std::string::npos;
    CHECK(says(set.notes, "several captions") == !is_python);
  }
  // Brackets and braces of a sentence are part of it, and so is a semicolon, of which one is told.
  for (const std::string sentence : {"(a house)", "{a house}", "a house (new) is built", "a house; a road"}) {
    CAPTURE(sentence);
    const PairSet set = lists.read("cells.csv", "id,before,after,caption\n1,A/x.png,B/x.png," + sentence + "\n");
    CHECK(set.pairs.at(0).captions == std::vector<std::string>{sentence});
    CHECK(says(set.notes, "semicolon") == (sentence.find(';') != std::string::npos));
  }
  // What stands for nothing.
  for (const std::string nothing : {"-", "--", "?", "."}) {
    CHECK(lists.read("cells.csv", "id,before,after,caption\n1,A/x.png,B/x.png," + nothing + "\n")
              .pairs[0]
              .captions.empty());
  }
  // A model's caption with a line break is one caption.
  const PredictionList predictions =
      read_predictions(lists.write("p.jsonl", "{\"id\": \"1\", \"caption\": \"a house\\nis built\"}\n"));
  CHECK(predictions.predictions.at(0).caption == "a house\nis built");
}

TEST_CASE("columns in other languages") {
  const Lists lists;
  for (const std::string header : {"avant,après", "Avant,Apres", "antes,después", "antes,depois", "vorher,nachher",
                                   "до,после", "前,后", "前时相,后时相", "变化前影像,变化后影像", "prima,dopo",
                                   "Bild_alt,Bild_neu", "image_ancien,image_nouveau", "Vorher_2018,Nachher_2021"}) {
    lists.gives_x("words.csv", "id," + header + "\n1,A/x.png,B/x.png\n");
    const std::size_t comma = header.find(',');
    lists.gives_x("turned.csv",
                  "id," + header.substr(comma + 1) + "," + header.substr(0, comma) + "\n1,B/x.png,A/x.png\n");
  }
}

TEST_CASE("exports of annotation tools and of libraries of data sets") {
  const Lists lists;
  const PairSet studio = lists.read("studio.json", R"([{"id": 1,
    "data": {"before": "/data/local-files/?d=A/x.png", "after": "/data/local-files/?d=B/x.png"},
    "annotations": [{"id": 7, "result": [
      {"from_name": "caption", "type": "textarea", "value": {"text": ["a house is built"]}},
      {"from_name": "changed", "type": "choices", "value": {"choices": ["changed"]}}]}]}])");
  CHECK(studio.pairs.at(0).before == (lists / "A/x.png").string());
  CHECK(studio.pairs[0].captions == std::vector<std::string>{"a house is built"});
  CHECK(studio.pairs[0].changed == true);
  lists.refuses("upload.json", R"([{"id": 1, "before": "/data/upload/3/a-x.png", "after": "/data/upload/3/b-x.png"}])",
                "Label Studio");
  // Hugging Face's to_csv(), and pictures that lie in the list itself.
  lists.gives_x("hub.csv",
                "id,image_before,image_after\n1,\"{'bytes': None, 'path': 'A/x.png'}\","
                "\"{'bytes': None, 'path': 'B/x.png'}\"\n");
  lists.refuses(
      "bytes.jsonl",
      R"({"id": "1", "image_before": {"bytes": "iVBOR", "path": null}, "image_after": {"bytes": "iVBOR", "path": null}})",
      "holds the picture itself");
  lists.refuses(
      "chat.jsonl",
      R"({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBOR"}}]}]})",
      "holds the picture itself");
}

TEST_CASE("objects one after another, and R's tables") {
  const Lists lists;
  const std::string one = R"({"id": "1", "before": "A/x.png", "after": "B/x.png"})";
  const std::string two = R"({"id": "2", "before": "A/y 1.png", "after": "B/y 1.png"})";
  for (const std::string between : {",\n", "\n\n"}) {
    const std::string pretty = "{\n  \"id\": \"1\",\n  \"before\": \"A/x.png\",\n  \"after\": \"B/x.png\"\n}";
    CHECK(lists.read("rows.jsonl", one + between + two + between).pairs.size() == 2);
    CHECK(lists.read("pretty.json", pretty + between + two).pairs.size() == 2);
  }
  lists.refuses("cut.json", "{\n  \"id\": \"1\",\n  \"before\": \"A/x.png\"", "not valid JSON");
  lists.gives_x("r.txt", "\"id\" \"before\" \"after\"\n\"a\" \"1\" \"A/x.png\" \"B/x.png\"\n");
  lists.gives_x("r.csv", "\"id\",\"before\",\"after\"\n\"1\",\"1\",\"A/x.png\",\"B/x.png\"\n");
  lists.refuses("more.csv", "before,after\nA/x.png,B/x.png,z\n", "3 fields where the header has 2");
  const PairSet quoted = lists.read("quoted.txt", "\"A/y 1.png\" \"B/y 1.png\"\n\"A/x.png\" \"B/x.png\"\n");
  CHECK(quoted.pairs.at(0).after == (lists / "B/y 1.png").string());
}

TEST_CASE("a name a line, with captions or without an extension") {
  const Lists lists;
  test::write_file(lists / "A/z.png", "");
  test::write_file(lists / "B/z.png", "");
  const PairSet bare = lists.read("test.txt", "x\nz\n");
  CHECK(bare.pairs.at(1).before == (lists / "A/z.png").string());
  lists.refuses("word.txt", "hello\n", "no list that ccx knows");
  lists.refuses("words.txt", "hello\nworld\n", "holds none called 'hello'");
  for (const std::string between : {"\t", ",", ": ", " "}) {
    CAPTURE(between);
    const PredictionList found = read_predictions(
        lists.write("p.txt", "x.png" + between + "a house is built\nz.png" + between + "a road appears\n"));
    CHECK(found.predictions.at(1).id == "z");
    CHECK(found.predictions[1].caption == "a road appears");
  }
  CHECK(read_predictions(lists.write("p.tsv", "000001\ta house is built\n")).predictions.at(0).id == "000001");
  const ReferenceList references =
      read_references(lists.write("flickr.txt", "x.png#0\ta house is built\nx.png#1\ta home, red, appears\n"));
  REQUIRE(references.references.size() == 1);
  CHECK(references.references[0].sentences == std::vector<std::string>{"a house is built", "a home, red, appears"});
  const PredictionList factory =
      read_predictions(lists.write("f.jsonl", R"({"id": "1", "predict": "a house is built", "label": "a house"})"));
  CHECK(factory.predictions.at(0).caption == "a house is built");
}

TEST_CASE("rows that say the same twice are one pair, and bytes of Windows are read") {
  const Lists lists;
  const PairSet twice =
      lists.read("twice.csv", "before,after\nA/x.png,B/x.png\nA/x.png,B/x.png\nA/y 1.png,B/y 1.png\n");
  CHECK(twice.pairs.size() == 2);
  CHECK(says(twice.notes, "the same two pictures"));
  test::write_file(lists / "A/M\xC3\xBCller.png", "");
  test::write_file(lists / "B/M\xC3\xBCller.png", "");
  const PairSet windows = lists.read("windows.csv", "id,before,after\n1,A/M\xFCller.png,B/M\xFCller.png\n");
  CHECK(windows.pairs.at(0).before == (lists / "A/M\xC3\xBCller.png").string());
  CHECK(says(windows.notes, "Windows-1252"));
  lists.refuses("gbk.csv", "\xB1\xE0\xBA\xC5,\xC7\xB0\xCE\xF1\n1,x\n", "CSV UTF-8");
}

TEST_CASE("a data set with a list in each split's folder, or in one of its own") {
  const test::TempDir dir;
  const std::string record = R"({"before": "x_a.png", "after": "x_b.png", "caption": "a house is built"})";
  test::write_file(dir / "hub/train/metadata.jsonl", record + "\n");
  test::write_file(dir / "hub/validation/metadata.jsonl", record + "\n");
  const std::vector<DataFile> hub = data_files(dir / "hub");
  REQUIRE(hub.size() == 2);
  CHECK(hub[0].split == "train");
  CHECK(hub[1].split == "validation");
  CHECK(hub[0].root == dir / "hub/train");
  test::write_file(dir / "dubai/description_jsn/Train.json", "[" + record + "]");
  test::write_file(dir / "dubai/description_jsn/Test.json", "[" + record + "]");
  CHECK(data_files(dir / "dubai").size() == 2);
}

TEST_CASE("a row for each image: those of one place are a pair") {
  const Lists lists;
  for (const std::string table : {"image,site,date\nA/x.png,1,2018-05-01\nB/x.png,1,2020-05-01\n",
                                  "image,site,date\nB/x.png,1,2020-05-01\nA/x.png,1,2018-05-01\n",
                                  "filename;location;phase\nB/x.png;1;post\nA/x.png;1;pre\n",
                                  "file_name,pair_id,year\nA/x.png,1,2018\nB/x.png,1,2020\n",
                                  "date,path,aoi\n03.05.2018,A/x.png,1\n01.05.2020,B/x.png,1\n"}) {
    lists.gives_x("rows.csv", table);
  }
  lists.gives_x("rows.json", R"([{"file_name": "B/x.png", "location": "1", "date": "2021-01-01"},
                                 {"file_name": "A/x.png", "location": "1", "date": "2019-01-01"}])");
  const PairSet set =
      lists.read("rows.csv", "image,site,date\nA/x.png,a,2018\nB/x.png,a,2020\nA/y 1.png,b,2018\nB/y 1.png,b,2020\n");
  REQUIRE(set.pairs.size() == 2);
  CHECK(set.pairs[1].id == "b");
  CHECK(set.pairs[1].after == (lists / "B/y 1.png").string());
  CHECK(says(set.notes, "a row for each of 4 images"));
  lists.refuses("rows.csv", "image,site,date\nA/x.png,a,2018\nB/x.png,a,2020\nB/y 1.png,a,2021\n", "3 images of 'a'");
  lists.refuses("rows.csv", "image,site,date\nA/x.png,a,2018-01\nB/x.png,a,2018\n", "do not say which image is first");
}

TEST_CASE("what people wrote is never the prediction") {
  const Lists lists;
  const auto predicted = [&](const std::string& record) {
    return read_predictions(lists.write("p.jsonl", record + "\n")).predictions.at(0).caption;
  };
  for (const std::string keys :
       {"gt,gen", "gts,res", "gt_caption,gen_caption", "reference,candidate", "ground_truth,ours", "gt,output",
        "human caption,AI caption", "ref,hyps", "gt_answer,answer"}) {
    CAPTURE(keys);
    const std::size_t comma = keys.find(',');
    CHECK(predicted("{\"id\": \"1\", \"" + keys.substr(0, comma) + "\": \"a house is built\", \"" +
                    keys.substr(comma + 1) + "\": \"a road appears\"}") == "a road appears");
  }
  for (const std::string record : {R"({"id": "1", "gt": "a house is built"})",
                                   R"({"id": "1", "human": "a house is built", "model": "a road appears"})",
                                   R"({"id": "1", "caption": "a house is built", "output": "a road appears"})",
                                   R"({"id": "1", "caption": "a house is built", "qwen_caption": "a road appears"})"}) {
    CAPTURE(record);
    CHECK_THROWS_AS(predicted(record), InputError);
  }
  lists.write("s.jsonl", R"({"id": "1", "caption": "a house is built", "remark": "seen from far away"})");
  CHECK(says(read_predictions(lists / "s.jsonl").notes, "remark"));
  CHECK(predicted(R"({"id": "an id of words", "caption": "a house is built"})") == "a house is built");
  CHECK(predicted(R"({"id": "1", "caption": "a house is built", "prompt": "what has changed here"})") ==
        "a house is built");
}

TEST_CASE("one file's name in two places is two pairs, in two languages no caption, and dates are compared") {
  const Lists lists;
  for (const std::string place : {"beirut", "paris"}) {
    test::write_file(lists / (place + "/A/1.png"), "");
    test::write_file(lists / (place + "/B/1.png"), "");
  }
  const PairSet cities = lists.read("c.json", R"({"images": [
    {"filename": "1.png", "filepath": "beirut", "split": "test", "sentences": [{"raw": "a road appears"}]},
    {"filename": "1.png", "filepath": "paris", "split": "test", "sentences": [{"raw": "a house is built"}]}]})");
  REQUIRE(cities.pairs.size() == 2);
  CHECK(cities.pairs[1].id == "paris/1");
  CHECK(cities.pairs[1].before == (lists / "paris/A/1.png").string());
  CHECK(cities.pairs[1].captions == std::vector<std::string>{"a house is built"});
  CHECK(lists.read("c.csv", "city,filename,caption\nbeirut,1.png,a road\nparis,1.png,a house\n").pairs.at(1).before ==
        (lists / "paris/A/1.png").string());
  const PairSet two = lists.read(
      "two.csv", "before,after,caption_en,caption_zh\nA/x.png,B/x.png,a house is built,\xE6\x96\xB0\xE5\xBB\xBA\n");
  CHECK(two.pairs.at(0).captions.empty());
  CHECK(says(two.notes, "caption_zh"));
  CHECK(lists.read("one.csv", "before,after,caption_en\nA/x.png,B/x.png,a house is built\n")
            .pairs.at(0)
            .captions.size() == 1);
  CHECK(says(lists.read("de.csv", "before,after,Bemerkung\nA/x.png,B/x.png,ein Haus ist da\n").notes, "Bemerkung"));
  const PairSet german =
      lists.read("de.csv", "before,after,caption,Beschreibung\nA/x.png,B/x.png,a house is built,ein Haus ist da\n");
  CHECK(german.pairs.at(0).captions == std::vector<std::string>{"a house is built"});
  CHECK(says(german.notes, "Beschreibung"));
  test::write_file(lists / "x_2018.png", "");
  test::write_file(lists / "x_2021.png", "");
  CHECK(says(lists.read("r.csv", "before,after\nx_2021.png,x_2018.png\n").notes, "later time"));
  CHECK_FALSE(says(lists.read("r.csv", "before,after\nx_2018.png,x_2021.png\n").notes, "later time"));
}

TEST_CASE("Dubai-CC's folder of lists, columns called cap, and lists beside LEVIR-CC's own") {
  const Lists lists;
  test::write_file(lists / "description_jsontr_te_val/Train.json",
                   R"({"images": [{"filename": "x.png", "sentences": [{"raw": "a house is built"}]}]})");
  CHECK(data_files(lists / "").at(0).path == lists / "description_jsontr_te_val/Train.json");
  const PairSet set = read_pair_set(lists / "description_jsontr_te_val/Train.json", {});
  CHECK(set.pairs.at(0).before == (lists / "A/x.png").string());
  CHECK(lists.read("c.csv", "id,before,after,cap\n1,A/x.png,B/x.png,a house is built\n").pairs.at(0).captions.size() ==
        1);
  CHECK(lists.read("c.csv", "id,before,after,cap1,cap2\n1,A/x.png,B/x.png,a house is built,a home appears\n")
            .pairs.at(0)
            .captions.size() == 2);
  const std::string levir = R"({"images": [{"filename": "x.png", "sentences": [{"raw": "a house is built"}]}]})";
  const test::TempDir dir;
  test::write_file(dir.path() / "LevirCCcaptions.json", levir);
  test::write_file(dir.path() / "LevirCCcaptions_v2.json", levir);
  const std::vector<DataFile> files = data_files(dir.path());
  CHECK(files.at(0).path.filename() == "LevirCCcaptions.json");
  CHECK(says(files.at(0).notes, "LevirCCcaptions_v2.json holds captions too"));
  // Of a list whose pictures are elsewhere a person hears where they were looked for.
  CHECK(says(lists.read("p.csv", "id,before,after\n1,C/x.png,D/x.png\n").notes, "--root names another folder"));
  // Captions by the files' names.
  const PredictionList named = read_predictions(
      lists.write("n.json", R"({"000001.png": "a house", "000002.png": "a road", "000003.png": "two roads"})"));
  CHECK(named.predictions.size() == 3);
  // Blanks that ROUGE-L counts.
  const PredictionList blank =
      read_predictions(lists.write("p.jsonl", "{\"id\": \"1\", \"caption\": \"a house is built\\n\"}\n"));
  CHECK(says(blank.notes, "blanks or line breaks at an end"));
}
