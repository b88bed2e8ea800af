// UTF-8 decoding. Expected replacements are those of Python's bytes.decode(errors="replace").
#include <string>

#include "core/base/utf8.h"
#include "tests/support/catch.h"

using namespace ccx;

namespace {

const std::string kBad = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

TEST_CASE("valid UTF-8 of every length is left as it is") {
  const std::string text = "a\u00E9\u20AC\U0001F600\U0010FFFF";
  CHECK(replace_invalid_utf8(text) == text);
  std::string again;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    CHECK(point.valid);
    append_utf8(again, point.value);
    at += point.length;
  }
  CHECK(again == text);
}

TEST_CASE("each maximal part of a broken character becomes one replacement character") {
  CHECK(replace_invalid_utf8("\x80") == kBad);
  CHECK(replace_invalid_utf8("a\xE2\x82"
                             "b") == "a" + kBad + "b");                          // cut short: one
  CHECK(replace_invalid_utf8("\xF0\x9F\x98") == kBad);                           // cut short at the end: one
  CHECK(replace_invalid_utf8("\xC0\x80") == kBad + kBad);                        // overlong: one a byte
  CHECK(replace_invalid_utf8("\xE0\x80\x80") == kBad + kBad + kBad);             // overlong
  CHECK(replace_invalid_utf8("\xED\xA0\x80") == kBad + kBad + kBad);             // surrogate
  CHECK(replace_invalid_utf8("\xF4\x90\x80\x80") == kBad + kBad + kBad + kBad);  // above U+10FFFF
  CHECK(replace_invalid_utf8("\xFF\xFE") == kBad + kBad);
  CHECK(replace_invalid_utf8("\xE2\x82\xE2\x82\xAC") == kBad + "\u20AC");
}

TEST_CASE("the unfinished end of a text is told from a wrong one") {
  CHECK(incomplete_utf8_suffix("") == 0);
  CHECK(incomplete_utf8_suffix("abc") == 0);
  CHECK(incomplete_utf8_suffix("\u20AC") == 0);
  CHECK(incomplete_utf8_suffix("a\xE2") == 1);
  CHECK(incomplete_utf8_suffix("a\xE2\x82") == 2);
  CHECK(incomplete_utf8_suffix("\xF0\x9F\x98") == 3);
  CHECK(incomplete_utf8_suffix("\x82\x82") == 0);  // no lead: nothing can complete it
  CHECK(incomplete_utf8_suffix("\xED\xA0") == 0);  // a surrogate's beginning
  CHECK(incomplete_utf8_suffix("\xC0") == 0);
}
