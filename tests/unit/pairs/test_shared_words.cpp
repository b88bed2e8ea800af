// Words that mean a label, a position or a count elsewhere, where all names show that they do not, and the reverse.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::contains;
using ccx::test::notes_of;

TEST_CASE("pos is after where pre stands beside it") {
  check_names({
      {"within names",
       {"img_pre_01.jpg", "img_pos_01.jpg", "img_pre_02.jpg", "img_pos_02.jpg"},
       {"img_01: img_pre_01.jpg img_pos_01.jpg", "img_02: img_pre_02.jpg img_pos_02.jpg"}},
      {"with accents",
       {"pré_01.tif", "pós_01.tif", "pré_02.tif", "pós_02.tif"},
       {"01: pré_01.tif pós_01.tif", "02: pré_02.tif pós_02.tif"}},
      {"folders",
       {"pre/1.tif", "pos/1.tif", "pre/2.tif", "pos/2.tif"},
       {"1: pre/1.tif pos/1.tif", "2: pre/2.tif pos/2.tif"}},
      {"with the event",
       {"pre_evento_01.tif", "pos_evento_01.tif", "pre_evento_02.tif", "pos_evento_02.tif"},
       {"01: pre_evento_01.tif pos_evento_01.tif", "02: pre_evento_02.tif pos_evento_02.tif"}},
      {"alone it is a position",
       {"img_pos_01_2018.jpg", "img_pos_01_2021.jpg", "img_pos_02_2018.jpg", "img_pos_02_2021.jpg"},
       {"img_pos_01: img_pos_01_2018.jpg img_pos_01_2021.jpg", "img_pos_02: img_pos_02_2018.jpg img_pos_02_2021.jpg"}},
      {"and no half of a pair", {"pos/1.png", "pos/2.png", "pos/3.png"}, {"ERROR 3 images and no pairs"}},
      {"a meadow", {"grand-pré_2018.png", "grand-pré_2021.png"}, {"grand-pré: grand-pré_2018.png grand-pré_2021.png"}},
  });
}

TEST_CASE("a target is the later picture where a moving one stands beside it") {
  check_names({
      {"AICD",
       {"x/s0_v0_moving.png", "x/s0_v0_target.png", "x/s0_v1_moving.png", "x/s0_v1_target.png", "gt/s0_v0_gtmask.png",
        "gt/s0_v1_gtmask.png"},
       {"x/s0_v0: x/s0_v0_moving.png x/s0_v0_target.png", "x/s0_v1: x/s0_v1_moving.png x/s0_v1_target.png"}},
      {"beside others it is a label",
       {"x_pre.png", "x_post.png", "x_pre_target.png", "x_post_target.png"},
       {"x: x_pre.png x_post.png"}},
  });
}

TEST_CASE("a word for labels in a folder that holds all pictures is what they are about") {
  for (const char* name : {"Segmentation_project", "semantic_cd", "SemanticCD", "annotation_task", "target_area",
                           "Land cover project", "gt_city", "mask_rcnn_data"}) {
    const std::string folder = name;
    check_names({{folder,
                  {folder + "/A/1.png", folder + "/B/1.png"},
                  {folder + "/1: " + folder + "/A/1.png " + folder + "/B/1.png"}}});
    CHECK_THAT(notes_of({folder + "/A/1.png", folder + "/B/1.png"}),
               contains(folder + " is called by a word for labels"));
  }
  check_names({
      {"heights and pictures of a project",
       {"2021/3_dsm_ortho/1_dsm/x_2021_dsm.tif", "2021/3_dsm_ortho/2_mosaic/x_2021_mosaic.tif",
        "2022/3_dsm_ortho/1_dsm/x_2022_dsm.tif", "2022/3_dsm_ortho/2_mosaic/x_2022_mosaic.tif"},
       {"3_dsm_ortho/2_mosaic/x_mosaic: 2021/3_dsm_ortho/2_mosaic/x_2021_mosaic.tif "
        "2022/3_dsm_ortho/2_mosaic/x_2022_mosaic.tif"}},
      {"in folders of dates",
       {"2021_dem_ortho/dem.tif", "2021_dem_ortho/ortho.tif", "2022_dem_ortho/dem.tif", "2022_dem_ortho/ortho.tif"},
       {"dem_ortho/ortho: 2021_dem_ortho/ortho.tif 2022_dem_ortho/ortho.tif"}},
      {"a folder that is called by the word alone", {"label/A/1.png", "label/B/1.png"}, {"ERROR labels, masks"}},
      {"beside pictures they are labels",
       {"A/1.png", "B/1.png", "semantic_cd/A/1.png", "semantic_cd/B/1.png"},
       {"1: A/1.png B/1.png"}},
  });
}

