// A list's own pictures are used or the list is refused: never another picture that happens to have the id's name.
#include "core/pairs/lists/data_folder.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;
using ccx::test::Lists;

namespace {

// Beside x, the pair 1 lies there, whose name is the id of every record: it would be found where x is not read.
class WithDecoy : public Lists {
 public:
  WithDecoy() {
    for (const char* file : {"A/1.png", "B/1.png"}) test::write_file(*this / file, "");
  }
};

}  // namespace

TEST_CASE("pictures in objects and lists of a record are the pair's") {
  const WithDecoy lists;
  for (
      const char* pictures :
      {R"("images":{"pre":"A/x.png","post":"B/x.png"})", R"("images":{"2018":"A/x.png","2021":"B/x.png"})",
       R"("before":{"path":"A/x.png","date":"2018"},"after":{"path":"B/x.png"})",
       R"("pair":{"t1":{"file_name":"A/x.png"},"t2":{"file_name":"B/x.png"}})",
       R"("data":{"before":"A/x.png","after":"B/x.png"})", R"("img_pair":["A/x.png","B/x.png"])",
       R"("input_images":["A/x.png","B/x.png"])", R"("image":[["A/x.png","B/x.png"]])",
       R"("image":[{"path":"A/x.png"},{"path":"B/x.png"}])",
       R"("images":[{"role":"after","path":"B/x.png"},{"role":"before","path":"A/x.png"}])",
       R"("images":[{"date":"2021-05-01","file_name":"B/x.png"},{"date":"2018-07-01","file_name":"A/x.png"}])",
       R"("images":[{"time":"t2","url":"B/x.png"},{"time":"t1","url":"A/x.png"}])", R"("images":"A/x.png;B/x.png")",
       R"("before_url":"https://host/A/1.png","after_url":"https://host/B/1.png","before":"A/x.png","after":"B/x.png")"}) {
    lists.gives_x("m.json", std::string(R"([{"id":"1",)") + pictures + "}]");
    lists.gives_x("m.json", std::string(R"({"id":"1","captions":["c"],)") + pictures + "}");
    lists.gives_x("m.jsonl", std::string(R"({"id":"1","captions":["c"],)") + pictures + "}\n");
  }
  const std::string answer = R"({"role":"assistant","content":"a new road is built"})";
  lists.gives_x(
      "m.json",
      R"([{"id":"1","messages":[{"role":"user","content":[{"type":"image","image":"A/x.png"},{"type":"image","image":"B/x.png"},
          {"type":"text","text":"describe"}]},)" +
          answer + "]}]");
  lists.gives_x(
      "m.json",
      R"([{"id":"1","messages":[{"role":"user","content":"<img>A/x.png</img> <img>B/x.png</img> describe"},)" + answer +
          "]}]");
  lists.refuses("m.json",
                R"([{"id":"1","messages":[{"role":"user","content":"<img>A/x.png</img> describe"},)" + answer + "]}]",
                "pictures of the talk");
  lists.gives_x("m.csv", "id,images,caption\n1,\"['A/x.png', 'B/x.png']\",c\n");
  lists.gives_x("m.json", R"({"1":{"before":{"path":"A/x.png"},"after":{"path":"B/x.png"}}})");
  lists.gives_x("m.json", R"({"images":{"pre":"A/x.png","post":"B/x.png"}})", "x");
  const std::string a = "file://" + (lists / "A/x.png").string();
  lists.gives_x("m.json", R"([{"id":"1","before":")" + a + R"(","after":"B/x.png"}])");
}

