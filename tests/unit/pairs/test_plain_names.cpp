// Pictures and folders of which only one date's names have a word for it.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;

TEST_CASE("a name without a word for its date is of the other date than the same name with one") {
  check_names({
      {"after", {"x.png", "x_after.png", "y.png", "y_after.png"}, {"x: x.png x_after.png", "y: y.png y_after.png"}},
      {"new",
       {"parcel_12.tif", "parcel_12_new.tif", "parcel_13.tif", "parcel_13_new.tif"},
       {"parcel_12: parcel_12.tif parcel_12_new.tif", "parcel_13: parcel_13.tif parcel_13_new.tif"}},
      {"old", {"s1.png", "s1_old.png", "s2.png", "s2_old.png"}, {"s1: s1_old.png s1.png", "s2: s2_old.png s2.png"}},
      {"numbered images",
       {"img1.png", "img1_after.png", "img2.png", "img2_after.png"},
       {"img1: img1.png img1_after.png", "img2: img2.png img2_after.png"}},
      {"letters as names",
       {"a.png", "a_after.png", "b.png", "b_after.png"},
       {"a: a.png a_after.png", "b: b.png b_after.png"}},
      {"two words", {"fire.png", "fire_post_disaster.png"}, {"fire: fire.png fire_post_disaster.png"}},
      {"in front", {"x.png", "pre_x.png"}, {"x: pre_x.png x.png"}},
      {"in folders of sites",
       {"kyiv_2022/x.png", "kyiv_2022/x_after.jpg", "lviv/y.png", "lviv/y_after.png"},
       {"kyiv_2022/x: kyiv_2022/x.png kyiv_2022/x_after.jpg", "lviv/y: lviv/y.png lviv/y_after.png"}},
      {"folders",
       {"images/1.png", "images/2.png", "images_after/1.png", "images_after/2.png"},
       {"1: images/1.png images_after/1.png", "2: images/2.png images_after/2.png"}},
      {"folders of splits",
       {"train/tiles/1.png", "train/tiles_old/1.png", "val/tiles/2.png", "val/tiles_old/2.png"},
       {"train/tiles/1: train/tiles_old/1.png train/tiles/1.png", "val/tiles/2: val/tiles_old/2.png val/tiles/2.png"}},
      {"folders with folders in them",
       {"data/s1/1.png", "data/s2/1.png", "data_after/s1/1.png", "data_after/s2/1.png"},
       {"data/s1/1: data/s1/1.png data_after/s1/1.png", "data/s2/1: data/s2/1.png data_after/s2/1.png"}},
  });
}

TEST_CASE("a name without a word stays beside a pair that has both") {
  check_names({
      {"both words", {"x.png", "x_before.png", "x_after.png"}, {"x: x_before.png x_after.png"}},
      {"folders of both words",
       {"images/1.png", "images_before/1.png", "images_after/1.png"},
       {"1: images_before/1.png images_after/1.png"}},
      {"an older copy of one date",
       {"A/x.png", "A_old/x.png", "B/x.png"},
       {"A/x: A_old/x.png -", "x: A/x.png B/x.png"}},
      {"older copies of both dates",
       {"x_A.png", "x_A_old.png", "x_B.png", "x_B_old.png"},
       {"x: x_A.png x_B.png", "x_old: x_A_old.png x_B_old.png"}},
      {"in folders of two dates",
       {"A/x.png", "A/x_new.png", "B/x.png", "B/x_new.png"},
       {"x: A/x.png B/x.png", "x_new: A/x_new.png B/x_new.png"}},
      {"a village and the new one beside it",
       {"village/2018.png", "village/2021.png", "new_village/2018.png", "new_village/2021.png"},
       {"new_village: new_village/2018.png new_village/2021.png", "village: village/2018.png village/2021.png"}},
      {"a later version",
       {"x_2018.png", "x_2021.png", "x_2018_final.png"},
       {"x: x_2018.png x_2021.png", "x_2018: - x_2018_final.png"}},
  });
}

TEST_CASE("that a name without a word was taken for the other date is said") {
  using ccx::test::contains;
  using ccx::test::notes_of;
  CHECK_THAT(notes_of({"x.png", "x_after.png"}),
             contains("1 image without a word for the date taken for the other date"));
  CHECK_THAT(notes_of({"images/1.png", "images_after/1.png"}), contains("images was taken for the other date of"));
}
