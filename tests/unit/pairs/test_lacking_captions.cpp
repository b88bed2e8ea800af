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