TEST_CASE("a short code before a number is a case or a place where there are no other pictures") {
  for (const char* name : {"CLM-2023-00417", "GT-0417", "QA-7", "SEG-12", "DEM12", "LST_3", "CDL-5"}) {
    const std::string code = name;
    check_names(
        {{code, {code + "_pre.jpg", code + "_post.jpg"}, {code + ": " + code + "_pre.jpg " + code + "_post.jpg"}}});
  }
  CHECK_THAT(notes_of({"CLM-1_pre.jpg", "CLM-1_post.jpg"}), contains("begin like those of labels"));
  check_names({
      {"two cases",
       {"CLM-2023-00417_pre.jpg", "CLM-2023-00417_post.jpg", "CLM-2023-00981_pre.jpg", "CLM-2023-00981_post.jpg"},
       {"CLM-2023-00417: CLM-2023-00417_pre.jpg CLM-2023-00417_post.jpg",
        "CLM-2023-00981: CLM-2023-00981_pre.jpg CLM-2023-00981_post.jpg"}},
      {"beside pictures they are maps",
       {"1_pre.jpg", "1_post.jpg", "GT-1_pre.jpg", "GT-1_post.jpg"},
       {"1: 1_pre.jpg 1_post.jpg"}},
      {"maps of a tile and a year", {"DEM_12_2018.tif", "DEM_12_2021.tif"}, {"ERROR labels, masks"}},
      {"indices", {"NBR_3_pre.tif", "NBR_3_post.tif"}, {"ERROR labels, masks"}},
      {"small letters", {"gt_1_pre.png", "gt_1_post.png"}, {"ERROR labels, masks"}},
  });
}

TEST_CASE("flights and weeks are counted with the date") {
  check_names({
      {"one picture a flight",
       {"X/Flight1_2023-05-12/o.tif", "X/Flight2_2023-08-20/o.tif"},
       {"X/Flight/o: X/Flight1_2023-05-12/o.tif X/Flight2_2023-08-20/o.tif"}},
      {"places are not", {"X/Plot1_2023-05-12/o.tif", "X/Plot2_2023-08-20/o.tif"}, {"ERROR 2 images and no pairs"}},
      {"weeks", {"T/Week 12/ortho.tif", "T/Week 20/ortho.tif"}, {"T/ortho: T/Week 12/ortho.tif T/Week 20/ortho.tif"}},
      {"days of each of two years",
       {"x_day1_2019.png", "x_day1_2021.png", "x_day2_2019.png", "x_day2_2021.png"},
       {"x_day1: x_day1_2019.png x_day1_2021.png", "x_day2: x_day2_2019.png x_day2_2021.png"}},
      {"a day beside pairs is no half of one",
       {"a_before.png", "a_after.png", "day1.png"},
       {"a: a_before.png a_after.png"}},
      {"months and days",
       {"x_month_03.png", "x_month_11.png", "y_day9.png", "y_day10.png"},
       {"x: x_month_03.png x_month_11.png", "y: y_day9.png y_day10.png"}},
  });
}

TEST_CASE("what else a folder holds, and which of two things tells the time, is told by name") {
  check_names({{"archives",
                {"A.zip", "B.zip", "notes.txt"},
                {"ERROR only 3 other files (.txt 1, .zip 2); pictures in archives"}}});
  const std::string rivals = notes_of({"baseline/t_1.tif", "baseline/t_2.tif", "baseline/t_3.tif", "monitoring/t_1.tif",
                                       "monitoring/t_2.tif", "monitoring/t_3.tif"});
  CHECK_THAT(rivals, contains("'baseline' was taken for the time and 't_1' for a part of the place") &&
                         contains("--layout suffixes"));
}
