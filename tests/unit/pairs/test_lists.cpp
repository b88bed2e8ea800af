// Lists of every form that projects and spreadsheets write give the same pairs, or are refused in words.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/convert.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/lists/predictions.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;
using ccx::test::Lists;

namespace {

std::string utf16(const std::string& ascii, bool is_little, bool has_mark) {
  std::string out = has_mark ? (is_little ? "\xFF\xFE" : "\xFE\xFF") : "";
  for (const char c : ascii) {
    if (!is_little) out += '\0';
    out += c;
    if (is_little) out += '\0';
  }
  return out;
}

}  // namespace

TEST_CASE("tables as spreadsheets save them") {
  const Lists lists;
  lists.gives_x("bom.csv", "\xEF\xBB\xBFid,before,after\r\n1,A/x.png,B/x.png\r\n");
  lists.gives_x("semicolons.csv", "id;before;after\n1;A/x.png;B/x.png\n");
  lists.gives_x("tabs.csv", "id\tbefore\tafter\n1\tA/x.png\tB/x.png\n");
  lists.gives_x("bars.csv", "id|before|after\n1|A/x.png|B/x.png\n");
  lists.gives_x("spaces.csv", "id, before, after\n1, A/x.png, B/x.png\n");
  lists.gives_x("quoted.csv", "\"id\" , \"before\" , \"after\"\n\"1\" , \"A/x.png\" , \"B/x.png\"\n");
  lists.gives_x("upper.CSV", "ID,Before,AFTER\n1,A/x.png,B/x.png\n");
  lists.gives_x("mac.csv", "id,before,after\r1,A/x.png,B/x.png\r");
  lists.gives_x("excel.csv", "sep=;\r\nid;before;after\r\n1;A/x.png;B/x.png\r\n");
  lists.gives_x("last.csv", "id,before,after\n1,A/x.png,B/x.png,\n");
  lists.gives_x("cleared.csv", "id,before,after\r\n,,\r\n1,A/x.png,B/x.png\r\n,,\r\n");
  lists.refuses("open.csv", "id,before,after,caption\n1,A/x.png,B/x.png,\"a house\n", "never closed");
  const std::string table = "id,before,after\r\n1,A/x.png,B/x.png\r\n";
  for (const bool is_little : {true, false}) {
    for (const bool has_mark : {true, false}) lists.gives_x("utf16.csv", utf16(table, is_little, has_mark));
  }
}

TEST_CASE("names that are not quite the files' are found, and said") {
  const Lists lists;
  const auto note = [&](const std::string& before) {
    const PairSet set = lists.read("m.csv", "id,before,after\n1," + before + ",B/x.png\n");
    CHECK(set.pairs[0].before == (lists / "A/x.png").string());
    return set.notes.empty() ? std::string() : set.notes[0];
  };
  CHECK_THAT(note("A\\x.png"), contains("backslashes"));
  CHECK_THAT(note("A/X.PNG"), contains("upper and lower case"));
  CHECK_THAT(note("a/x.png"), contains("upper and lower case"));
  CHECK(note("A/x.png").empty());
  // Two files that fit equally are no match.
  test::write_file(lists / "A/Z.png", "");
  test::write_file(lists / "A/z.PNG", "");
  CHECK(lists.read("m.csv", "id,before,after\n1,A/z.png,B/x.png\n").pairs[0].before.empty());
}

TEST_CASE("columns are known whatever they are called and wherever they stand") {
  const Lists lists;
  for (const char* header :
       {"pre_path,post_path", "img1_path,img2_path", "Image_A,Image_B", "T1,T2", "image1,image2", "img0,img1",
        "time1,time2", "beforeImage,afterImage", "preimage,postimage", "image_2018,image_2021", "A,B", "t0,t1",
        "old_image,new_image", "source_image,target_image", "Path (before),Path (after)", "im1,im2"}) {
    lists.gives_x("m.csv", std::string(header) + ",id\nA/x.png,B/x.png,1\n");
  }
  lists.gives_x("m.csv", "after,id,before\nB/x.png,1,A/x.png\n");
  lists.gives_x("m.csv", "id,before_date,after_date,before,after\n1,2018,2019,A/x.png,B/x.png\n");
  lists.gives_x("m.csv", "id,image1,image2,date1,date2,mask_1\n1,A/x.png,B/x.png,2018,2019,m.png\n");
  lists.refuses("m.csv", "left,right\nA/x.png,B/x.png\n", "no list that ccx knows");
  lists.refuses("m.csv", "id,img_1,img_2,img_3\n1,A/x.png,B/x.png,A/x.png\n", "3 pictures");
  lists.refuses("m.csv", "id,before_image,before_path,after\n1,A/x.png,A/x.png,B/x.png\n", "may be");
}