TEST_CASE("a picture under a key that is not known is said, and no other is taken by the id") {
  const WithDecoy lists;
  for (const char* pictures : {R"("observations":["A/x.png","B/x.png"])", R"("left":"A/x.png","right":"B/x.png")",
                               R"("scene":{"early_view":{"path":"A/x.png"},"late_view":{"path":"B/x.png"}})",
                               R"("assets":[{"href":"A/x.png"}])", R"("stack":"['A/x.png', 'B/x.png']")"}) {
    lists.refuses("m.json", std::string(R"([{"id":"1","captions":["c"],)") + pictures + "}]",
                  "names a picture by a key that ccx does not know");
  }
  lists.refuses("m.json", R"([{"id":"1","captions":["c"],"images":["A/x.png","B/x.png","C/x.png"]}])",
                "has 3 pictures");
  lists.refuses("m.csv", "id,left,right,caption\n1,A/x.png,B/x.png,c\n", "\"left\" (A/x.png)");
  lists.refuses("m.json", R"([{"id":"1","image":"1.png","edited":"A/x.png"}])", "\"edited\" (A/x.png)");
  lists.refuses("m.json", R"([{"id":"1","before":"https://host/A/1.png","after":"https://host/B/1.png"}])",
                "is an address");
  lists.refuses("m.json", R"([{"id":"7","image":"s3://bucket/A/1.png","caption":"c"}])", "is an address");
  lists.gives_x("m.json", R"([{"filename":"x.png","cut_from":"others/cut from/town_7.png","sentences":["c"]}])", "x");
  // What shows neither date, and another path of the same file, is nobody's fault.
  for (const char* more : {R"("thumbnail":"t/1_small.png")", R"("sem":"sem/1.png")", R"("path":"images/1.png")",
                           R"("coco_url":"http://host/other.png")"}) {
    const PairSet set =
        lists.read("m.json", std::string(R"([{"id":"1","image":"1.png","captions":["c"],)") + more + "}]");
    CHECK(set.pairs[0].before == (lists / "A/1.png").string());
  }
  // Empty cells of columns for pictures are no pictures, and not those of the id.
  const PairSet set = lists.read("m.csv", "id,before,after\nx,A/x.png,B/x.png\n1,,\n");
  CHECK(set.pairs[1].before.empty());
  CHECK_THAT(set.pairs[1].missing, contains("m.csv:3 names no image for before"));
}

TEST_CASE("a picture of another split or site is never taken for one of the same name") {
  const Lists lists;
  for (const char* file :
       {"set/images/test/A/p.png", "set/images/test/B/p.png", "deep/x/test/A/p.png", "deep/x/test/B/p.png",
        "sites/rome/A/p.png", "sites/rome/B/p.png", "flat/A/p.png", "flat/B/p.png"})
    test::write_file(lists / file, "");
  const std::string levir =
      R"({"images":[{"filepath":"train","filename":"p.png","split":"train"},{"filepath":"test","filename":"p.png","split":"test"}]})";
  const std::string by_split = R"({"train":{"p":["c"]},"test":{"p":["c"]}})";
  PairSetOptions train, test_only;
  train.split = "train";
  test_only.split = "test";
  for (const bool keeps : {false, true}) {
    train.keep_missing = keeps;
    for (const char* name : {"set/m.json", "deep/m.json"}) {
      const PairSet lacking = lists.read(name, levir, train);
      REQUIRE(lacking.pairs.size() == 1);
      INFO(lacking.pairs[0].before << " " << lacking.pairs[0].missing);
      CHECK_FALSE(lacking.pairs[0].missing.empty());
      CHECK_THAT(lacking.pairs[0].before, !contains("/test/"));
      CHECK(lists.read(name, levir, test_only).pairs[0].missing.empty());
    }
  }
  train.keep_missing = false;
  CHECK(lists.read("deep/m.json", by_split, test_only).pairs[0].missing.empty());
  CHECK_FALSE(lists.read("deep/m.json", by_split, train).pairs[0].missing.empty());
  train.root = lists / "set/images/test";
  CHECK_THAT(lists.read("m.json", levir, train).pairs[0].missing, contains("the folder of another split"));
  // The list's own name says its split.
  const std::string plain = R"([{"filename":"p.png","captions":["c"]}])";
  CHECK_FALSE(lists.read("deep/train.json", plain).pairs[0].missing.empty());
  CHECK(lists.read("deep/test.json", plain).pairs[0].missing.empty());
  // Ids with their site.
  const PairSet sites = lists.read("sites/m.json", R"({"rome/p":["a"],"paris/p":["b"]})");
  REQUIRE(sites.pairs.size() == 2);
  for (const AnnotatedPair& pair : sites.pairs) CHECK(pair.missing.empty() == (pair.id == "rome/p"));
  lists.refuses("flat/m.json", R"({"rome/p":["a"],"paris/p":["b"]})", "both lead to");
}

TEST_CASE("two columns of one meaning are used together, or refused by name where they differ") {
  const WithDecoy lists;
  const auto refuses = [&](const std::string& header, const std::string& row, const std::string& one,
                           const std::string& other) {
    lists.refuses("m.csv", header + "\n" + row + "\n", "\"" + one + "\"");
    lists.refuses("m.csv", header + "\n" + row + "\n", "\"" + other + "\"");
  };
  refuses("id,before,before,after", "7,A/x.png,A/1.png,B/x.png", "before", "before.1");
  refuses("id,before,pre,after", "7,A/x.png,A/1.png,B/x.png", "before", "pre");
  refuses("id,before,after,post", "7,A/x.png,B/x.png,B/1.png", "after", "post");
  refuses("id,img1,img2,t1,t2", "7,A/x.png,B/x.png,A/1.png,B/1.png", "img1", "t1");
  refuses("id,before,after,pre,post", "7,A/x.png,B/x.png,A/1.png,B/1.png", "after", "post");
  refuses("id,image,image", "7,1.png,x.png", "image", "image.1");
  refuses("ID,id,before,after", "7,8,A/x.png,B/x.png", "ID", "id");
  refuses("id,split,subset,before,after", "7,train,test,A/x.png,B/x.png", "split", "subset");
  refuses("id,changed,changeflag,before,after", "7,1,0,A/x.png,B/x.png", "changed", "changeflag");
  lists.gives_x("m.csv", "id,before,after,pre,post\n1,A/x.png,B/x.png,A/x.png,B\\x.png\n");
  lists.gives_x("m.csv", "id,img1,img2,t1,t2\n1,A/x.png,B/x.png,2018,2021\n");
  lists.gives_x("m.csv", "id,changed,changeflag,before,after\n1,yes,1,A/x.png,B/x.png\n");
  lists.refuses("m.json", R"([{"id":"1","before":"A/1.png","before":"A/x.png","after":"B/x.png"}])",
                "\"before\" stands twice");
  lists.refuses("m.json", R"({"x":["a"],"y":["b"],"x":["c"]})", "\"x\" stands twice");
  lists.refuses("m.jsonl", "{\"id\":\"1\",\"before\":\"A/1.png\",\"after\":\"B/1.png\",\"id\":\"2\"}\n",
                "stands twice");

  const auto captions = [&](const std::string& header, const std::string& row) {
    return lists.read("m.csv", "id,before,after," + header + "\n1,A/x.png,B/x.png," + row + "\n");
  };
  using Texts = std::vector<std::string>;
  CHECK(captions("caption,caption", "one,two").pairs[0].captions == Texts{"one", "two"});
  CHECK(captions("Caption,caption", "one,two").pairs[0].captions == Texts{"one", "two"});
  CHECK(captions("caption,sentence", "one,two").pairs[0].captions == Texts{"one", "two"});
  const PairSet with_text = captions("caption,text", "one,two");
  CHECK(with_text.pairs[0].captions == Texts{"one"});
  REQUIRE_FALSE(with_text.notes.empty());
  CHECK_THAT(with_text.notes[0], contains("\"caption\", not from \"text\""));
  const PairSet beside = lists.read(
      "m.json", R"([{"id":"1","before":"A/x.png","after":"B/x.png","caption":"one","captions":["two","one more"]}])");
  REQUIRE_FALSE(beside.notes.empty());
  CHECK_THAT(beside.notes[0], contains("1 captions of \"caption\" are not among those of \"captions\""));
}

TEST_CASE("missing words among captions are no captions, and a map of one date is no mask of the change") {
  const Lists lists;
  PairSetOptions options;
  options.want_masks = true;
  const auto read = [&](const std::string& more) {
    return lists.read("m.json", R"([{"id":"1","before":"A/x.png","after":"B/x.png",)" + more + "}]", options);
  };
  CHECK(read(R"("captions":["a",null,"nan","","  ","None"])").pairs[0].captions == std::vector<std::string>{"a"});
  test::write_file(lists / "m/x.png", "");
  test::write_file(lists / "l/x.png", "");
  const PairSet maps = read(R"("mask_a":"m/x.png","mask_b":"l/x.png")");
  CHECK(maps.pairs[0].mask.empty());
  REQUIRE_FALSE(maps.notes.empty());
  CHECK_THAT(maps.notes[0], contains("maps of one date"));
  const PairSet two = read(R"("label":"l/x.png","mask":"m/x.png")");
  CHECK(two.pairs[0].mask == (lists / "m/x.png").string());
  CHECK_THAT(two.notes.at(0), contains("\"mask\", not from \"label\""));
}

TEST_CASE("of paths without keys the label is the mask wherever it stands, and no date") {
  const Lists lists;
  const auto mask_of_x = [&](const std::string& name, const std::string& content) {
    INFO(content);
    PairSetOptions options;
    options.want_masks = true;
    const PairSet set = lists.read(name, content, options);
    REQUIRE(set.pairs.size() == 1);
    CHECK(set.pairs[0].before == (lists / "A/x.png").string());
    CHECK(set.pairs[0].after == (lists / "B/x.png").string());
    return set.pairs[0].mask;
  };
  test::write_file(lists / "label/x.png", "");
  const std::string label = (lists / "label/x.png").string();
  CHECK(mask_of_x("l.txt", "label/x.png A/x.png B/x.png\n") == label);
  CHECK(mask_of_x("l.csv", "A/x.png,label/x.png,B/x.png\n") == label);
  CHECK(mask_of_x("l.txt", "A/x.png B/x.png label/x.png\n") == label);
  CHECK(mask_of_x("l.json", R"([["label/x.png", "A/x.png", "B/x.png"]])") == label);
}

TEST_CASE("an image and its label are no pair") {
  const Lists lists;
  test::write_file(lists / "label/x.png", "");
  lists.refuses("l.txt", "A/x.png label/x.png\n", "is a label by its name");
  lists.refuses("l.json", R"([["A/x.png", "label/x.png"]])", "is a label by its name");
  // Where both lie in such a folder, it says nothing of one.
  test::write_file(lists / "label/A/x.png", "");
  test::write_file(lists / "label/B/x.png", "");
  CHECK(lists.read("l.txt", "label/A/x.png label/B/x.png\n").pairs.size() == 1);
  // A header says it in so many words.
  CHECK(lists.read("l.csv", "before,after\nA/x.png,label/x.png\n").pairs.size() == 1);
}

TEST_CASE("paths by id are pictures, not captions") {
  const WithDecoy lists;
  lists.gives_x("m.json", R"({"1": ["A/x.png", "B/x.png"]})");
  lists.gives_x("m.json", R"({"1": ["A/x.png", "B/x.png", "label/x.png"]})");
  lists.refuses("m.json", R"({"1": ["A/x.png"]})", "1 picture");
  lists.refuses("m.json", R"({"1": "A/x.png"})", "1 picture");
}

TEST_CASE("a list in a folder of lists finds the pictures of its split in the folder above") {
  const Lists lists;
  for (const char* file : {"set/train/A/1.png", "set/train/B/1.png", "set/test/A/1.png", "set/test/B/1.png"})
    test::write_file(lists / file, "");
  const PairSet set = lists.read("set/list/test.txt", "1.png\n");
  REQUIRE(set.pairs.size() == 1);
  CHECK(set.pairs[0].before == (lists / "set/test/A/1.png").string());
  // Where there is none, that is said of the pictures, and not of the root of all folders.
  PairSet missing;
  REQUIRE_NOTHROW(missing = lists.read("set/list/test.txt", "9.png\n"));
  CHECK(missing.pairs[0].before.empty());
}

TEST_CASE("a list keeps its order, and says where the names contradict it") {
  const Lists lists;
  const auto notes = [&](const std::string& name, const std::string& content) {
    INFO(content);
    const PairSet set = lists.read(name, content);
    std::string out;
    for (const std::string& note : set.notes) out += note + "\n";
    return out;
  };
  CHECK_THAT(notes("l.txt", "B/x.png A/x.png\n"), contains("the list was believed"));
  CHECK_THAT(notes("l.csv", "before,after\nB/x.png,A/x.png\nA/y 1.png,B/y 1.png\n"), contains("1 pair has"));
  CHECK_THAT(notes("l.txt", "A/x.png B/x.png\n"), !contains("believed"));
  CHECK_THAT(notes("l.csv", "after,before\nB/x.png,A/x.png\n"), !contains("believed"));
}

TEST_CASE("a list of names that is called by a split means the pictures of that split's folder, where there is one") {
  const Lists lists;
  for (const char* file : {"images/A/1.png", "images/B/1.png", "images/test/A/1.png", "images/test/B/1.png"})
    test::write_file(lists / file, "");
  CHECK(lists.read("test.txt", "1.png\n").pairs.at(0).before == (lists / "images/test/A/1.png").string());
  CHECK(lists.read("names.txt", "1.png\n").pairs.at(0).before == (lists / "images/A/1.png").string());
  CHECK(lists.read("train.txt", "1.png\n").pairs.at(0).before == (lists / "images/A/1.png").string());
  CHECK(lists.read("test.txt", "1.png\n").pairs.at(0).split.empty());
}
