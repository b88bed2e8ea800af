// Unicode classes and normalisation, against what the reference's tokenizer library does.
#include <string>
#include <vector>

#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "tests/support/catch.h"
#include "tests/support/text_fixtures.h"

namespace {

using namespace ccx;

constexpr std::size_t kCodePoints = 0x110000;

std::vector<bool> members(const nlohmann::json& ranges) {
  std::vector<bool> in(kCodePoints);
  for (const auto& range : ranges) {
    for (std::size_t c = range[0]; c <= range[1].get<std::size_t>(); ++c) in[c] = true;
  }
  return in;
}

}  // namespace

TEST_CASE("every code point has the class that the reference's regular expressions give it") {
  const nlohmann::json fixture = ccx::test::read_json(ccx::test::data_dir() / "text/unicode_classes.json");
  const std::vector<bool> letter = members(fixture.at("letter"));
  const std::vector<bool> number = members(fixture.at("number"));
  const std::vector<bool> space = members(fixture.at("space"));
  std::vector<std::size_t> differing;
  for (std::size_t c = 0; c < kCodePoints; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const auto code_point = static_cast<char32_t>(c);
    const bool same =
        is_letter(code_point) == letter[c] && is_number(code_point) == number[c] && is_space(code_point) == space[c];
    if (!same) differing.push_back(c);
  }
  CHECK(differing == std::vector<std::size_t>());
}

TEST_CASE("letters of Unicode 15.1 and 16 are letters, and what lies beyond Unicode is nothing") {
  CHECK(is_letter(0x2EC11));
  CHECK(is_letter(0x105C0));
  CHECK(character_class(0x30000) == CharacterClass::kLetter);  // the first of extension G, of Unicode 13
  CHECK(character_class(0x10FFFF) == CharacterClass::kOther);
  CHECK(character_class(0x110000) == CharacterClass::kOther);
  CHECK(character_class(0xFFFFFFFF) == CharacterClass::kOther);
}

TEST_CASE("normalisation is that of the library, which does not know marks of Unicode 11 and later") {
  CHECK(nfc("q\u1ABF\u0334") == "q\u1ABF\u0334");  // a mark since Unicode 13: not reordered
  CHECK(nfc("\U00011935\U00011930") == "\U00011935\U00011930");
  CHECK(nfc("q\u0301\u0334") == "q\u0334\u0301");
  CHECK(nfc("\uAC00\u11A8") == "\uAC01");
  CHECK(nfc("\u1100\u1161\u11A8\u11A8") == "\uAC01\u11A8");
  CHECK(nfc("\u0344") == "\u0308\u0301");
  CHECK(nfc("a\u0328\u0301") == "\u0105\u0301");
  CHECK(nfc("\u0301") == "\u0301");
}

TEST_CASE("normalisation composes, reorders marks and leaves compatibility characters alone") {
  CHECK(nfc("e\u0301") == "\u00E9");
  CHECK(nfc("a\u0323\u0307") == nfc("a\u0307\u0323"));
  CHECK(nfc("\u1112\u1161\u11AB") == "\uD55C");
  CHECK(nfc("\u212B") == "\u00C5");        // Angstrom sign
  CHECK(nfc("\uFB01") == "\uFB01");        // ligature fi
  CHECK(nfc("\u0958") == "\u0915\u093C");  // excluded from composition
  CHECK(nfc("") == "");
  CHECK(nfc(std::string("a\0e\u0301", 5)) == std::string("a\0\u00E9", 4));
}
