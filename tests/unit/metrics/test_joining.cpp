// Which reference a prediction is scored against: never one of another split, place or number.
#include <map>
#include <string>

#include "core/base/error.h"
#include "core/evaluation/evaluation.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using ccx::test::contains;

namespace {

class Joining {
 public:
  metrics::Evaluation join(const std::string& predictions, const std::string& references,
                           const std::string& split = "") const {
    test::write_file(dir_ / "p", predictions);
    test::write_file(dir_ / "r", references);
    metrics::EvaluationOptions options;
    options.split = split;
    return metrics::evaluate(pairs::read_predictions(dir_ / "p").predictions,
                             pairs::read_references(dir_ / "r").references, options, nullptr);
  }
  // The first reference of each prediction that was joined.
  std::map<std::string, std::string> joined(const std::string& predictions, const std::string& references,
                                            const std::string& split = "") const {
    std::map<std::string, std::string> out;
    for (const metrics::EvaluatedPair& pair : join(predictions, references, split).pairs)
      out[pair.prediction.id] = pair.references.at(0);
    return out;
  }
  void refuses(const std::string& predictions, const std::string& references, const std::string& message,
               const std::string& split = "") const {
    INFO(predictions << references);
    CHECK_THROWS_WITH(join(predictions, references, split), contains(message));
  }

 private:
  test::TempDir dir_;
};

using Joined = std::map<std::string, std::string>;

std::string prediction(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","caption":"c")" + more + "}\n";
}

const std::string kTest = R"({"images":[{"filename":"1.png","split":"test","sentences":[{"raw":"of test"}]}]})";
const std::string kBoth = R"({"images":[{"filename":"1.png","split":"train","sentences":[{"raw":"of train"}]},
                                        {"filename":"1.png","split":"test","sentences":[{"raw":"of test"}]}]})";

}  // namespace

TEST_CASE("an id or a picture that names a split is of that split alone") {
  const Joining all;
  CHECK(all.joined(prediction("test/1"), kTest) == Joined{{"test/1", "of test"}});
  CHECK(all.joined(prediction("levir/test/A/1.png"), kTest).size() == 1);
  all.refuses(prediction("train/1"), kTest, "train/1: the reference 1 is of the split test");
  all.refuses(prediction("1", R"(,"split":"train")"), kTest, "another split");
  all.refuses(prediction("1", R"(,"before":"images/train/A/1.png","after":"images/train/B/1.png")"), kTest,
              "another split");
  CHECK(all.joined(prediction("1", R"(,"before":"/data/train/levir/A/1.png")"), kTest).size() == 1);
  CHECK(all.joined(prediction("train/1") + prediction("test/1"), kBoth) ==
        Joined{{"train/1", "of train"}, {"test/1", "of test"}});
  const metrics::Evaluation of_test = all.join(prediction("train/1") + prediction("test/1"), kBoth, "test");
  CHECK(of_test.pairs.size() == 1);
  REQUIRE(of_test.elsewhere.size() == 1);
  CHECK_THAT(of_test.elsewhere[0], contains("train/1"));
  all.refuses(prediction("1"), kBoth, "--split");
  all.refuses(prediction("1", R"(,"before":"images/train/A/1.png","after":"b.png")"), kBoth, "another split", "test");
  CHECK(all.joined(prediction("1", R"(,"before":"images/validation/A/1.png")"),
                   R"([{"id":"1","split":"val","captions":["r"]}])")
            .size() == 1);
}

TEST_CASE("an id of one site is not scored against the same name at another") {
  const Joining all;
  all.refuses(prediction("rome/1"), R"([{"id":"paris/1","captions":["r"]}])",
              "rome/1: the reference paris/1 is in paris");
  all.refuses(prediction("rome/1"), R"([{"id":"1","before":"paris/A/1.png","after":"paris/B/1.png","captions":["r"]}])",
              "another split or place");
  CHECK(all.joined(prediction("rome/1"),
                   "id,before,after,caption\n,rome/A/1.png,rome/B/1.png,of rome\n"
                   ",paris/A/1.png,paris/B/1.png,of paris\n") == Joined{{"rome/1", "of rome"}});
  // Where the reference says nothing of its place one prediction may be it, and that is told; two may not.
  const metrics::Evaluation one = all.join(prediction("rome/1"), R"({"1":["r"]})");
  CHECK(one.pairs.size() == 1);
  CHECK(one.by_last_part == std::vector<std::string>{"rome/1"});
  all.refuses(prediction("rome/1") + prediction("paris/1"), R"({"1":["r"]})", "may both be the reference");
  all.refuses(prediction("1"), R"({"rome/1":["a"],"paris/1":["b"]})", "may be one of several references");
}

