// Numbers, letters and words of names that may tell the time or count pairs: which of them is believed, and what is
// refused because both are as likely.
#include <string>
#include <vector>

#include "core/pairs/pairs.h"
#include "tests/support/catch.h"
#include "tests/unit/pairs/name_cases.h"

using namespace ccx;
using ccx::test::check_names;

TEST_CASE("pictures of two pairs are counted as those of three are") {
  check_names({
      {"letters at the end",
       {"img1_A.png", "img1_B.png", "img2_A.png", "img2_B.png"},
       {"img1: img1_A.png img1_B.png", "img2: img2_A.png img2_B.png"}},
      {"letters before",
       {"A_img1.png", "B_img1.png", "A_img2.png", "B_img2.png"},
       {"img1: A_img1.png B_img1.png", "img2: A_img2.png B_img2.png"}},
      {"years",
       {"image1_2018.png", "image1_2020.png", "image2_2018.png", "image2_2020.png"},
       {"image1: image1_2018.png image1_2020.png", "image2: image2_2018.png image2_2020.png"}},
      {"whole dates in folders that are counted",
       {"img1/2018-05-01.png", "img1/2020-05-01.png", "img2/2018-05-01.png", "img2/2020-05-01.png"},
       {"img1: img1/2018-05-01.png img1/2020-05-01.png", "img2: img2/2018-05-01.png img2/2020-05-01.png"}},
      {"the numbers are the dates where pairs have others",
       {"im1_3.png", "im2_3.png", "im1_4.png", "im2_4.png"},
       {"3: im1_3.png im2_3.png", "4: im1_4.png im2_4.png"}},
      {"and the pairs' where the dates have",
       {"im3_1.png", "im3_2.png", "im4_1.png", "im4_2.png"},
       {"im3: im3_1.png im3_2.png", "im4: im4_1.png im4_2.png"}},
      {"folders im1 and im2 stay dates",
       {"im1/a.png", "im2/a.png", "im1/b.png", "im2/b.png"},
       {"a: im1/a.png im2/a.png", "b: im1/b.png im2/b.png"}},
  });
}

TEST_CASE("the letter of a place is no date") {
  check_names({
      {"with dates",
       {"siteA_1.png", "siteA_2.png", "siteB_1.png", "siteB_2.png"},
       {"siteA: siteA_1.png siteA_2.png", "siteB: siteB_1.png siteB_2.png"}},
      {"without",
       {"area_a/1.png", "area_a/2.png", "area_a/3.png", "area_b/1.png", "area_b/2.png", "area_b/3.png"},
       {"ERROR no pairs"}},
      {"letters before other numbers",
       {"a_paris_12.png", "b_paris_15.png"},
       {"paris_12: a_paris_12.png -", "paris_15: - b_paris_15.png"}},
      {"tiles may be of two dates", {"tile_a.png", "tile_b.png"}, {"tile: tile_a.png tile_b.png"}},
  });
}

TEST_CASE("words of registration tell dates at an end of a name") {
  check_names({
      {"ends", {"x_ref.tif", "x_sec.tif"}, {"x: x_ref.tif x_sec.tif"}},
      {"folders",
       {"reference/x.png", "reference/y.png", "query/x.png", "query/y.png"},
       {"x: reference/x.png query/x.png", "y: reference/y.png query/y.png"}},
      {"radar", {"master/x.tif", "slave/x.tif"}, {"x: master/x.tif slave/x.tif"}},
      {"before numbers", {"primary_01.tif", "secondary_01.tif"}, {"01: primary_01.tif secondary_01.tif"}},
      {"short", {"x_bef.png", "x_aft.png"}, {"x: x_bef.png x_aft.png"}},
      {"schools are places",
       {"primary_school_2018.png", "primary_school_2020.png", "secondary_school_2018.png", "secondary_school_2020.png"},
       {"primary_school: primary_school_2018.png primary_school_2020.png",
        "secondary_school: secondary_school_2018.png secondary_school_2020.png"}},
  });
}

