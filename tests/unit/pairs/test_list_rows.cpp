// Tables with a row for each caption or each image, in the words and dates of several languages.
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/pair_set.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/list_folder.h"

using namespace ccx;
using namespace ccx::pairs;
using ccx::test::Lists;

namespace {

using Captions = std::vector<std::string>;

bool says(const std::vector<std::string>& notes, const std::string& text) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

// A place "1" with the later picture in the first row.
std::string two_rows(const std::string& column, const std::string& later, const std::string& earlier) {
  return "site," + column + ",path\n1,\"" + later + "\",B/x.png\n1,\"" + earlier + "\",A/x.png\n";
}

int order(const std::string& a, const std::string& b) {
  return Moments({a, b}).compare(0, 1);
}

}  // namespace

TEST_CASE("rows of one pair without ids are one pair with their captions") {
  const Lists lists;
  const PairSet set = lists.read("m.csv",
                                 "before,after,caption\nA/x.png,B/x.png,a house\nA/y 1.png,B/y 1.png,a road\n"
                                 "./A/x.png,B/x.png,a home\nA\\x.png,B\\x.png,a hut\n");
  REQUIRE(set.pairs.size() == 2);
  CHECK(set.pairs[0].id == "x");
  CHECK(set.pairs[0].captions == Captions{"a house", "a home", "a hut"});
  CHECK(set.pairs[1].captions == Captions{"a road"});
  CHECK(says(set.notes, "2 records are of a pair that is there already"));
  CHECK(lists.read("m.txt", "A/x.png B/x.png a house is built\nA/x.png B/x.png a home is built\n").pairs.size() == 1);
  // Each split has its own, and what contradicts itself is refused.
  PairSetOptions train;
  train.split = "train";
  CHECK(lists
            .read("m.csv", "before,after,split,caption\nA/x.png,B/x.png,train,a house\nA/x.png,B/x.png,test,a home\n",
                  train)
            .pairs.at(0)
            .captions == Captions{"a house"});
  lists.refuses("m.csv", "before,after,caption,changed\nA/x.png,B/x.png,a house,1\nA/x.png,B/x.png,as before,0\n",
                "is unchanged here and changed at");
  const PairSet named = lists.read("m.csv", "id,before,after,caption\n1,A/x.png,B/x.png,a\n2,A/x.png,B/x.png,b\n");
  CHECK(named.pairs.size() == 2);
  CHECK(says(named.notes, "leave the id column out"));
}

