// What programs put around captions or leave out of them: marks, quotes, null.
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/caption_marks.h"
#include "core/pairs/lists/predictions.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;
using ccx::test::Lists;

namespace {

using Texts = std::vector<std::string>;

std::size_t count_of(const Texts& notes, const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      notes.begin(), notes.end(), [&](const std::string& note) { return note.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("marks around references are left out, of tokens and of texts, and told once") {
  const Lists lists;
  for (const std::string sentence :
       {R"({"tokens": ["<START>", "a", "house", "<END>", "<NULL>", "<NULL>"]})",
        R"({"tokens": ["<start>", "a", "house", "<end>", "<pad>"]})", R"({"raw": "<start> a house <end>"})",
        R"({"raw": "startseq a house endseq"})", R"({"raw": "[START] a house [END]"})"}) {
    CAPTURE(sentence);
    const ReferenceList list =
        read_references(lists.write("r.json", R"({"images": [{"filename": "x.png", "split": "test", "sentences": [)" +
                                                  sentence + ", " + sentence + "]}]}"));
    CHECK(list.references.at(0).sentences.at(0) == "a house");
    CHECK(count_of(list.notes, "2 captions have marks") == 1);
  }
  CHECK(read_references(lists.write("r.json", R"({"x": ["<start> a house <end>", "<start><end>"]})"))
            .references.at(0)
            .sentences == Texts{"a house"});
  // Beside the prediction too; marks within are words.
  const PredictionList both = read_predictions(
      lists.write("p.jsonl", R"({"id": "1", "pred": "a house", "references": ["<s> a <unk> house </s>"]})"));
  CHECK(both.predictions.at(0).references == Texts{"a <unk> house"});
  CHECK(count_of(both.notes, "references: 1 caption has marks") == 1);
}

TEST_CASE("quotes around all captions are left out, around some they are told") {
  const Lists lists;
  const PredictionList all = read_predictions(
      lists.write("p.json", R"({"1": "\"a house is built.\"", "2": "“a road appears”", "3": "'trees'"})"));
  CHECK(all.predictions.at(0).caption == "a house is built.");
  CHECK(all.predictions.at(1).caption == "a road appears");
  CHECK(all.predictions.at(2).caption == "trees");
  CHECK(count_of(all.notes, "3 captions stand in quotes") == 1);
  const PredictionList some =
      read_predictions(lists.write("p.json", R"({"1": "\"a house is built.\"", "2": "a road appears"})"));
  CHECK(some.predictions.at(0).caption == "\"a house is built.\"");
  CHECK(count_of(some.notes, "the quotes are kept") == 1);
  CHECK(without_quotes("\"left\" and \"right\"") == "\"left\" and \"right\"");
  CHECK(without_quotes("\"\"") == "\"\"");
}

TEST_CASE("a caption that is null is a failed record among others, and an empty one is told") {
  const Lists lists;
  for (const std::string content : {R"([{"id": "1", "caption": "a house"}, {"id": "2", "caption": null}])",
                                    R"([{"id": "1", "caption": null}, {"id": "2", "caption": "a house"}])",
                                    R"([{"id": "1", "pred": "a house"}, {"id": "2", "pred": NaN}])",
                                    R"([{"id": "1", "output": "a house"}, {"id": "2", "output": null}])",
                                    R"({"1": "a house", "2": null})", R"({"1": ["a house"], "2": [null]})"}) {
    CAPTURE(content);
    PredictionList list;
    REQUIRE_NOTHROW(list = read_predictions(lists.write("p.json", content)));
    REQUIRE(list.predictions.size() == 2);
    CHECK(list.predictions[0].error.empty() != list.predictions[1].error.empty());
    CHECK(count_of(list.notes, "1 caption is null, nan or an empty cell") == 1);
  }
  const PredictionList table = read_predictions(lists.write("p.csv", "id,caption\n1,a house\n2,nan\n"));
  CHECK_THAT(table.predictions.at(1).error, contains("no_caption"));
  CHECK(count_of(table.notes, "p.csv:3") == 1);
  CHECK_THROWS_WITH(read_predictions(lists.write("p.json", R"([{"id": "1", "caption": null}])")),
                    contains("every caption is null"));
  CHECK_THROWS_AS(read_predictions(lists.write("p.json", R"([{"id": "1", "caption": "a"}, {"id": "2"}])")), InputError);
  const PredictionList blank =
      read_predictions(lists.write("p.json", R"([{"id": "1", "caption": "a house"}, {"id": "2", "caption": " "}])"));
  CHECK(count_of(blank.notes, "1 caption is empty") == 1);
}

TEST_CASE("keys that say captions in other words are read, in JSON as in a table") {
  const Lists lists;
  const Texts two = {"a pond is gone", "the pond vanished"};
  for (const std::string key : {"caption_list", "captions_list", "cap_list", "all_captions", "sentence_list",
                                "captions_en", "caption_texts", "annotations", "change_caption_list", "text_list"}) {
    CAPTURE(key);
    const std::string pictures = R"([{"image1": "A/x.png", "image2": "B/x.png", ")";
    CHECK(lists.read("m.json", pictures + key + R"(": ["a pond is gone", "the pond vanished"]}])").pairs[0].captions ==
          two);
    CHECK(lists.read("m.json", pictures + key + R"(": [{"raw": "a pond is gone"}, {"raw": "the pond vanished"}]}])")
              .pairs[0]
              .captions == two);
  }
  CHECK(lists.read("m.csv", "image1,image2,caption_list\nA/x.png,B/x.png,\"['a pond is gone', 'the pond vanished']\"\n")
            .pairs[0]
            .captions == two);
  // Beside a caption the list is the captions; beside a list another is told.
  CHECK(lists
            .read("m.json", R"([{"before": "A/x.png", "after": "B/x.png", "caption": "a pond is gone",
                                  "caption_list": ["a pond is gone", "the pond vanished"]}])")
            .pairs[0]
            .captions == two);
  const PairSet both = lists.read("m.json", R"([{"before": "A/x.png", "after": "B/x.png",
      "captions": ["a pond is gone", "the pond vanished"], "all_captions": ["a house stands there"]}])");
  CHECK(both.pairs[0].captions == two);
  CHECK(count_of(both.notes, "\"all_captions\" are not read") == 1);
  for (const char* key : {"annotation", "meta", "info"}) {
    CAPTURE(key);
    CHECK(lists
              .read("m.json", R"([{"id": "1", "before": "A/x.png", "after": "B/x.png", ")" + std::string(key) +
                                  R"(": {"caption": "a pond is gone", "annotator": "jo"}}])")
              .pairs[0]
              .captions == Texts{"a pond is gone"});
  }
  const PairSet lengths = lists.read("m.json", R"([{"before": "A/x.png", "after": "B/x.png",
      "short_caption": "a pond is gone", "long_caption": "the pond in the north was filled"}])");
  CHECK(lengths.pairs[0].captions == Texts{"the pond in the north was filled", "a pond is gone"});
  CHECK(count_of(lengths.notes, "are read as captions of one pair") == 1);
  CHECK(lists
            .read("m.json", R"([{"before": "A/x.png", "after": "B/x.png",
      "short_captions": ["a pond is gone"], "long_captions": ["the pond in the north was filled"]}])")
            .pairs[0]
            .captions == Texts{"the pond in the north was filled", "a pond is gone"});
  CHECK(lists.read("m.json", R"([{"before": "A/x.png", "after": "B/x.png", "human_caption_list": ["a pond is gone"]}])")
            .pairs[0]
            .captions == Texts{"a pond is gone"});
}