TEST_CASE("records in JSON as projects publish them") {
  const Lists lists;
  const auto captions = [&](const std::string& content) {
    const PairSet set = lists.read("m.json", content);
    REQUIRE(set.pairs.size() == 1);
    CHECK(set.pairs[0].before == (lists / "A/x.png").string());
    return set.pairs[0].captions;
  };
  using Texts = std::vector<std::string>;
  CHECK(captions(R"([{"image_A":"A/x.png","image_B":"B/x.png","captions":["c"],"changeflag":1}])") == Texts{"c"});
  CHECK(captions(R"({"model_id":"m","pre_image":"A/x.png","post_image":"B/x.png","change_caption":"c"})") ==
        Texts{"c"});
  CHECK(captions(R"([{"id":0,"image":["A/x.png","B/x.png"],"conversations":[{"from":"human","value":"what changed?"},
                     {"from":"gpt","value":"A house is built."},{"from":"human","value":"How many?"},{"from":"gpt","value":"2"}]}])") ==
        Texts{"A house is built."});
  CHECK(
      captions(
          R"([{"images":["A/x.png","B/x.png"],"messages":[{"role":"user","content":[{"type":"text","text":"describe"}]},
                     {"role":"assistant","content":[{"type":"text","text":"a new road"}]}]}])") == Texts{"a new road"});
  CHECK(captions(R"([{"uid":"x","img0":"A/x.png","img1":"B/x.png","sents":["a","b"]}])") == Texts{"a", "b"});
  CHECK(captions(R"({"data":[{"t1":"A/x.png","t2":"B/x.png","desc":"c"}],"version":1})") == Texts{"c"});
  CHECK(captions(R"([{"before":"A/x.png","after":"B/x.png","caption2":"b","caption1":"a","caption10":"c"}])") ==
        Texts{"a", "b", "c"});
  CHECK(captions(R"([["A/x.png","B/x.png"]])").empty());
  CHECK(captions(R"({"x":["a","b"]})") == Texts{"a", "b"});  // its pictures are found by name
  CHECK(captions(R"([{"img_id":"x","sentences":["a"]}])") == Texts{"a"});
  CHECK(captions(R"({"images":[{"id":7,"file_name":"x.png"}],"annotations":[{"image_id":7,"id":1,"caption":"a"},
                     {"image_id":7,"id":2,"caption":"b"}]})") == Texts{"a", "b"});
  CHECK(captions(R"({"images":[{"filename":"x.png","split":"test","sentences":[{"tokens":["a","house"]}]}]})") ==
        Texts{"a house"});
  CHECK(captions(R"({"test":{"x":["a"]}})") == Texts{"a"});
  lists.refuses("m.json", R"({"columns":["a"],"rows":[[1]]})", R"(the keys "columns", "rows")");
  lists.refuses("m.json",
                R"({"images":[{"id":1,"file_name":"x.png"}],"annotations":[{"image_id":1,"bbox":[1,2,3,4]}]})",
                "objects");
  lists.refuses("m.json", R"({"images":[{"id":1,"file_name":"x.png"}],"annotations":[{"image_id":2,"caption":"a"}]})",
                "no image");
}

TEST_CASE("text with paths or file names a line") {
  const Lists lists;
  const auto ids = [&](const std::string& content) {
    std::vector<std::string> out;
    for (const Pair& pair : lists.read("list.txt", content).pairs) {
      CHECK_FALSE(pair.before.empty());
      CHECK_FALSE(pair.after.empty());
      out.push_back(pair.id);
    }
    return out;
  };
  using Ids = std::vector<std::string>;
  CHECK(ids("A/x.png B/x.png\nA/y 1.png B/y 1.png\n") == Ids{"x", "y 1"});
  CHECK(ids("A/x.png\tB/x.png\tlabel/x.png\n") == Ids{"x"});
  CHECK(ids("A/x.png,B/x.png,0\n") == Ids{"x"});
  CHECK(ids("7,A/x.png,B/x.png\n") == Ids{"7"});
  CHECK(ids("\"A/x.png\",\"B/x.png\"\n") == Ids{"x"});
  CHECK(ids("# two\nx.png\ny 1.png\n") == Ids{"x", "y 1"});
  lists.refuses("list.txt", "hello world, this is prose\n", "this is prose");
  lists.refuses("list.yaml", "- before: A/x.png\n  after: B/x.png\n", "- before: A/x.png");
  // A list in a folder of lists starts one above.
  CHECK(lists.read("list/train.txt", "A/x.png B/x.png\n").pairs[0].before == (lists / "A/x.png").string());
}