TEST_CASE("COCO's results name images by their numbers, and by nothing else where these are there") {
  const Joining all;
  const std::string crossed = R"({"images":[{"id":1,"file_name":"2.png"},{"id":2,"file_name":"1.png"}],"annotations":[
      {"id":5,"image_id":1,"caption":"of 2.png"},{"id":6,"image_id":2,"caption":"of 1.png"}]})";
  const Joined by_number = {{"1", "of 2.png"}, {"2", "of 1.png"}};
  CHECK(all.joined(R"([{"image_id":1,"caption":"c"},{"image_id":2,"caption":"c"}])", crossed) == by_number);
  CHECK(all.joined(R"([{"id":2,"image_id":1,"caption":"c"},{"id":1,"image_id":2,"caption":"c"}])", crossed) ==
        by_number);
  CHECK(all.joined("image_id,caption\n1,c\n2,c\n", crossed) == by_number);
  CHECK(all.joined(R"([{"filename":"1.png","caption":"c"},{"file_name":"2.png","caption":"c"}])", crossed) ==
        Joined{{"1", "of 1.png"}, {"2", "of 2.png"}});
  all.refuses(R"({"1":["c"]})", crossed, "is the number of \"2\" in the references and the name of another");
  CHECK(all.joined(prediction("1", R"(,"before":"A/1.png","after":"B/1.png")"), crossed) == Joined{{"1", "of 1.png"}});
  // 10 is no image's number here, though a file is called so.
  const std::string named = R"({"images":[{"id":0,"file_name":"a.png"},{"id":1,"file_name":"10.png"}],"annotations":[
      {"image_id":0,"caption":"of a"},{"image_id":1,"caption":"of 10.png"}]})";
  const metrics::Evaluation some = all.join(R"([{"image_id":0,"caption":"c"},{"image_id":10,"caption":"c"}])", named);
  CHECK(some.pairs.size() == 1);
  CHECK(some.unknown == std::vector<std::string>{"10"});
  // Names after all, and said.
  const metrics::Evaluation names = all.join(R"([{"image_id":"10","caption":"c"}])", named);
  CHECK(names.pairs.size() == 1);
  REQUIRE(names.notes.size() == 1);
  CHECK_THAT(names.notes[0], contains("image_id"));
  // Annotations alone are references of the image, not of their own number.
  CHECK(all.joined(R"([{"image_id":1,"caption":"c"}])",
                   R"([{"id":7,"image_id":1,"caption":"a"},{"id":1,"image_id":9,"caption":"b"}])") ==
        Joined{{"1", "a"}});
}

TEST_CASE("a number is not the name of another file, nor a file's name another's id") {
  const Joining all;
  const std::string counted =
      R"([{"id":1,"image":"2.png","captions":["of 2.png"]},{"id":2,"image":"1.png","captions":["of 1.png"]}])";
  CHECK(all.joined(R"([{"id":1,"caption":"c"}])", counted) == Joined{{"1", "of 2.png"}});
  CHECK(all.joined(prediction("1", R"(,"before":"A/1.png","after":"B/1.png")"), counted) == Joined{{"1", "of 1.png"}});
  all.refuses("id,caption\n1,c\n", counted, "is the number of");
  CHECK(all.joined(R"([{"filename":"1.png","caption":"c"}])",
                   R"([{"id":"1","filename":"2.png","captions":["of 2.png"]},
                       {"id":"2","filename":"1.png","captions":["of 1.png"]}])") == Joined{{"1", "of 1.png"}});
  // LEVIR-CC's imgid counts; the id of a record of ccx is the file's name.
  CHECK(all.joined(prediction("1"), R"({"images":[{"imgid":0,"filename":"1.png","sentences":[{"raw":"of 1"}]},
                                                  {"imgid":1,"filename":"2.png","sentences":[{"raw":"of 2"}]}]})") ==
        Joined{{"1", "of 1"}});
}

TEST_CASE("references that read like no change and are not known to be are told") {
  const Joining joining;
  const std::string prediction = R"([{"id": "1", "caption": "a house is built"}])";
  const auto notes = joining.join(prediction, R"({"1": ["nothing changed"]})").notes;
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], contains("read like no change"));
  CHECK(joining.join(prediction, R"({"1": ["the scene is the same as before"]})").notes.empty());
  CHECK(joining.join(prediction, R"([{"id": "1", "captions": ["nothing changed"], "changed": true}])").notes.empty());
}