TEST_CASE("what the first record leaves empty is read of the others") {
  const Lists lists;
  const std::string first = R"({"before": "A/x.png", "after": "B/x.png", "caption_list": [], "qa": []})";
  const PairSet set = lists.read(
      "m.jsonl",
      first + "\n" +
          R"({"before": "A/y 1.png", "after": "B/y 1.png", "caption_list": ["a pond is gone"], "qa": ["the pond in the north was filled"]})");
  CHECK(set.pairs.at(1).captions == Texts{"a pond is gone"});
  const std::string two = R"({"id": "1", "images": ["A/x.png", "B/x.png"]})";
  lists.refuses("m.jsonl", two + "\n" + R"({"id": "2", "images": ["A/y 1.png"]})", "has 1 picture, and a pair is two");
  PairSetOptions options;
  options.keep_missing = true;
  CHECK_THAT(lists.read("m.jsonl", two + "\n" + R"({"id": "2", "images": []})", options).pairs.at(1).missing,
             contains("m.jsonl:2 names no image for before"));
}

TEST_CASE("descriptions in Chinese, Japanese, Korean and Russian are captions") {
  const Lists lists;
  for (const std::string key : {"描述", "变化描述", "说明", "説明", "설명", "описание"}) {
    CAPTURE(key);
    const PairSet set = lists.read("m.csv", "编号,前时相,后时相," + key + "\n7,A/x.png,B/x.png,新建一座房屋\n");
    CHECK(set.pairs[0].captions == Texts{"新建一座房屋"});
    CHECK(set.pairs[0].id == "7");
  }
}