TEST_CASE("missing ids are the stems of the before pictures, longer where they must be, and said") {
  const Lists lists;
  test::write_file(lists / "two/A/x.png", "");
  const PairSet set = lists.read("m.jsonl",
                                 "{\"before\":\"A/x.png\",\"after\":\"B/x.png\"}\n"
                                 "{\"before\":\"two/A/x.png\",\"after\":\"B/x.png\"}\n"
                                 "{\"before\":\"A/y 1.png\",\"after\":\"B/y 1.png\"}\n");
  CHECK(set.pairs[0].id == "A/x");
  CHECK(set.pairs[1].id == "two/A/x");
  CHECK(set.pairs[2].id == "y 1");
  REQUIRE(set.notes.size() == 1);
  CHECK_THAT(set.notes[0], contains("3 pairs have no id"));
}

TEST_CASE("nan and None are nothing, and records of one pair are joined") {
  const Lists lists;
  const PairSet set = lists.read("m.csv",
                                 "id,before,after,caption,changed,split\n"
                                 "nan,A/x.png,B/x.png,a,1.0,None\n"
                                 "nan,A/y 1.png,B/y 1.png,NaN,,nan\n"
                                 "7,A/x.png,B/x.png,\"['a b', \"\"it's\"\"]\",True,test\n"
                                 "7,A/x.png,B/x.png,c,yes,test\n");
  REQUIRE(set.pairs.size() == 3);
  CHECK(set.pairs[0].changed == true);
  CHECK(set.pairs[0].split.empty());
  CHECK(set.pairs[1].captions.empty());
  CHECK_FALSE(set.pairs[1].changed);
  CHECK(set.pairs[2].captions == std::vector<std::string>{"a b", "it's", "c"});
  CHECK(
      lists.read("m.json", R"([{"id":"1","before":"A/x.png","after":NaN,"score":-Infinity}])").pairs[0].after.empty());
  lists.refuses("m.csv", "id,before,after,changed\n1,A/x.png,B/x.png,perhaps\n", "perhaps");
  lists.refuses("m.csv", "id,before,after\n1,A/x.png,B/x.png\n1,A/y 1.png,B/y 1.png\n", "occurs twice");
}

TEST_CASE("an id in two splits asks for the split") {
  const Lists lists;
  for (const char* split : {"train", "test"}) {
    for (const char* side : {"A", "B"})
      test::write_file(lists / (std::string("images/") + split + "/" + side + "/p.png"), "");
  }
  const std::string text = R"({"images":[{"filename":"p.png","split":"train"},{"filename":"p.png","split":"test"}]})";
  lists.refuses("m.json", text, "--split");
  PairSetOptions options;
  options.split = "TEST";
  const PairSet set = lists.read("m.json", text, options);
  REQUIRE(set.pairs.size() == 1);
  CHECK(set.pairs[0].before == (lists / "images/test/A/p.png").string());
  options.split = "val";
  CHECK_THROWS_WITH(lists.read("m.json", text, options), contains("its splits are test, train"));
  CHECK_THROWS_AS(lists.read("m.csv", "id,before,after\n1,A/x.png,B/x.png\n", options), UsageError);
}

TEST_CASE("pictures are found in the folders of other data sets, and masks beside them") {
  const Lists lists;
  const auto found = [&](const std::string& a, const std::string& b, const std::string& name) {
    test::write_file(lists / ("set/" + a), "");
    test::write_file(lists / ("set/" + b), "");
    PairSetOptions options;
    options.want_masks = true;
    const PairSet set =
        lists.read("set/captions.json",
                   R"({"images":[{"filename":")" + name + R"(","split":"train","sentences":[{"raw":"a"}]}]})", options);
    CHECK(set.pairs[0].before == (lists / ("set/" + a)).string());
    CHECK(set.pairs[0].after == (lists / ("set/" + b)).string());
    const std::string mask = set.pairs[0].mask;
    std::filesystem::remove_all(lists / "set");
    return mask;
  };
  CHECK(found("train/rgb/A/p.png", "train/rgb/B/p.png", "p.png").empty());
  CHECK(found("images/train/A/p.png", "images/train/B/p.png", "p.png").empty());
  CHECK(found("A/train/p.png", "B/train/p.png", "p.png").empty());
  CHECK(found("im1/p.png", "im2/p.png", "p.png").empty());
  CHECK(found("resized_images/p.png", "resized_images/p_2.png", "p").empty());
  CHECK(found("images/CLEVR_default_01.png", "sc_images/CLEVR_semantic_01.png", "CLEVR_default_01.png").empty());
  CHECK(found("train/A/p.jpg", "train/B/p.jpg", "p.png").empty());  // another extension than the list has
  test::write_file(lists / "set/train/label/p.png", "");
  CHECK(found("train/A/p.png", "train/B/p.png", "p.png") == (lists / "set/train/label/p.png").string());
}

