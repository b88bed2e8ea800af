// Names in which numbers change with the date, dates without zeros, years of two digits, months of other languages.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::notes_of;

TEST_CASE("numbers that change with the time are no places") {
  check_names({
      {"counted folders",
       {"01_vorher/x.png", "01_vorher/y.png", "02_nachher/x.png", "02_nachher/y.png"},
       {"x: 01_vorher/x.png 02_nachher/x.png", "y: 01_vorher/y.png 02_nachher/y.png"}},
      {"counted folders of words, files of letters",
       {"1. Before/a.png", "1. Before/b.png", "2. After/a.png", "2. After/b.png"},
       {"a: 1. Before/a.png 2. After/a.png", "b: 1. Before/b.png 2. After/b.png"}},
      {"one counted pair", {"1_before.png", "2_after.png"}, {"@: 1_before.png 2_after.png"}},
      {"two places are no counted pair", {"3_before.png", "7_after.png"}, {"3: 3_before.png -", "7: - 7_after.png"}},
      {"flights with their dates",
       {"flight1_2021-05-01/o_1.jpg", "flight1_2021-05-01/o_2.jpg", "flight2_2021-09-14/o_1.jpg",
        "flight2_2021-09-14/o_2.jpg"},
       {"flight/o_1: flight1_2021-05-01/o_1.jpg flight2_2021-09-14/o_1.jpg",
        "flight/o_2: flight1_2021-05-01/o_2.jpg flight2_2021-09-14/o_2.jpg"}},
      {"resolutions of two dates",
       {"m1_2018_50cm.png", "m1_2021_30cm.png", "m2_2018_50cm.png", "m2_2021_30cm.png"},
       {"m1_cm: m1_2018_50cm.png m1_2021_30cm.png", "m2_cm: m2_2018_50cm.png m2_2021_30cm.png"}},
      {"zeros on one side",
       {"2018/tile_007.png", "2018/tile_012.png", "2021/tile_7.png", "2021/tile_12.png"},
       {"tile_007: 2018/tile_007.png 2021/tile_7.png", "tile_012: 2018/tile_012.png 2021/tile_12.png"}},
      {"numbered pictures of one side are no pair",
       {"pre/img_001.png", "pre/img_002.png", "post/img_1.png", "post/img_2.png"},
       {"img_001: pre/img_001.png post/img_1.png", "img_002: pre/img_002.png post/img_2.png"}},
  });
}

TEST_CASE("a date without zeros") {
  check_names({
      {"days",
       {"a_2019-9-1.png", "a_2019-10-1.png", "b_2019-9-1.png", "b_2019-10-1.png"},
       {"a: a_2019-9-1.png a_2019-10-1.png", "b: b_2019-9-1.png b_2019-10-1.png"}},
      {"between points", {"2019.9.30.png", "2019.10.1.png"}, {"@: 2019.9.30.png 2019.10.1.png"}},
      {"folders", {"2019-9-1/x.png", "2020-10-12/x.png"}, {"x: 2019-9-1/x.png 2020-10-12/x.png"}},
      {"months", {"a_2019-9.png", "a_2019-10.png"}, {"a: a_2019-9.png a_2019-10.png"}},
      {"months and longer ones in one series",
       {"s_2019-2.png", "s_2019-11.png", "s_2020-01.png"},
       {"ERROR s has 3 dates (2019-02, 2019-11, 2020-01)"}},
      {"tiles by row and column",
       {"2018-1-2.png", "2018-1-3.png", "2021-1-2.png", "2021-1-3.png"},
       {"1-2: 2018-1-2.png 2021-1-2.png", "1-3: 2018-1-3.png 2021-1-3.png"}},
      {"tiles",
       {"2018-1.png", "2018-2.png", "2021-1.png", "2021-2.png"},
       {"1: 2018-1.png 2021-1.png", "2: 2018-2.png 2021-2.png"}},
      {"two tiles of one year", {"2018-1.png", "2018-2.png"}, {"ERROR "}},
      {"one month of two years keeps it", {"x_2018-10.png", "x_2021-10.png"}, {"x: x_2018-10.png x_2021-10.png"}},
  });
}

TEST_CASE("years of two digits and two centuries, hours of a day, months of other languages") {
  check_names({
      {"alone", {"aerial_98.tif", "aerial_05.tif"}, {"@: aerial_98.tif aerial_05.tif"}},
      {"places", {"s_98.png", "s_05.png", "t_98.png", "t_05.png"}, {"s: s_98.png s_05.png", "t: t_98.png t_05.png"}},
      {"hours", {"q_20230206_0417.png", "q_20230206_1330.png"}, {"@: q_20230206_0417.png q_20230206_1330.png"}},
      {"tiles of one day", {"t_20180501_0012.png", "t_20180501_0013.png"}, {"ERROR "}},
      {"German", {"Stadt Juni 2021.jpg", "Stadt Okt 2021.jpg"}, {"Stadt: Stadt Juni 2021.jpg Stadt Okt 2021.jpg"}},
      {"French", {"avril_2019/a.jpg", "septembre_2019/a.jpg"}, {"a: avril_2019/a.jpg septembre_2019/a.jpg"}},
      {"Spanish", {"enero-2020.jpg", "abril-2020.jpg"}, {"@: enero-2020.jpg abril-2020.jpg"}},
  });
  CHECK_THAT(notes_of({"aerial_98.tif", "aerial_05.tif"}), ccx::test::contains("years of two centuries"));
}