TEST_CASE("images of a place are put in order by whatever says the time") {
  const Lists lists;
  for (const auto& [column, later, earlier] :
       std::vector<std::array<std::string, 3>>{{"timepoint", "2", "1"},
                                               {"time_point", "T1", "T0"},
                                               {"event", "post", "pre"},
                                               {"quarter", "Q3 2020", "Q4 2019"},
                                               {"week", "2020-W03", "2019-W45"},
                                               {"week", "KW 3/2019", "KW 48/2018"},
                                               {"visit", "follow-up", "baseline"},
                                               {"visit", "2nd", "1st"},
                                               {"month", "2020-04", "2019-05"},
                                               {"season", "summer 2019", "spring 2019"},
                                               {"season", "winter 2019/20", "autumn 2019"},
                                               {"day", "12", "3"},
                                               {"acq_date", "20190501", "20180601"},
                                               {"date", "10/2/2019", "9/30/2019"},
                                               {"date", "1/2/2020", "9/30/2019"},
                                               {"date", "2.10.2019", "30.9.2019"},
                                               {"date", "2.10.05", "30.9.98"},
                                               {"date", "03/05", "05/98"},
                                               {"date", "Jan-05", "Dec-98"},
                                               {"date", "May 2022", "Jun 2021"},
                                               {"date", "1. M\xC3\xA4rz 2019", "3. Mai 2018"},
                                               {"year", "05", "98"},
                                               {"year", "'05", "'98"},
                                               {"datetime", "5/1/2019 2:30 PM", "5/1/2019 9:00 AM"},
                                               {"timestamp", "1656700000", "1556700000"},
                                               {"state", "new", "old"},
                                               {"status", "post-fire", "pre-fire"},
                                               {"condition", "after flood", "before flood"},
                                               {"Datum", "01.02.2019", "01.05.2018"},
                                               {"Zeitpunkt", "nachher", "vorher"},
                                               {"fecha", "13/2/2019", "1/5/2018"},
                                               {"ann\xC3\xA9"
                                                "e",
                                                "2020", "2018"}}) {
    CAPTURE(column);
    lists.gives_x("rows.csv", two_rows(column, later, earlier));
  }
  lists.gives_x("rows.csv", "plot,year,month,file\n1,2018,9,A/x.png\n1,2019,3,B/x.png\n");
  lists.gives_x("rows.csv", "site,date,time,path\n1,2019-05-01,14:00,B/x.png\n1,2019-05-01,10:00,A/x.png\n");
  lists.gives_x("rows.csv",
                "site,acquisition_date,created_date,path\n1,2018-05-01,2021-02-01,A/x.png\n"
                "1,2019-05-01,2020-01-01,B/x.png\n");
  lists.gives_x("rows.csv", two_rows("date", "May 2, 2018", "1 May 2018"));
  lists.gives_x("rows.csv", two_rows("date", "2018-11-5", "2018-2-15"));
  lists.gives_x("rows.csv", "pair,label,file\n1,after,B/x.png\n1,before,A/x.png\n");
  lists.refuses("rows.csv", "site,date,phase,path\n1,2018,after,B/x.png\n1,2019,before,A/x.png\n",
                "'before' contradicts its time");
  lists.refuses("rows.csv", two_rows("phase", "II", "I"), "says no time that ccx knows");
  lists.refuses("rows.csv", two_rows("date", "04/07/2019", "05/06/2019"), "days, months or years");
  lists.refuses("rows.csv", two_rows("date", "13/07/2019", "12/31/2019"), "neither with the day nor");
  lists.refuses("rows.csv", two_rows("season", "winter 2019", "summer 2019"), "do not say which image is first");
}

TEST_CASE("numbers of dates are read in the one way that fits all of a column") {
  CHECK(order("05/06/2019", "04/07/2019") == 0);
  CHECK(Moments({"05/06/2019", "04/07/2019", "12/31/2019"}).compare(0, 1) == 1);
  CHECK(Moments({"05/06/2019", "04/07/2019", "31/12/2019"}).compare(0, 1) == -1);
  CHECK(order("2.10.05", "30.9.98") == 1);
  CHECK(order("98", "5") == -1);
  CHECK(order("5", "12") == -1);
  CHECK(order("pre", "2019") == 0);
  CHECK(order("2019-05-01T10:00:00Z", "2019-05-01T12:00:00Z") == -1);
  CHECK_FALSE(Moments({"WGS84 north 7"}).is_known(0));
}

TEST_CASE("images without a place are paired by what their names share") {
  const Lists lists;
  const PairSet set = lists.read("rows.csv", "date,path\n2018,A/x.png\n2019,B/x.png\n2018,A/y 1.png\n2019,B/y 1.png\n");
  REQUIRE(set.pairs.size() == 2);
  CHECK(set.pairs[0].after == (lists / "B/x.png").string());
  CHECK(set.pairs[1].before == (lists / "A/y 1.png").string());
}

