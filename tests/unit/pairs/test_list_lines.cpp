// Lines of paths as people write them: with numbers, bullets and labels before them, arrows and words between.
#include <algorithm>
#include <string>
#include <vector>

#include "core/pairs/lists/pair_set.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::Lists;

TEST_CASE("numbers, bullets and labels before two paths are no part of them") {
  const Lists lists;
  for (const std::string line :
       {"1 A/x.png B/x.png", "1\tA/x.png\tB/x.png", "1,A/x.png,B/x.png", "1: A/x.png B/x.png", "1: A/x.png, B/x.png"}) {
    CAPTURE(line);
    const PairSet set = lists.read("l.txt", line + "\n2" + line.substr(1) + "\n");
    REQUIRE(set.pairs.size() >= 1);
    CHECK(set.pairs[0].before == (lists / "A/x.png").string());
    CHECK(set.pairs[0].after == (lists / "B/x.png").string());
  }
  for (const std::string line :
       {"1. A/x.png, B/x.png", "1) A/x.png B/x.png", "(1) A/x.png B/x.png a house is built", "- A/x.png B/x.png",
        "* A/x.png B/x.png", "01 - A/x.png - B/x.png", "3. x.png", "- x.png", "7 x.png"}) {
    lists.gives_x("l.txt", line + "\n", "x");
  }
  lists.gives_x("l.txt", "p1 A/x.png B/x.png\n", "p1");
  lists.gives_x("l.txt", "pair 1: A/x.png, B/x.png\n", "pair_1");
  CHECK(lists.read("l.txt", "1 A/x.png B/x.png 1\n2 A/y 1.png B/y 1.png 0\n").pairs.at(0).changed == true);
  // A folder's name that begins with a word, in both paths, is none of these.
  test::write_file(lists / "new york/a.png", "");
  test::write_file(lists / "new york/b.png", "");
  CHECK(lists.read("l.txt", "new york/a.png new york/b.png\n").pairs.at(0).before ==
        (lists / "new york/a.png").string());
}

TEST_CASE("arrows and words between two paths are no part of them") {
  const Lists lists;
  for (const std::string line :
       {"A/x.png -> B/x.png", "A/x.png->B/x.png", "A/x.png => B/x.png", "A/x.png \xE2\x86\x92 B/x.png",
        "A/x.png > B/x.png", "A/x.png vs B/x.png", "A/x.png vs. B/x.png", "A/x.png to B/x.png", "A/x.png and B/x.png",
        "A/x.png | B/x.png", "A/x.png|B/x.png", "A/x.png & B/x.png", "A/x.png = B/x.png", "A/x.png / B/x.png",
        "\"A/x.png\" -> \"B/x.png\"", "A/x.png B/x.png # the first"}) {
    lists.gives_x("l.txt", line + "\n", "x");
  }
  const std::vector<std::string> captions = {"a house is built"};
  for (const std::string line :
       {"A/x.png -> B/x.png: a house is built", "A/x.png -> B/x.png, a house is built",
        "A/x.png, B/x.png a house is built", "A/x.png B/x.png a house is built", "A/x.png - B/x.png - a house is built",
        "A/x.png B/x.png | a house is built", "A/x.png,->,B/x.png,a house is built"}) {
    CAPTURE(line);
    lists.gives_x("l.txt", line + "\n", "x");
    CHECK(lists.read("l.txt", line + "\n").pairs.at(0).captions == captions);
  }
  CHECK(lists.read("l.txt", "A/x.png B/x.png and more houses\n").pairs.at(0).captions ==
        std::vector<std::string>{"and more houses"});
  lists.gives_x("l.txt", "[1] A/x.png B/x.png\n", "x");
  lists.refuses("l.txt", "#1 A/x.png B/x.png\n", "as comments do");
  lists.refuses("l.txt", "before: A/x.png\nafter: B/x.png\n", "no list that ccx knows");
}

TEST_CASE("names without folders are looked for in those of the two dates") {
  const Lists lists;
  for (const std::string content : {"x.png,x.png\n", "x.png x.png\n", "before,after\nx.png,x.png\n"}) {
    lists.gives_x("l.csv", content, "x");
  }
  // Where the pictures lie beside the list they are meant.
  test::write_file(lists / "x.png", "");
  CHECK(lists.read("l.csv", "x.png,x.png\n").pairs.at(0).after == (lists / "x.png").string());
}

TEST_CASE("quotes of Python around paths, and one word behind a picture's number") {
  const Lists lists;
  lists.gives_x("l.txt", "'A/x.png' 'B/x.png'\n", "x");
  lists.gives_x("l.txt", "('A/x.png', 'B/x.png')\n", "x");
  CHECK(lists.read("l.txt", "'A/x.png' 'B/x.png' the farmer's house is gone\n").pairs.at(0).captions ==
        std::vector<std::string>{"the farmer's house is gone"});
  const PairSet set = lists.read("captions.txt", "x.png#0\tnothing\nx.png#1\tno change at all\n");
  REQUIRE(set.pairs.size() == 1);
  CHECK(set.pairs[0].captions == std::vector<std::string>{"nothing", "no change at all"});
}

TEST_CASE("a first line of two paths is a pair, whatever words they are of") {
  const Lists lists;
  for (const std::string number : {"1", "2", "7"}) {
    for (const std::string side : {"A", "B"}) test::write_file(lists / (side + "/" + number + ".png"), "");
    for (const std::string side : {"pre_", "post_"}) test::write_file(lists / (side + number + ".png"), "");
  }
  for (const std::string text :
       {"A/1.png B/1.png\nA/2.png B/2.png\n", "A/1.png,B/1.png\nA/x.png,B/x.png\n",
        "A/1.png,B/1.png,a house is built\nA/2.png,B/2.png,a road is built\n", "A/1 B/1\nA/2 B/2\n"}) {
    CAPTURE(text);
    const PairSet set = lists.read("l.txt", text);
    REQUIRE(set.pairs.size() == 2);
    CHECK(set.pairs[0].before == (lists / "A/1.png").string());
    CHECK(set.pairs[0].after == (lists / "B/1.png").string());
  }
  CHECK(lists.read("l.txt", "pre_1.png post_1.png\npre_7.png post_7.png\n").pairs.size() == 2);
  CHECK(lists.read("l.txt", "pre_1.png,post_1.png\n").pairs.size() == 1);
  // The list is believed, and the order of its first line is no header's.
  const PairSet turned = lists.read("l.txt", "B/1.png A/1.png\nA/x.png B/x.png\n");
  REQUIRE(turned.pairs.size() == 2);
  CHECK(turned.pairs[0].before == (lists / "B/1.png").string());
  CHECK(turned.pairs[1].before == (lists / "A/x.png").string());
  CHECK(lists.read("l.txt", "after before\nB/1.png A/1.png\n").pairs.at(0).before == (lists / "A/1.png").string());
}
