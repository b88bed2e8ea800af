// Splitting, lower-casing and the protocols.
#include "core/metrics/text.h"

#include "core/base/error.h"
#include "core/metrics/protocol.h"
#include "core/metrics/ptb.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::metrics;

TEST_CASE("white space is split as Python splits it, single spaces keep empty words") {
  CHECK(split_whitespace(" a\t b\u00a0c\u2003d\u3000\x1f"
                         "e ") == Words{"a", "b", "c", "d", "e"});
  CHECK(split_whitespace("").empty());
  CHECK(split_spaces("") == Words{""});
  CHECK(split_spaces(" a  b") == Words{"", "a", "", "b"});
}

TEST_CASE("lower-casing follows Unicode, final sigma and dotted capital I included") {
  CHECK(lower("ROAD Éa ДОМ") == "road éa дом");
  CHECK(lower("ΟΔΟΣ ΣΑ Σ") == "οδος σα σ");
  CHECK(lower("\u0130") == "i\u0307");
  CHECK(lower("\xff"
              "A\xc3") ==
        "\xff"
        "a\xc3");  // bytes that are not UTF-8 stay
}

TEST_CASE("ccexpert deletes every full stop and strips nothing") {
  const auto pairs = prepare({{"", " A House. 3.5 m ", {"The U.S. road ."}}}, Protocol::kCcexpert);
  CHECK(pairs[0].hypothesis == " a house 35 m ");
  CHECK(pairs[0].references[0] == "the us road ");
}

TEST_CASE("rsicc-ids numbers the references' words and lets unknown words share one number") {
  const auto pairs = prepare({{"", "a zebra on quartz road", {"a road on a hill"}}}, Protocol::kRsiccIds);
  CHECK(pairs[0].references[0] == "1 2 3 1 4");
  CHECK(pairs[0].hypothesis == "1 5 3 5 2");
}

// Expected tokens: Stanford's PTBTokenizer 3.4.1 and the punctuation list of pycocoevalcap 1.2.
TEST_CASE("coco-ptb divides contractions and drops punctuation as the COCO evaluation does") {
  CHECK(ptb_tokenize("It's a road; don't you see 12 houses? (removed)") ==
        "it 's a road do n't you see 12 houses -lrb- removed -rrb-");
  CHECK(ptb_tokenize("a car-park, trees -- and \"roads\" ... built.") == "a car-park trees and roads built");
  CHECK(ptb_tokenize("the U.S. army's house's 3.5 10,000 50% $5 a/b and/or") ==
        "the u.s. army 's house 's 3.5 10,000 50 % $ 5 a/b and/or");
  CHECK(ptb_tokenize("I can't cannot gonna they're we've 'quoted' boys' \u201cz\u201d \u2013 x,y 10:30") ==
        "i ca n't can not gon na they 're we 've quoted boys z x y 10:30");
  CHECK(ptb_tokenize("mr. smith no. 5 no. e.g. wait.. what?! the end.") ==
        "mr. smith no. 5 no e.g. wait what ?! the end");
  CHECK(ptb_tokenize("") == "");
}

TEST_CASE("an unknown protocol is refused with the list") {
  CHECK_THROWS_WITH(parse_protocol("bleu"), test::contains("ccexpert, rsicc-ids or coco-ptb"));
  CHECK(protocol_name(parse_protocol("coco-ptb")) == "coco-ptb");
}