TEST_CASE("captions beside images are the pair's, and told where the two dates have their own") {
  const Lists lists;
  const std::string head = "Standort;Datum;Datei;Beschreibung\n";
  const PairSet one = lists.read("de.csv", head +
                                               "Ulm;01.05.2019;B/x.png;ein Haus ist da\n"
                                               "Ulm;01.05.2018;A/x.png;ein Haus ist da\n");
  REQUIRE(one.pairs.size() == 1);
  CHECK(one.pairs[0].id == "Ulm");
  CHECK(one.pairs[0].before == (lists / "A/x.png").string());
  CHECK(one.pairs[0].captions == Captions{"ein Haus ist da"});
  CHECK_FALSE(says(one.notes, "at one date"));
  CHECK(lists.read("c.csv", "site,date,path,caption\nb,2018,A/x.png,\nb,2019,B/x.png,a house\n").pairs.at(0).captions ==
        Captions{"a house"});
  const PairSet own = lists.read("c.csv", "site,date,path,caption\nb,2018,A/x.png,a field\nb,2019,B/x.png,houses\n");
  CHECK(own.pairs.at(0).captions == Captions{"a field", "houses"});
  CHECK(says(own.notes, "leave the column out if each describes one picture"));
  const PairSet many = lists.read("c.csv",
                                  "site,date,path,caption\nb,2018,A/x.png,a house\nb,2018,A/x.png,a home\n"
                                  "b,2019,B/x.png,a house\nb,2019,B/x.png,a home\n");
  REQUIRE(many.pairs.size() == 1);
  CHECK(many.pairs[0].captions == Captions{"a house", "a home"});
  // Two names with captions of their own, a city and two years neither.
  CHECK(lists.read("s.csv", "filename,city,year,caption\nx.png,ulm,2018,a b\ny 1.png,ulm,2019,c d\n").pairs.size() ==
        2);
  // A name that both dates share, a city and a date are no rows of images.
  const PairSet shared = lists.read("s.csv", "filename,city,date,caption\nx.png,ulm,2019,a\ny 1.png,ulm,2019,b\n");
  REQUIRE(shared.pairs.size() == 2);
  CHECK(shared.pairs[0].after == (lists / "B/x.png").string());
}

TEST_CASE("two columns that dates name are the pictures, in the order of the dates") {
  const Lists lists;
  for (const auto& [later, earlier] :
       std::vector<std::pair<std::string, std::string>>{{"May 2022", "Jun 2021"},
                                                        {"2019-05", "2018-06"},
                                                        {"05", "98"},
                                                        {"10/1/2019", "9/30/2019"},
                                                        {"01.05.2019", "30.04.2019"},
                                                        {"Q1 2020", "Q3 2019"},
                                                        {"Mai 2019", "Juni 2018"},
                                                        {"summer 2019", "spring 2019"},
                                                        {"img_2019-05-01", "img_2018-06-01"}}) {
    CAPTURE(later);
    lists.gives_x("h.csv", "id,\"" + later + "\",\"" + earlier + "\"\n1,B/x.png,A/x.png\n");
  }
  lists.refuses("h.csv", "9/5/2019,5/9/2019\nB/x.png,A/x.png\n", "do not say which picture is first");
  lists.refuses("h.csv", "2018-01,2019-01,2020-01\nA/x.png,B/x.png,A/y 1.png\n", "3 dates");
  // Columns of dates beside numbered pictures that contradict them are told.
  CHECK(says(lists.read("d.csv", "date1,image1,date2,image2\n2019,B/x.png,2018,A/x.png\n").notes, "later date first"));
  CHECK(says(lists.read("d.json", R"([{"image": ["A/x.png", "B/x.png"], "dates": ["2019", "2018"]}])").notes,
             "later date first"));
  CHECK_FALSE(
      says(lists.read("d.csv", "date1,image1,date2,image2\n2018,A/x.png,2019,B/x.png\n").notes, "later date first"));
}

TEST_CASE("pictures in objects are in the order of their dates, whatever these look like") {
  const Lists lists;
  for (const auto& [later, earlier] : std::vector<std::pair<std::string, std::string>>{
           {"01.05.2019", "02.06.2018"}, {"05", "98"}, {"May 2019", "Jun 2018"}}) {
    CAPTURE(later);
    const PairSet set =
        lists.read("n.json", R"([{"id": "1", "images": [{"date": ")" + later + R"(", "path": "B/x.png"}, {"date": ")" +
                                 earlier + R"(", "path": "A/x.png"}]}])");
    CHECK(set.pairs.at(0).before == (lists / "A/x.png").string());
  }
}