TEST_CASE("what is no text is refused as what it is") {
  const Lists lists;
  lists.refuses("m.xlsx", std::string("PK\x03\x04", 4) + "rest", "spreadsheet");
  lists.refuses("m.parquet", "PAR1rest", "Parquet");
  lists.refuses("m.pkl", "\x80\x04\x95rest", "pickle");
  lists.refuses("m.png", "\x89PNG\r\n", "a picture");
  lists.refuses("m.json", "<!DOCTYPE html><html></html>", "web page");
  lists.refuses("m.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "Git LFS");
  lists.refuses("m.csv", std::string("id,before\0,after\n", 17), "zero byte");
  lists.refuses("m.json", std::string(1000000, '['), "nested more than 100 deep");
  lists.refuses("m.csv", "id,before,after\n1,..\\..\\x.png,B/x.png\n", "outside");
}

TEST_CASE("predictions and references in each other's place are refused, as are captions that are none") {
  const Lists lists;
  const auto refused = [&](const std::string& content, const std::string& message) {
    INFO(content);
    CHECK_THROWS_WITH(read_predictions(lists.write("p.json", content)), contains(message));
  };
  refused(R"({"x":["a","b"],"y":["c","d"]})", "2 sentences");
  refused(R"([{"id":"x","caption":null}])", "every caption is null");
  refused("id,caption\nx,NaN\n", "every caption is null");
  refused(R"([{"id":"x","before":"a.png","after":"b.png"}])", "has neither");
  refused(R"([{"id":"x","pred":"a","generated":"b"}])", "may be");
  const std::string record =
      R"({"id":"x","before":"a","after":"b","caption":"c","changed":true,"p_change":0.5,"logprob_mean":-1,"tokens":2})";
  CHECK_THROWS_WITH(read_references(lists.write("r.jsonl", record + "\n")), contains("--pred"));
  const std::vector<Prediction> read =
      read_predictions(lists.write("p.csv", "image;predicted_caption;ground_truth\nx.png;a;b\ny.png;c;d\n"))
          .predictions;
  REQUIRE(read.size() == 2);
  CHECK(read[0].id == "x");
  CHECK(read[1].caption == "c");
  CHECK(read[1].references == std::vector<std::string>{"d"});
}

TEST_CASE("a folder's list of captions is found, several are a split each or an error") {
  const Lists lists;
  const std::string list = R"([{"before":"A/x.png","after":"B/x.png","captions":["c"]}])";
  lists.write("one/anything.json", list);
  lists.write("one/config.json", R"({"model":1})");
  CHECK(data_files(lists / "one").size() == 1);
  lists.write("two/annotations/train.json", list);
  lists.write("two/annotations/val.json", list);
  const std::vector<DataFile> files = data_files(lists / "two");
  REQUIRE(files.size() == 2);
  CHECK(files[0].split == "train");
  lists.write("three/a.json", list);
  lists.write("three/b.json", list);
  CHECK_THROWS_WITH(data_files(lists / "three"), contains("a.json, b.json") && contains("name the one"));
  CHECK_THROWS_WITH(data_files(lists / "A"), contains("no list of captions"));
}

TEST_CASE("what is converted reads back the same, in every form") {
  const Lists lists;
  test::write_file(lists / "A/x.png", "before x");
  const std::string source =
      R"([{"id":"x","before":"A/x.png","after":"B/x.png","captions":["a house .","b"],"changed":1,"split":"test"},
                                 {"id":"y/z","before":"A/y 1.png","after":"B/y 1.png","captions":["c"],"changed":0,"split":"train"}])";
  const PairSet pairs = lists.read("m.json", source);
  for (const WrittenForm form :
       {WrittenForm::kLevir, WrittenForm::kUniversal, WrittenForm::kCoco, WrittenForm::kJsonLines}) {
    for (const ImageHandling how : {ImageHandling::kCopy, ImageHandling::kLink, ImageHandling::kLeave}) {
      if (form == WrittenForm::kLevir && how == ImageHandling::kLeave) continue;
      const std::filesystem::path out =
          lists / ("out" + std::to_string(static_cast<int>(form)) + std::to_string(static_cast<int>(how)));
      Conversion conversion{form, how,
                            how == ImageHandling::kLeave ? lists / (out.filename().string() + ".json") : out};
      const ConversionReport report = convert(pairs.pairs, conversion);
      PairSetOptions options;
      const PairSet back = read_pair_set(report.list, options);
      INFO(report.list << " " << back.format);
      REQUIRE(back.pairs.size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK(test::read_file(back.pairs[i].before) == test::read_file(pairs.pairs[i].before));
        CHECK(back.pairs[i].captions == pairs.pairs[i].captions);
        CHECK(back.pairs[i].changed == pairs.pairs[i].changed);
        CHECK(back.pairs[i].split == pairs.pairs[i].split);
      }
      CHECK(back.pairs[0].id == "x");
      CHECK_THROWS_WITH(convert(pairs.pairs, conversion), contains("is there already"));
    }
  }
  CHECK_THROWS_AS(convert(pairs.pairs, {WrittenForm::kLevir, ImageHandling::kLeave, lists / "o"}), UsageError);
}

