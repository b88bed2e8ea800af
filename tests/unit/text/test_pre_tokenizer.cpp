// The Split pattern of Qwen2. Expected pieces are those of tokenizers 0.19.1.
#include <string>
#include <vector>

#include "core/text/pre_tokenizer.h"
#include "tests/support/catch.h"

namespace {

using ccx::text::PreTokenizer;
using Pieces = std::vector<std::string_view>;

const char* const kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const char* const kThreeDigits =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

Pieces split(std::string_view text, const char* pattern = kQwen2) {
  return PreTokenizer::for_pattern(pattern).value().split(text);
}

}  // namespace

TEST_CASE("words take the space or the sign before them, numbers stand alone") {
  CHECK(split("a new road, 12 houses") == Pieces{"a", " new", " road", ",", " ", "1", "2", " houses"});
  CHECK(split("(left") == Pieces{"(left"});
  CHECK(split("\tleft") == Pieces{"\tleft"});
  CHECK(split("\nleft") == Pieces{"\n", "left"});
}

TEST_CASE("contractions are cut off in any case, the long s included") {
  CHECK(split("it's WE'LL I'Ve") == Pieces{"it", "'s", " WE", "'LL", " I", "'Ve"});
  CHECK(split("'dog'") == Pieces{"'d", "og", "'"});
  CHECK(split("'\u017Fo") == Pieces{"'\u017F", "o"});
  CHECK(split("'re're'r") == Pieces{"'re", "'re", "'r"});
  CHECK(split("'l") == Pieces{"'l"});
  CHECK(split("'") == Pieces{"'"});
}

TEST_CASE("signs take a space before and line ends after them") {
  CHECK(split("a .\n\nb") == Pieces{"a", " .\n\n", "b"});
  CHECK(split("a  .") == Pieces{"a", " ", " ."});
  CHECK(split("!?\r\n \n") == Pieces{"!?\r\n", " \n"});
}

TEST_CASE("a run of white space ends at its last line end, or leaves one space for the next word") {
  CHECK(split("a \n \n  b") == Pieces{"a", " \n \n", " ", " b"});
  CHECK(split("a   b") == Pieces{"a", "  ", " b"});
  CHECK(split("a  1") == Pieces{"a", " ", " ", "1"});
  CHECK(split("a   ") == Pieces{"a", "   "});
  CHECK(split("\u3000\u3000x") == Pieces{"\u3000", "\u3000x"});
  CHECK(split("\u00A0.") == Pieces{"\u00A0", "."});
  CHECK(split("") == Pieces{});
}

TEST_CASE("the pattern with groups of three digits is known, another is not") {
  CHECK(split("12345", kThreeDigits) == Pieces{"123", "45"});
  CHECK(split("1234", kQwen2) == Pieces{"1", "2", "3", "4"});
  CHECK(!PreTokenizer::for_pattern(R"(\s+|\S+)"));
}
