// What of a tokenizer.json is read, and how a bad one is refused.
#include <functional>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/text/byte_level.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "tests/support/text_fixtures.h"

using namespace ccx;
using nlohmann::json;
using test::Ids;
using text::Tokenizer;

namespace {

json tiny_json() {
  static const json content = test::read_json(test::tiny_dir() / "tokenizer.json");
  return content;
}

Tokenizer changed(const std::function<void(json&)>& change) {
  json content = tiny_json();
  change(content);
  return Tokenizer::from_json(content.dump(), "changed.json");
}

// Every message must begin with the file's name.
void check_refused(const std::string& message, const std::function<void(json&)>& change) {
  CAPTURE(message);
  CHECK_THROWS_AS(changed(change), InputError);
  CHECK_THROWS_WITH(changed(change), test::contains("changed.json: ") && test::contains(message));
}

}  // namespace

TEST_CASE("merges are read as strings and as pairs") {
  const Tokenizer pairs = changed([](json& content) {
    for (json& merge : content["model"]["merges"]) {
      const std::string text = merge;
      const std::size_t space = text.find(' ');
      merge = json::array({text.substr(0, space), text.substr(space + 1)});
    }
  });
  const std::string text = "several houses have been built beside the road .";
  CHECK(pairs.encode(text) == test::tiny_tokenizer().encode(text));
}

TEST_CASE("merges apply in the order of their list, leftmost first") {
  // a+b before b+c, so abc is ab c; and aaa is aa a.
  json content = tiny_json();
  json vocabulary = json::object();
  int next = 0;
  for (int byte = 0; byte < 256; ++byte) {
    std::string token;
    ccx::append_utf8(token, text::byte_to_character(static_cast<unsigned char>(byte)));
    vocabulary[token] = next++;
  }
  for (const char* token : {"ab", "bc", "aa", "abc"}) vocabulary[token] = next++;
  content["model"]["vocab"] = vocabulary;
  content["added_tokens"] = json::array();
  content["model"]["merges"] = {"a b", "b c", "a a"};
  const Tokenizer tokenizer = Tokenizer::from_json(content.dump(), "small.json");
  const auto tokens = [&](const std::string& text) {
    std::vector<std::string> out;
    for (const std::int64_t id : tokenizer.encode(text)) out.push_back(tokenizer.id_to_token(id));
    return out;
  };
  CHECK(tokens("abc") == std::vector<std::string>{"ab", "c"});
  CHECK(tokens("bcabc") == std::vector<std::string>{"bc", "ab", "c"});
  CHECK(tokens("aaa") == std::vector<std::string>{"aa", "a"});
  CHECK(tokens("aab") == std::vector<std::string>{"a", "ab"});
  CHECK(tokenizer.size() == 260);
}

TEST_CASE("an added token may take white space along or wait for normalisation") {
  const auto add = [](json& content, const char* text, const char* option) {
    json token = {{"id", 1003}, {"content", text}, {"special", false}, {"normalized", false}};
    token[option] = true;
    content["added_tokens"].push_back(token);
  };
  const Tokenizer left = changed([&](json& content) { add(content, "<x>", "lstrip"); });
  CHECK(left.encode("a \n<x>b") == Ids{left.encode("a")[0], 1003, left.encode("b")[0]});
  const Tokenizer right = changed([&](json& content) { add(content, "<x>", "rstrip"); });
  CHECK(right.encode("a<x> \n<x>b") == Ids{right.encode("a")[0], 1003, 1003, right.encode("b")[0]});
  // "e" and a combining accent are "é" once normalised.
  const Tokenizer normalized = changed([&](json& content) { add(content, "caf\u00E9", "normalized"); });
  CHECK(normalized.encode("cafe\u0301") == Ids{1003});
  CHECK(normalized.size() == 1004);
  const Tokenizer exact = changed([&](json& content) { add(content, "caf\u00E9", "special"); });
  CHECK(exact.encode("caf\u00E9") == Ids{1003});
  CHECK(exact.encode("cafe\u0301").size() > 1);
  CHECK(exact.decode(Ids{1003}, true) == "");
}

TEST_CASE("the longest of the added tokens that start at one place wins") {
  const Tokenizer tokenizer = changed([](json& content) {
    content["added_tokens"].push_back({{"id", 1003}, {"content", "<|im_"}, {"special", true}});
  });
  CHECK(tokenizer.encode("<|im_<|im_end|>") == Ids{1003, 1002});
}

TEST_CASE("ids may have gaps, which stand for nothing, and the size counts them") {
  const Tokenizer tokenizer = changed([](json& content) {
    content["added_tokens"].push_back({{"id", 5000}, {"content", "<far>"}, {"special", true}});
  });
  CHECK(tokenizer.size() == 5001);
  CHECK(tokenizer.encode("<far>") == Ids{5000});
  CHECK(tokenizer.decode(Ids{1003, 5000, 4999}) == "<far>");
  CHECK(!tokenizer.is_special(1003));
  CHECK(tokenizer.is_special(5000));
  CHECK_THROWS_WITH(tokenizer.id_to_token(1003), test::contains("token id 1003 is not in"));
  CHECK_THROWS_WITH(tokenizer.decode(Ids{5001}), test::contains("token id 5001 is not in"));
}