TEST_CASE("columns that say unchanged are the flag with its opposite sense") {
  const Lists lists;
  for (const auto& [column, value, changed] :
       std::vector<std::tuple<std::string, std::string, bool>>{{"unchanged", "1", false},
                                                               {"unchanged", "0", true},
                                                               {"no_change", "true", false},
                                                               {"NoChange", "no", true},
                                                               {"no change", "no change", false},
                                                               {"unchanged", "changed", true},
                                                               {"is_changed", "0", false},
                                                               {"change_flag", "yes", true},
                                                               {"has_change", "no", false},
                                                               {"ge\xC3\xA4ndert", "WAHR", true},
                                                               {"unver\xC3\xA4ndert", "ja", false},
                                                               {"Ver\xE4nderung", "nein", false},
                                                               {"changement", "oui", true},
                                                               {"is_same", "1", false},
                                                               {"modified", "1", true},
                                                               {"class", "unchanged", false}}) {
    CAPTURE(column, value);
    const PairSet set = lists.read("f.csv", "before,after,caption," + column + "\nA/x.png,B/x.png,so," + value + "\n");
    CHECK(set.pairs.at(0).changed == changed);
  }
  CHECK(lists.read("f.json", R"([{"before": "A/x.png", "after": "B/x.png", "unchanged": true}])").pairs.at(0).changed ==
        false);
  CHECK_FALSE(lists.read("f.csv", "before,after,class\nA/x.png,B/x.png,built\n").pairs.at(0).changed.has_value());
  lists.refuses("f.csv", "before,after,changed,unchanged\nA/x.png,B/x.png,1,1\n", "contradict each other");
}

TEST_CASE("pictures of three dates of a place are pairs as the series says") {
  const Lists lists;
  const std::string table =
      "site,date,file\na,2020,A/x.png\na,2018,B/x.png\na,2019,A/y 1.png\nb,2018,A/x.png\nb,2021,B/y 1.png\n";
  lists.refuses("s.csv", table, "--series consecutive");
  const auto ids = [&](Series series) {
    PairSetOptions options;
    options.series = series;
    std::string out;
    for (const AnnotatedPair& pair : lists.read("s.csv", table, options).pairs) out += pair.id + " ";
    return out;
  };
  CHECK(ids(Series::kConsecutive) == "a/2018-2019 a/2019-2020 b/2018-2021 ");
  CHECK(ids(Series::kFirstLast) == "a/2018-2020 b/2018-2021 ");
  CHECK(ids(Series::kAll) == "a/2018-2019 a/2018-2020 a/2019-2020 b/2018-2021 ");
  lists.refuses("t.csv", "site,date,file\na,2018,A/x.png\na,2018,B/x.png\na,2019,A/y 1.png\n", "a");
}

TEST_CASE("an object of two paths a pair is told from one of columns") {
  const Lists lists;
  for (const std::string text : {R"({"pair_1": ["A/x.png", "B/x.png"], "pair_2": ["A/y 1.png", "B/y 1.png"]})",
                                 R"({"p1": ["A/x.png", "B/x.png"], "p2": ["A/y 1.png", "B/y 1.png"]})"}) {
    const PairSet set = lists.read("l.json", text);
    REQUIRE(set.pairs.size() == 2);
    CHECK(set.pairs[0].after == (lists / "B/x.png").string());
  }
  const PairSet columns =
      lists.read("l.json", R"({"img1": ["A/x.png", "A/y 1.png"], "img2": ["B/x.png", "B/y 1.png"]})");
  REQUIRE(columns.pairs.size() == 2);
  CHECK(columns.pairs[0].after == (lists / "B/x.png").string());
}

TEST_CASE("a table of another encoding is refused for that") {
  const Lists lists;
  lists.refuses("l.csv", "\xB1\xE0\xBA\xC5,\xC7\xB0\xCA\xB1\xCF\xE0\n1,A/x.png\n", "its bytes are not UTF-8");
}