TEST_CASE("sentences that are not read are told, wherever they stand") {
  const Lists lists;
  for (const std::string value :
       {R"([{"question": "What changed?", "answer": "The pond in the north was filled."}])",
        R"({"seen": {"by": "the pond in the north was filled"}})", R"(["the pond in the north was filled"])",
        R"("图像北部新建了一座房屋")", R"(["家が建てられた。道路もできた"])"}) {
    CAPTURE(value);
    const PairSet set =
        lists.read("m.json", R"([{"id": "1", "before": "A/x.png", "after": "B/x.png", "qa_pairs": )" + value + "}]");
    CHECK(set.pairs[0].captions.empty());
    CHECK(count_of(set.notes, "\"qa_pairs\" holds sentences that are not read") == 1);
  }
  const PairSet several = lists.read("m.json", R"([{"id": "1", "before": "A/x.png", "after": "B/x.png",
      "first_words": ["the pond in the north was filled"], "last_words": {"a": "a road was built in the south"}}])");
  CHECK(count_of(several.notes, "\"first_words\" and \"last_words\" hold sentences that are not read") == 1);
  CHECK(count_of(lists
                     .read("m.json",
                           R"([{"id": "1", "before": "A/x.png", "after": "B/x.png", "llava_captions": ["a pond"]}])")
                     .notes,
                 "\"llava_captions\" holds sentences") == 1);
  // What is none: places, paths, tokens, numbers.
  CHECK(lists
            .read("m.json", R"([{"id": "1", "before": "A/x.png", "after": "B/x.png", "bbox": [1, 2, 3, 4],
      "meta": {"sensor": "WorldView 2", "place": "北京"}, "files": ["a b c d.png"]}])")
            .notes.empty());
}

TEST_CASE("numbers and names of tiles are ids where there is none and no two are alike") {
  const Lists lists;
  lists.gives_x("m.csv", "Nr;Bild_vorher;Bild_nachher\n7;A/x.png;B/x.png\n", "7");
  lists.gives_x("m.csv", "Tile Name,Image (before),Image (after)\nx7,A/x.png,B/x.png\n", "x7");
  lists.gives_x("m.csv", "OBJECTID,Shape_Area,pre_path,post_path\n7,812.5,A/x.png,B/x.png\n", "7");
  lists.gives_x("m.csv", "no,id,before,after\n7,a,A/x.png,B/x.png\n", "a");
  const std::string rows = "nr,before,after,caption\n1,A/x.png,B/x.png,a house\n";
  CHECK(lists.read("m.csv", rows + "1,A/y 1.png,B/y 1.png,a road\n").pairs[0].id == "x");
  const PairSet joined = lists.read("m.csv", rows + "2,A/x.png,B/x.png,a road\n");
  REQUIRE(joined.pairs.size() == 1);
  CHECK(joined.pairs[0].id == "x");
}

TEST_CASE("a sum below a table is left out, and told with its line") {
  const Lists lists;
  for (const std::string sum : {"Total: 1,,,", ",,,Total 1", "Summe,,,1", "合计,,,"}) {
    CAPTURE(sum);
    const PairSet set = lists.read("m.csv", "id,before,after,caption\n1,A/x.png,B/x.png,a house\n,,,\n" + sum + "\n");
    REQUIRE(set.pairs.size() == 1);
    CHECK(count_of(set.notes, "m.csv:4 names no picture and is left out") == 1);
  }
  // A pair that lacks its pictures stays one.
  PairSetOptions options;
  options.keep_missing = true;
  const PairSet lacks = lists.read("m.csv", "id,before,after\n1,A/x.png,B/x.png\n2,,\n", options);
  REQUIRE(lacks.pairs.size() == 2);
  CHECK_THAT(lacks.pairs[1].missing, contains("m.csv:3 names no image for before, and names no image for after"));
  CHECK(lacks.notes.empty());
}

TEST_CASE("paths of another machine are told as such, with what they would be here") {
  const Lists lists;
  lists.refuses("m.json", R"([{"image_A": "/home/liu/levir/A/x.png", "image_B": "/home/liu/levir/B/x.png"}])",
                "make the list's paths relative");
  lists.refuses("m.json", R"([{"image_A": "/home/liu/levir/A/x.png", "image_B": "/home/liu/levir/B/x.png"}])",
                "such as 'A/x.png', which is there");
}

TEST_CASE("an id that is made of a name in Windows-1252 is that name") {
  const Lists lists;
  CHECK(lists
            .read("m.csv",
                  "before,after\nA/Stra\xDF"
                  "e.png,B/Stra\xDF"
                  "e.png\nA/x.png,B/x.png\n")
            .pairs[0]
            .id == "Straße");
}