TEST_CASE("ids that would become one file name are refused where the name is the id, and kept apart elsewhere") {
  const Lists lists;
  const PairSet pairs = lists.read("m.json", R"([{"id":"a/b","before":"A/x.png","after":"B/x.png","captions":["c"]},
                                                 {"id":"a_b","before":"A/y 1.png","after":"B/y 1.png","captions":["d"]}])");
  for (const WrittenForm form : {WrittenForm::kLevir, WrittenForm::kCoco}) {
    const std::filesystem::path out = lists / "out";
    CHECK_THROWS_WITH(convert(pairs.pairs, {form, ImageHandling::kCopy, out}),
                      contains("'a/b' and 'a_b'") && contains("a_b.png"));
    CHECK_FALSE(std::filesystem::exists(out));
  }
  const ConversionReport report =
      convert(pairs.pairs, {WrittenForm::kJsonLines, ImageHandling::kCopy, lists / "lines"});
  const PairSet back = read_pair_set(report.list, {});
  REQUIRE(back.pairs.size() == 2);
  CHECK(back.pairs[0].id == "a/b");
  CHECK(back.pairs[1].id == "a_b");
  CHECK(back.pairs[0].before != back.pairs[1].before);
  // One that has no rival is told.
  const std::vector<AnnotatedPair> alone = {pairs.pairs[0]};
  const ConversionReport told = convert(alone, {WrittenForm::kLevir, ImageHandling::kCopy, lists / "one"});
  REQUIRE_FALSE(told.notes.empty());
  CHECK_THAT(told.notes.back(), contains("'/'"));
}

TEST_CASE("marks of a tokenizer or a chat around a predicted caption are left out and said, within it they are words") {
  const Lists lists;
  const auto read = [&](const std::string& caption) {
    const nlohmann::json record = {{"id", "1"}, {"caption", caption}};
    return read_predictions(lists.write("p.jsonl", record.dump() + "\n"));
  };
  for (const char* caption :
       {"<start> a house is built <end>", "<START> a house is built <END> <pad> <pad>", "[CLS] a house is built [SEP]",
        "<s>a house is built</s>", "a house is built<|im_end|>", "<|im_start|>assistant\na house is built<|im_end|>\n",
        "ASSISTANT: a house is built", "assistant\n\na house is built", "<s> assistant a house is built </s>"}) {
    INFO(caption);
    const PredictionList list = read(caption);
    CHECK(list.predictions.at(0).caption == "a house is built");
    REQUIRE(list.notes.size() == 1);
    CHECK_THAT(list.notes[0], contains("1 caption has marks"));
  }
  for (const char* caption :
       {"a <start> of a road", "assistant houses are built", "<unk> is built", "assistants: two", "start a road end"}) {
    INFO(caption);
    const PredictionList list = read(caption);
    CHECK(list.predictions.at(0).caption == caption);
    CHECK(list.notes.empty());
  }
}

TEST_CASE("a pair whose dates lie in the folders of two splits is read as the list says, with a note") {
  const Lists lists;
  for (const char* file : {"train/A/1.png", "test/B/1.png", "train/B/1.png", "val/B/1.png"})
    test::write_file(lists / file, "");
  const auto notes = [&](const std::string& before, const std::string& after) {
    return lists.read("m.csv", "id,before,after\n1," + before + "," + after + "\n").notes;
  };
  CHECK(notes("train/A/1.png", "train/B/1.png").empty());
  REQUIRE(notes("train/A/1.png", "test/B/1.png").size() == 1);
  CHECK_THAT(notes("train/A/1.png", "test/B/1.png")[0],
             contains("1 pair takes its dates from the folders of two splits"));
}