TEST_CASE("a file that is not a tokenizer.json is refused") {
  CHECK_THROWS_WITH(Tokenizer::from_json("{\"model\": ", "cut.json"), test::contains("cut.json: not valid JSON"));
  CHECK_THROWS_WITH(Tokenizer::from_json("", "empty.json"), test::contains("empty.json: not valid JSON"));
  CHECK_THROWS_WITH(Tokenizer::from_json("[1]", "list.json"), test::contains("expected a JSON object"));
  CHECK_THROWS_WITH(Tokenizer::from_json("{}", "bare.json"), test::contains("bare.json: no \"model\""));
  CHECK_THROWS_AS(Tokenizer::from_json(std::string(100000, '['), "deep.json"), InputError);
  CHECK_THROWS_AS(Tokenizer::from_json("\"text\"", "text.json"), InputError);
  CHECK_THROWS_WITH(Tokenizer::from_json("{\"model\": {\"vocab\": {}, \"merges\": []}}", "x.json"),
                    test::contains("pre_tokenizer must be"));
}

TEST_CASE("what the tokenizer does not implement is refused by name") {
  check_refused("model type \"Unigram\"", [](json& content) { content["model"]["type"] = "Unigram"; });
  check_refused("\"byte_fallback\": true", [](json& content) { content["model"]["byte_fallback"] = true; });
  check_refused("\"dropout\": 0.1", [](json& content) { content["model"]["dropout"] = 0.1; });
  check_refused("normalizer \"NFKC\"", [](json& content) { content["normalizer"]["type"] = "NFKC"; });
  check_refused("post_processor \"TemplateProcessing\"", [](json& content) {
    content["post_processor"] = {{"type", "TemplateProcessing"}};
  });
  check_refused("a pattern that ccx does not know: \\w+",
                [](json& content) { content["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "\\w+"; });
  check_refused("Split and ByteLevel", [](json& content) { content["pre_tokenizer"] = {{"type", "Whitespace"}}; });
  check_refused("add_prefix_space",
                [](json& content) { content["pre_tokenizer"]["pretokenizers"][1]["add_prefix_space"] = true; });
  check_refused("single_word", [](json& content) { content["added_tokens"][0]["single_word"] = true; });
}

TEST_CASE("a vocabulary that contradicts itself is refused") {
  check_refused("the id of token \"the\" is not a whole number",
                [](json& content) { content["model"]["vocab"]["the"] = "5"; });
  check_refused("negative id -1", [](json& content) { content["model"]["vocab"]["the"] = -1; });
  check_refused("id 9223372036854775807, above the limit",
                [](json& content) { content["model"]["vocab"]["the"] = std::uint64_t(-1); });
  check_refused("id 100000000, above the limit", [](json& content) { content["model"]["vocab"]["the"] = 100000000; });
  check_refused("both have id 0", [](json& content) { content["model"]["vocab"]["new one"] = 0; });
  check_refused("token \"<|im_end|>\" has two ids",
                [](json& content) { content["model"]["vocab"]["<|im_end|>"] = 1005; });
  check_refused("empty token", [](json& content) { content["model"]["vocab"][""] = 1005; });
  check_refused("no token for the byte 33 (\"!\")", [](json& content) { content["model"]["vocab"].erase("!"); });
  check_refused("model.vocab must map", [](json& content) { content["model"]["vocab"] = json::array(); });
  check_refused("model.merges must be a list", [](json& content) { content["model"].erase("merges"); });
  check_refused("model.merges[0]: \"zq\" is not in model.vocab",
                [](json& content) { content["model"]["merges"][0] = "zq e"; });
  check_refused("model.merges[2]: expected two tokens",
                [](json& content) { content["model"]["merges"][2] = json::array({"a"}); });
  check_refused("model.merges[1]: expected two tokens", [](json& content) { content["model"]["merges"][1] = "ab"; });
  check_refused("the id of token \"the\" is not a whole number",
                [](json& content) { content["model"]["vocab"]["the"] = json::array({5}); });
  check_refused("the id of token \"the\" is not a whole number",
                [](json& content) { content["model"]["vocab"]["the"] = 5.0; });
  check_refused("model.merges[3]: expected two tokens", [](json& content) { content["model"]["merges"][3] = 7; });
  check_refused("model.merges[3]: expected two tokens", [](json& content) {
    content["model"]["merges"][3] = json::array({"a", json::array()});
  });
  check_refused("has no \"content\"", [](json& content) { content["added_tokens"][0] = 3; });
  check_refused("\"special\" must be true or false", [](json& content) { content["added_tokens"][0]["special"] = 1; });
}

TEST_CASE("a directory without a tokenizer.json is named") {
  const test::TempDir dir;
  CHECK_THROWS_WITH(Tokenizer::load(dir.path()), test::contains(dir.path().string() + " has no tokenizer.json"));
  CHECK_THROWS_AS(Tokenizer::load(dir / "absent.json"), InputError);
  test::write_file(dir / "tokenizer.json", tiny_json().dump());
  CHECK(Tokenizer::load(dir.path()).size() == 1003);
  CHECK(Tokenizer::load(dir / "tokenizer.json").source() == (dir / "tokenizer.json").string());
}
