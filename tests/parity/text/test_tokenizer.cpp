// Encoding and decoding, against the reference's tokenizer.
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "tests/support/catch.h"
#include "tests/support/text_fixtures.h"

using namespace ccx;
using test::Ids;
using test::tiny_tokenizer;

TEST_CASE("the reference's 200 strings encode to its ids and decode to its text") {
  const nlohmann::json vectors = test::read_json(test::data_dir() / "reference/vectors/tokenizer_dev.json");
  REQUIRE(vectors.at("items").size() == 200);
  for (const auto& item : vectors.at("items")) {
    CAPTURE(item.at("text").dump());
    const Ids ids = item.at("ids");
    CHECK(tiny_tokenizer().encode(item.at("text").get<std::string>()) == ids);
    CHECK(tiny_tokenizer().decode(ids) == item.at("decoded").get<std::string>());
    CHECK(tiny_tokenizer().decode(ids, true) == item.at("decoded_skip_special").get<std::string>());
    for (std::size_t i = 0; i < ids.size(); ++i)
      CHECK(tiny_tokenizer().id_to_token(ids[i]) == item.at("tokens")[i].get<std::string>());
  }
}

TEST_CASE("random ids decode as in the reference, broken characters replaced") {
  const nlohmann::json vectors = test::read_json(test::data_dir() / "reference/vectors/tokenizer_dev.json");
  for (const auto& item : vectors.at("decode_random")) {
    const Ids ids = item.at("ids");
    CHECK(tiny_tokenizer().decode(ids) == item.at("decoded").get<std::string>());
    CHECK(tiny_tokenizer().decode(ids, true) == item.at("decoded_skip_special").get<std::string>());
  }
}

TEST_CASE("strings of many scripts encode as tokenizers 0.19.1 does") {
  const nlohmann::json fixture = test::read_json(test::data_dir() / "text/unicode_strings.json");
  REQUIRE(fixture.at("items").size() == 1500);
  for (const auto& item : fixture.at("items")) {
    CAPTURE(item.at("text").dump(-1, ' ', true));
    CHECK(tiny_tokenizer().encode(item.at("text").get<std::string>()) == item.at("ids").get<Ids>());
  }
}

TEST_CASE("captions of the reference decode to its text, alone and token by token") {
  const nlohmann::json vectors = test::read_json(test::data_dir() / "reference/vectors/vectors_dev.json");
  for (const auto& pair : vectors.at("pairs")) {
    const Ids ids = pair.at("greedy_ids");
    CHECK(tiny_tokenizer().decode(ids, true) == pair.at("greedy_text").get<std::string>());
    text::StreamingDecoder stream(tiny_tokenizer());
    std::string pieces;
    for (const std::int64_t id : ids) pieces += stream.push(id);
    pieces += stream.finish();
    CHECK(pieces == pair.at("greedy_text").get<std::string>());
  }
}

TEST_CASE("streaming holds back the beginning of a character and never more") {
  const Ids ids = tiny_tokenizer().encode("\U0001F6F0a");  // a satellite: four byte tokens
  REQUIRE(ids.size() == 5);
  text::StreamingDecoder stream(tiny_tokenizer());
  CHECK(stream.push(ids[0]) == "");
  CHECK(stream.push(ids[1]) == "");
  CHECK(stream.push(ids[2]) == "");
  CHECK(stream.push(ids[3]) == "\U0001F6F0");
  CHECK(stream.push(ids[4]) == "a");
  CHECK(stream.push(ids[0]) == "");
  CHECK(stream.push(ids[4]) == "\uFFFDa");
  CHECK(stream.push(ids[0]) == "");
  CHECK(stream.finish() == "\uFFFD");
  CHECK(stream.finish() == "");
}

TEST_CASE("bytes come back exactly, whether or not they are text") {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const std::string text = ccx::replace_invalid_utf8(bytes);
  CHECK(tiny_tokenizer().decode_bytes(tiny_tokenizer().encode(text)) == text);
  // One lead byte alone: a token, but not text.
  const Ids lead = {*tiny_tokenizer().token_to_id("\u00E2")};
  CHECK(tiny_tokenizer().decode_bytes(lead) == "\xE2");
  CHECK(tiny_tokenizer().decode(lead) == "\uFFFD");
}

TEST_CASE("input that is not UTF-8 counts as replacement characters") {
  CHECK(tiny_tokenizer().encode("a\xFF b\xE2\x82") == tiny_tokenizer().encode("a\uFFFD b\uFFFD"));
}

TEST_CASE("special tokens are found inside words and at their longest") {
  const Ids ids = tiny_tokenizer().encode("a<|im_end|>b<|im_end<|im_end|>");
  CHECK(ids.front() == tiny_tokenizer().encode("a").front());
  CHECK(ids[1] == 1002);
  CHECK(ids.back() == 1002);
  CHECK(tiny_tokenizer().decode(ids) == "a<|im_end|>b<|im_end<|im_end|>");
  CHECK(tiny_tokenizer().decode(ids, true) == "ab<|im_end");
}

TEST_CASE("sizes and look-ups know the added tokens") {
  const text::Tokenizer& tokenizer = tiny_tokenizer();
  CHECK(tokenizer.size() == 1003);
  CHECK(tokenizer.special_ids() == Ids{1000, 1001, 1002});
  CHECK(tokenizer.token_to_id("<|im_start|>") == 1001);
  CHECK(tokenizer.token_to_id("no such token") == std::nullopt);
  CHECK(tokenizer.id_to_token(1002) == "<|im_end|>");
  CHECK(tokenizer.is_special(1000));
  CHECK(!tokenizer.is_special(999));
  for (const std::int64_t id : {std::int64_t{-1}, std::int64_t{1003}, std::int64_t{1} << 40}) {
    CHECK_THROWS_WITH(tokenizer.id_to_token(id), test::contains("token id " + std::to_string(id) + " is not in"));
    CHECK_THROWS_AS(tokenizer.decode(Ids{id}), InputError);
  }
}

TEST_CASE("a long word without spaces is merged like a short one") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "houses";
  const Ids ids = tiny_tokenizer().encode(text);
  CHECK(ids.size() < text.size() / 2);
  CHECK(tiny_tokenizer().decode(ids) == text);
}
