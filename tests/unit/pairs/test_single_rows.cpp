// Lists whose rows name one picture each: times of other kinds, columns that are not known, names alone.
#include <algorithm>
#include <string>
#include <vector>

#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/lists/values.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::contains;
using ccx::test::Lists;
using ccx::test::write_file;

namespace {

bool says(const std::vector<std::string>& notes, const std::string& text) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

// A place "1" with the later picture in the first row.
std::string two_rows(const std::string& header, const std::string& later, const std::string& earlier) {
  return header + "\n1,\"" + later + "\",B/x.png\n1,\"" + earlier + "\",A/x.png\n";
}

int order(const std::string& a, const std::string& b) {
  return Moments({a, b}).compare(0, 1);
}

}  // namespace

TEST_CASE("times of two zones are compared as those of UTC") {
  CHECK(order("2018-05-01T10:00:00+02:00", "2018-05-01T09:30:00+00:00") < 0);
  CHECK(order("2018-05-01T10:00:00+02:00", "2018-05-01T09:30:00Z") < 0);
  CHECK(order("2018-05-01 23:30:00-05:00", "2018-05-02 03:00:00 UTC") > 0);
  CHECK(order("2018-05-01 10:00 +0200", "2018-05-01 08:30 GMT") < 0);
  CHECK(order("2018-12-31T23:30:00-03:00", "2019-01-01T01:00:00Z") > 0);
  // One without a zone may be of any.
  CHECK(order("2018-05-01T10:00:00+02:00", "2018-05-01T09:30:00") == 0);
  CHECK(order("2018-05-01T10:00:00+02:00", "2018-05-03T09:30:00") < 0);
  // What looks like a zone and is a date.
  CHECK(order("10:00 2018-05-01", "10:00 2018-05-09") < 0);
  CHECK(order("2018-05-01T10:00:00", "2018-05-01T09:30:00") > 0);
  const Lists lists;
  lists.gives_x("p.csv", two_rows("site,time,file", "2018-05-01T09:30:00+00:00", "2018-05-01T10:00:00+02:00"));
  lists.refuses("p.csv", two_rows("site,time,file", "2018-05-01T09:30:00", "2018-05-01T10:00:00+02:00"), "time zone");
}

TEST_CASE("a column that says yes or no of one date orders the pictures") {
  const Lists lists;
  for (const std::string header : {"site,is_after,file", "site,is_post,file", "site,is_post_event,file"}) {
    lists.gives_x("p.csv", two_rows(header, "1", "0"));
    lists.gives_x("p.csv", two_rows(header, "True", "False"));
  }
  lists.gives_x("p.csv", two_rows("site,is_before,file", "no", "yes"));
  lists.gives_x("p.json", R"([{"site": "1", "is_after": true, "file": "B/x.png"},
                              {"site": "1", "is_after": false, "file": "A/x.png"}])");
}

TEST_CASE("headers of rows may be Chinese, Japanese, Korean or Russian") {
  const Lists lists;
  for (const char* header : {"地点,日期,文件", "位置,拍摄日期,图像路径", "場所,日付,ファイル", "장소,날짜,파일",
                             "место,дата,файл", "sitio,fecha,archivo", "lieu,date,fichier"}) {
    lists.gives_x("p.csv", two_rows(header, "2021-06-01", "2018-05-01"));
  }
}

TEST_CASE("rows of single pictures without a known time are told so, and which column it may be") {
  const Lists lists;
  for (const char* file : {"im/p.png", "im/q.png"}) write_file(lists / file, "");
  const std::string rows = "site,lap,file\n1,2,im/q.png\n1,1,im/p.png\n";
  lists.refuses("p.csv", rows, "is one picture");
  lists.refuses("p.csv", rows, "it may be \"lap\"");
  lists.refuses("q.csv", "site,lap,file\n1,2,B/x.png\n1,1,A/x.png\n2,2,B/y 1.png\n", "are a picture each");
}

TEST_CASE("one path a line is put together by the rules of names") {
  const Lists lists;
  const PairSet set = lists.read("files.txt", "A/x.png\nA/y 1.png\nB/x.png\nB/y 1.png\n");
  REQUIRE(set.pairs.size() == 2);
  CHECK(set.pairs[0].before == (lists / "A/x.png").string());
  CHECK(set.pairs[0].after == (lists / "B/x.png").string());
  CHECK(says(set.notes, "a picture a row, 4 in all"));
  CHECK(lists.read("files.txt", "./A/x.png\n./B/x.png\n").pairs.size() == 1);
  for (const char* file : {"s_2018.png", "s_2021.png"}) write_file(lists / file, "");
  CHECK(lists.read("files.csv", "file\ns_2021.png\ns_2018.png\n").pairs.at(0).before ==
        (lists / "s_2018.png").string());
  // Names that both dates share stay such names.
  const PairSet shared = lists.read("names.txt", "x.png\ny 1.png\n");
  REQUIRE(shared.pairs.size() == 2);
  CHECK(shared.pairs[1].after == (lists / "B/y 1.png").string());
  // Half of them is no whole list.
  lists.refuses("files.txt", "A/x.png\nB/x.png\nB/y 1.png\n", "are a picture each");
}

TEST_CASE("a reference beside an image is the earlier picture") {
  const Lists lists;
  for (const char* header : {"image,reference_image,caption", "img,ref_img,caption", "image,previous_image,caption"}) {
    const PairSet set = lists.read("p.csv", std::string(header) + "\nB/x.png,A/x.png,a house is built\n");
    REQUIRE(set.pairs.size() == 1);
    CHECK(set.pairs[0].before == (lists / "A/x.png").string());
    CHECK(set.pairs[0].after == (lists / "B/x.png").string());
    CHECK(says(set.notes, "the earlier picture is taken from"));
  }
  const PairSet missing = lists.read("p.csv", "image,reference_image,caption\nA/x.png,C/x.png,a house is built\n");
  CHECK_THAT(missing.pairs.at(0).missing, contains("C/x.png"));
  CHECK(missing.pairs.at(0).before.empty());
  // Two pictures of which nothing says the date are refused, whatever their names share.
  lists.refuses("p.csv", "image,companion,caption\nA/x.png,B/x.png,a house\n", "\"companion\"");
}

TEST_CASE("blanks that nobody sees are no part of a path or an id") {
  const Lists lists;
  lists.gives_x("p.csv", "id,before,after\n1\u00A0,A/x.png\u00A0,\u200B\uFEFFB/x.png\n");
  lists.gives_x("p.json", R"([{"id": "1", "before": "A/x.png\u00a0", "after": "\u202aB/x.png "}])");
  lists.gives_x("p.txt", "A/x.png\u00A0B/x.png\u200B\n", "x");
  lists.gives_x("p.json", R"([{"id": "1", "images": ["A/x.png\u200b", "B/x.png\u3000"]}])");
  CHECK(without_blanks(" \u00A0été \u2003") == "été");
}