TEST_CASE("years of two digits, periods and numbered dates") {
  check_names({
      {"years",
       {"paris_98.png", "paris_09.png", "rome_98.png", "rome_09.png"},
       {"paris: paris_98.png paris_09.png", "rome: rome_98.png rome_09.png"}},
      {"folders", {"18/x.png", "20/x.png", "18/y.png", "20/y.png"}, {"x: 18/x.png 20/x.png", "y: 18/y.png 20/y.png"}},
      {"no years", {"paris_40.png", "paris_50.png", "rome_40.png", "rome_50.png"}, {"ERROR no pairs"}},
      {"dates", {"x_d1.png", "x_d2.png", "y_d1.png", "y_d2.png"}, {"x: x_d1.png x_d2.png", "y: y_d1.png y_d2.png"}},
      {"periods", {"p1/x.png", "p1/y.png", "p2/x.png", "p2/y.png"}, {"x: p1/x.png p2/x.png", "y: p1/y.png p2/y.png"}},
      {"places",
       {"paris_1.png", "paris_2.png", "rome_1.png", "rome_2.png"},
       {"paris: paris_1.png paris_2.png", "rome: rome_1.png rome_2.png"}},
      {"dates behind a point",
       {"7.d1.png", "7.d2.png", "8.d1.png", "8.d2.png"},
       {"7: 7.d1.png 7.d2.png", "8: 8.d1.png 8.d2.png"}},
      {"pairs that are counted",
       {"001_0.png", "001_1.png", "002_0.png", "002_1.png"},
       {"001: 001_0.png 001_1.png", "002: 002_0.png 002_1.png"}},
      {"a grid", {"p1_1.png", "p1_2.png", "p2_1.png", "p2_2.png"}, {"ERROR no pairs"}},
      {"months", {"site_may18.png", "site_jun20.png"}, {"site: site_may18.png site_jun20.png"}},
      {"months of folders", {"dec18/1.png", "jan19/1.png"}, {"1: dec18/1.png jan19/1.png"}},
  });
}

TEST_CASE("two folders with the same names are two dates, or two pairs, or refused") {
  check_names({
      {"numbers", {"1/x.png", "1/y.png", "2/x.png", "2/y.png"}, {"x: 1/x.png 2/x.png", "y: 1/y.png 2/y.png"}},
      {"numbers in numbers",
       {"1/1.png", "1/2.png", "2/1.png", "2/2.png"},
       {"1: 1/1.png 1/2.png", "2: 2/1.png 2/2.png"}},
      {"names", {"S1/x.png", "S1/y.png", "S2/x.png", "S2/y.png"}, {"ERROR --before 'S1/*' --after 'S2/*'"}},
      {"three of them are pairs",
       {"k/x.png", "k/y.png", "l/x.png", "l/y.png", "m/x.png", "m/y.png"},
       {"k: k/x.png k/y.png", "l: l/x.png l/y.png", "m: m/x.png m/y.png"}},
  });
}

TEST_CASE("what a person might have read otherwise is said") {
  using test::notes_of;
  // As days of one year the order would be the other.
  CHECK_THAT(notes_of({"jan20/1.png", "feb03/1.png"}), test::contains("not for days"));
  CHECK_THAT(notes_of({"mask/2018.png", "mask/2020.png", "paris/2018.png", "paris/2020.png"}),
             test::contains("--before GLOB --after GLOB takes such names"));
  CHECK_THAT(notes_of({"img1_A.png", "img1_B.png", "img2_A.png", "img2_B.png"}), test::contains("two things"));
  CHECK_THAT(notes_of({"paris_18.png", "paris_20.png", "rome_18.png", "rome_20.png"}), test::contains("for years"));
}

TEST_CASE("data sets that differ from date to date in more than the date") {
  check_names({
      {"HRSCD",
       {"images_2006/D14/14-2005-0415-6890-LA93.tif", "images_2006/D14/14-2005-0420-6890-LA93.tif",
        "images_2012/D14/14-2012-0415-6890-LA93-0M50-E080.tif", "images_2012/D14/14-2012-0420-6890-LA93-0M50-E080.tif",
        "labels_change/D14/14-2012-0415-6890-LA93-0M50-E080.tif"},
       {"images/D14/14-2005-0415-6890-LA93: images_2006/D14/14-2005-0415-6890-LA93.tif "
        "images_2012/D14/14-2012-0415-6890-LA93-0M50-E080.tif",
        "images/D14/14-2005-0420-6890-LA93: images_2006/D14/14-2005-0420-6890-LA93.tif "
        "images_2012/D14/14-2012-0420-6890-LA93-0M50-E080.tif"}},
      {"SpaceNet 7",
       {"L15/images/global_2018_01_L15.tif", "L15/images/global_2018_02_L15.tif",
        "L15/images_masked/global_2018_01_L15.tif", "L15/images_masked/global_2018_02_L15.tif",
        "L15/UDM_masks/global_2018_01_L15_UDM.tif"},
       {"L15/images/global_L15: L15/images/global_2018_01_L15.tif L15/images/global_2018_02_L15.tif"}},
      {"MultiSenGE",
       {"s2/31UGP_20200318_S2_10.tif", "s2/31UGP_20200625_S2_10.tif", "ground_reference/31UGP_GR_10.tif"},
       {"s2/31UGP_S2_10: s2/31UGP_20200318_S2_10.tif s2/31UGP_20200625_S2_10.tif"}},
  });
}
