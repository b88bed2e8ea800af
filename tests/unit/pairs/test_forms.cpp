// Folders that hold the pictures of others in another form, seasons, what lies between before and after, words of one
// side alone.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::contains;
using ccx::test::notes_of;

TEST_CASE("folders beside the pictures with the same names are another form of them") {
  check_names({
      {"BANDON",
       {"imgs/bj/t1/x.jpg", "imgs/bj/t2/x.jpg", "offset_st_resize256/bj/t1/x.tif", "offset_st_resize256/bj/t2/x.tif"},
       {"imgs/bj/x: imgs/bj/t1/x.jpg imgs/bj/t2/x.jpg"}},
      {"infrared beside colours",
       {"rgb/A/1.png", "rgb/B/1.png", "nir/A/1.png", "nir/B/1.png"},
       {"rgb/1: rgb/A/1.png rgb/B/1.png"}},
      {"a word behind the role",
       {"t1/x.png", "t2/x.png", "t1_colormap/x.png", "t2_colormap/x.png"},
       {"x: t1/x.png t2/x.png"}},
      {"a word before it", {"t1/x.png", "t2/x.png", "cls_t1/x.png", "cls_t2/x.png"}, {"x: t1/x.png t2/x.png"}},
      {"a size", {"A/x.png", "B/x.png", "A_512/x.png", "B_512/x.png"}, {"x: A/x.png B/x.png"}},
      {"drawn on",
       {"x_pre.png", "x_post.png", "x_pre_annotated.png", "x_post_annotated.png"},
       {"x: x_pre.png x_post.png"}},
      {"another place has other names",
       {"images/A/1.png", "images/B/1.png", "more/A/2.png", "more/B/2.png"},
       {"images/1: images/A/1.png images/B/1.png", "more/2: more/A/2.png more/B/2.png"}},
      {"two folders without a time may be the dates",
       {"photos/1.png", "photos/2.png", "photos/3.png", "drone/1.png", "drone/2.png", "drone/3.png"},
       {"ERROR --before 'drone/*' --after 'photos/*'"}},
      {"splits and counted places are none",
       {"A/1.png", "B/1.png", "A_test/1.png", "B_test/1.png", "A_2/1.png", "B_2/1.png"},
       {"1: A/1.png B/1.png", "2/1: A_2/1.png B_2/1.png", "test/1: A_test/1.png B_test/1.png"}},
      {"Maxar's pictures beside their bands",
       {"d/2020-01-05/ID-visual.tif", "d/2020-01-05/ID-ms.tif", "d/2020-01-05/ID-pan.tif", "d/2021-01-05/ID-visual.tif",
        "d/2021-01-05/ID-ms.tif", "d/2021-01-05/ID-pan.tif"},
       {"d/ID-visual: d/2020-01-05/ID-visual.tif d/2021-01-05/ID-visual.tif"}},
  });
  CHECK_THAT(notes_of({"imgs/t1/x.jpg", "imgs/t2/x.jpg", "warped/t1/x.tif", "warped/t2/x.tif"}),
             contains("2 files of pictures that are among the pairs in another form passed over"));
  // Where nothing says which are the pictures, a person is told.
  CHECK_THAT(notes_of({"data/A/1.png", "data/B/1.png", "results/m1/A/1.png", "results/m1/B/1.png"}),
             contains("'data' and 'results/m1' hold pairs of the same names"));
  CHECK(notes_of({"site1/A/1.png", "site1/B/1.png", "site2/A/1.png", "site2/B/1.png"}).empty());
}

TEST_CASE("two folders with the same two names may be two pairs or two dates") {
  check_names({
      {"tiles", {"d1/0001.png", "d1/0002.png", "d2/0001.png", "d2/0002.png"}, {"ERROR --layout pair-folders"}},
      {"dates in each",
       {"d1/1.png", "d1/2.png", "d2/1.png", "d2/2.png"},
       {"d1: d1/1.png d1/2.png", "d2: d2/1.png d2/2.png"}},
  });
}

TEST_CASE("seasons of years are dates") {
  check_names({
      {"joined", {"f_summer2018.png", "f_winter2019.png"}, {"f: f_summer2018.png f_winter2019.png"}},
      {"behind the year", {"f_2018_Herbst.png", "f_2019_Sommer.png"}, {"f: f_2018_Herbst.png f_2019_Sommer.png"}},
      {"in words", {"lakeSpring2019.png", "lakeAutumn2019.png"}, {"lake: lakeSpring2019.png lakeAutumn2019.png"}},
      {"folders",
       {"2019_summer/1.png", "2019_summer/2.png", "2020_winter/1.png", "2020_winter/2.png"},
       {"1: 2019_summer/1.png 2020_winter/1.png", "2: 2019_summer/2.png 2020_winter/2.png"}},
      {"months with a letter", {"f_2021_m03.png", "f_2021_m11.png"}, {"f: f_2021_m03.png f_2021_m11.png"}},
      {"a word that ends like one is none",
       {"waterfall2018.png", "waterfall2021.png"},
       {"waterfall: waterfall2018.png waterfall2021.png"}},
  });
  CHECK_THAT(notes_of({"f_spring2020.png", "f_autumn2020.png"}), contains("the northern half of the Earth"));
  // A winter may be at either end of its year.
  CHECK_THAT(notes_of({"f_winter2020.png", "f_summer2020.png"}), contains("do not say which is first"));
  CHECK(notes_of({"f_summer2018.png", "f_spring2019.png"}).empty());
}

TEST_CASE("what lies between before and after is the other date of either") {
  check_names({
      {"the peak", {"flood_pre.png", "flood_peak.png"}, {"flood: flood_pre.png flood_peak.png"}},
      {"during, and before it", {"before_flood.png", "during_flood.png"}, {"flood: before_flood.png during_flood.png"}},
      {"during, and after it", {"dam_during.png", "dam_after.png"}, {"dam: dam_during.png dam_after.png"}},
      {"folders", {"pre_event/a.png", "co_event/a.png"}, {"a: pre_event/a.png co_event/a.png"}},
      {"not where both are there",
       {"dam_before.png", "dam_during.png", "dam_after.png"},
       {"dam: dam_before.png dam_after.png"}},
  });
}

TEST_CASE("words for a date in more languages, before a name or behind it") {
  check_names({
      {"Dutch", {"voor_de_brand.png", "na_de_brand.png"}, {"de_brand: voor_de_brand.png na_de_brand.png"}},
      {"Turkish without its letters", {"once.png", "sonra.png"}, {"@: once.png sonra.png"}},
      {"letters and a Chinese word", {"A时相/1.tif", "B时相/1.tif"}, {"1: A时相/1.tif B时相/1.tif"}},
      {"old and new pictures", {"旧影像/1.png", "新影像/1.png"}, {"1: 旧影像/1.png 新影像/1.png"}},
      {"numbers in Chinese", {"一期/1.png", "二期/1.png"}, {"1: 一期/1.png 二期/1.png"}},
      {"Korean", {"사전/1.png", "사후/1.png"}, {"1: 사전/1.png 사후/1.png"}},
      {"in one word with what happened", {"beforefire.jpg", "afterfire.jpg"}, {"@: beforefire.jpg afterfire.jpg"}},
      {"the latest", {"previous/1.png", "latest/1.png"}, {"1: previous/1.png latest/1.png"}},
  });
  CHECK_THAT(notes_of({"before/1.png", "before/2.png", "before/3.png", "sea/1.png", "sea/2.png", "sea/3.png"}),
             contains("say \"before\", and none here says \"after\""));
}