TEST_CASE("words that mean other things too need a partner") {
  check_names({
      {"German",
       {"Bild_alt/12_alt.jpg", "Bild_alt/3_alt.jpg", "Bild_neu/12_neu.jpg", "Bild_neu/3_neu.jpg"},
       {"Bild/12: Bild_alt/12_alt.jpg Bild_neu/12_neu.jpg", "Bild/3: Bild_alt/3_alt.jpg Bild_neu/3_neu.jpg"}},
      {"first and last", {"first.tif", "last.tif"}, {"@: first.tif last.tif"}},
      {"the old and the new village",
       {"dorf_alt/before.png", "dorf_alt/after.png", "dorf_neu/before.png", "dorf_neu/after.png"},
       {"dorf_alt: dorf_alt/before.png dorf_alt/after.png", "dorf_neu: dorf_neu/before.png dorf_neu/after.png"}},
      {"a town's name", {"Neu-Ulm_2018.jpg", "Neu-Ulm_2021.jpg"}, {"Neu-Ulm: Neu-Ulm_2018.jpg Neu-Ulm_2021.jpg"}},
      {"a third picture of a pair, in a folder whose name says new",
       {"NewZealand/im1.png", "NewZealand/im2.png", "NewZealand/ref.png"},
       {"NewZealand: NewZealand/im1.png NewZealand/im2.png"}},
  });
}

TEST_CASE("what may be read in two ways is told") {
  CHECK_THAT(notes_of({"spring/a.png", "spring/b.png", "autumn/a.png", "autumn/b.png"}),
             ccx::test::contains("were taken for a pair each") && ccx::test::contains("--before 'autumn/*'"));
  CHECK(notes_of({"s1/a.png", "s1/b.png", "s2/a.png", "s2/b.png", "s3/a.png", "s3/b.png"}).empty());
  CHECK_THAT(notes_of({"t-1.png", "t-2.png"}), ccx::test::contains("no minus"));
  CHECK(notes_of({"A/x.png", "A/~$x.png", "B/x.png"}).empty());
}

TEST_CASE("words that Chinese writes together, numbered figures, satellites") {
  check_names({
      {"word behind", {"T1影像/11.png", "T2影像/11.png"}, {"11: T1影像/11.png T2影像/11.png"}},
      {"word before", {"影像T1/11.png", "影像T2/11.png"}, {"影像/11: 影像T1/11.png 影像T2/11.png"}},
      {"letters", {"A期/11.png", "B期/11.png"}, {"11: A期/11.png B期/11.png"}},
      {"one word", {"前时相影像/11.png", "后时相影像/11.png"}, {"11: 前时相影像/11.png 后时相影像/11.png"}},
      {"figures",
       {"fig3a.png", "fig3b.png", "fig4a.png", "fig4b.png"},
       {"fig3: fig3a.png fig3b.png", "fig4: fig4a.png fig4b.png"}},
      {"satellites",
       {"PHR1A_20200105_PMS.png", "PHR1B_20191230_PMS.png"},
       {"@: PHR1B_20191230_PMS.png PHR1A_20200105_PMS.png"}},
  });
}

TEST_CASE("a year behind a word counts places where a free one tells the date") {
  check_names({
      {"places",
       {"img1950_2013.tif", "img1950_2017.tif", "img1951_2013.tif", "img1951_2017.tif"},
       {"img1950: img1950_2013.tif img1950_2017.tif", "img1951: img1951_2013.tif img1951_2017.tif"}},
      {"years of processing",
       {"x_2018_v2022.tif", "x_2021_v2023.tif", "y_2018_v2022.tif", "y_2021_v2023.tif"},
       {"x_v: x_2018_v2022.tif x_2021_v2023.tif", "y_v: y_2018_v2022.tif y_2021_v2023.tif"}},
      {"towns", {"beirut2018.tif", "beirut2021.tif"}, {"beirut: beirut2018.tif beirut2021.tif"}},
  });
}

TEST_CASE("an event without a word is the other date, and a name of both dates is of none") {
  check_names({
      {"files", {"preflood_2021.jpg", "flood_2021.jpg"}, {"2021: preflood_2021.jpg flood_2021.jpg"}},
      {"folders",
       {"pre-flood/a.jpg", "pre-flood/b.jpg", "flood/a.jpg", "flood/b.jpg"},
       {"a: pre-flood/a.jpg flood/a.jpg", "b: pre-flood/b.jpg flood/b.jpg"}},
      {"side by side", {"before_after/0001.png", "before_after/0002.png", "before_after/0003.png"}, {"ERROR "}},
      {"Italian, two pictures a folder",
       {"ante operam/foto1.jpg", "ante operam/foto2.jpg", "post operam/foto1.jpg", "post operam/foto2.jpg"},
       {"operam/foto1: ante operam/foto1.jpg post operam/foto1.jpg",
        "operam/foto2: ante operam/foto2.jpg post operam/foto2.jpg"}},
      {"two tiles of two years",
       {"queens_sp18/001170.jp2", "queens_sp18/002145.jp2", "queens_sp22/001170.jp2", "queens_sp22/002145.jp2"},
       {"ERROR "}},
      {"counted pairs of several places",
       {"1_bridge_before.jpg", "2_bridge_after.jpg", "3_dam_before.jpg", "4_dam_after.jpg"},
       {"bridge: 1_bridge_before.jpg 2_bridge_after.jpg", "dam: 3_dam_before.jpg 4_dam_after.jpg"}},
  });
}

TEST_CASE("an escape in a name is a byte like another") {
  check_names({{"escape",
                {"A/a\x1b[31mred.png",
                 "A/b\x1b"
                 "c.png",
                 "B/a\x1b[31mred.png",
                 "B/b\x1b"
                 "c.png"},
                {"a\x1b[31mred: A/a\x1b[31mred.png B/a\x1b[31mred.png",
                 "b\x1b"
                 "c: A/b\x1b"
                 "c.png B/b\x1b"
                 "c.png"}}});
}
