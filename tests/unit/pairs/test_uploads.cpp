// Names as tools for labels and archives leave them, and what is proposed where names alone give no pair.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::contains;
using ccx::test::notes_of;

TEST_CASE("the hash of an upload is no part of a name") {
  check_names({
      {"Roboflow",
       {"train/scene1_A_png.rf.0a1b2c3d4e5f60718293a4b5c6d7e8f9.jpg",
        "train/scene1_B_png.rf.1f8e7d6c5b4a39281706f5e4d3c2b1a0.jpg",
        "train/scene2_A_png.rf.aa1b2c3d4e5f60718293a4b5c6d7e8f9.jpg",
        "train/scene2_B_png.rf.bf8e7d6c5b4a39281706f5e4d3c2b1a0.jpg"},
       {"train/scene1: train/scene1_A_png.rf.0a1b2c3d4e5f60718293a4b5c6d7e8f9.jpg "
        "train/scene1_B_png.rf.1f8e7d6c5b4a39281706f5e4d3c2b1a0.jpg",
        "train/scene2: train/scene2_A_png.rf.aa1b2c3d4e5f60718293a4b5c6d7e8f9.jpg "
        "train/scene2_B_png.rf.bf8e7d6c5b4a39281706f5e4d3c2b1a0.jpg"}},
      {"Label Studio",
       {"upload/1/0a1b2c3d-t1_before.png", "upload/1/99ab12cd-t1_after.png", "upload/1/77aa2c3d-t2_before.png",
        "upload/1/12345678-t2_after.png"},
       {"upload/1/t1: upload/1/0a1b2c3d-t1_before.png upload/1/99ab12cd-t1_after.png",
        "upload/1/t2: upload/1/77aa2c3d-t2_before.png upload/1/12345678-t2_after.png"}},
      {"the same before both dates is the place's",
       {"A/3f2a9c01-x.png", "B/3f2a9c01-x.png", "A/3f2a9c02-x.png", "B/3f2a9c02-x.png"},
       {"3f2a9c01-x: A/3f2a9c01-x.png B/3f2a9c01-x.png", "3f2a9c02-x: A/3f2a9c02-x.png B/3f2a9c02-x.png"}},
      {"dates before a word",
       {"20180612-site.png", "20210503-site.png"},
       {"site: 20180612-site.png 20210503-site.png"}},
  });
}

TEST_CASE("a folder in a folder of its name is that folder") {
  check_names({
      {"one of the two dates",
       {"A/x.png", "A/y.png", "B/B/x.png", "B/B/y.png"},
       {"x: A/x.png B/B/x.png", "y: A/y.png B/B/y.png"}},
      {"both", {"A/A/x.png", "B/B/x.png"}, {"x: A/A/x.png B/B/x.png"}},
      {"a place", {"data/data/A/x.png", "data/data/B/x.png"}, {"data/data/x: data/data/A/x.png data/data/B/x.png"}},
  });
}

TEST_CASE("where names give no pair a message proposes what would") {
  check_names({
      {"three numbers", {"s/im1.bmp", "s/im2.bmp", "s/im3.bmp"}, {"ERROR s/im1.bmp' '"}},
      {"three numbers of several places",
       {"s/im1.bmp", "s/im2.bmp", "s/im3.bmp", "u/im1.bmp", "u/im2.bmp", "u/im3.bmp"},
       {"ERROR --before '**/im1.bmp' --after '**/im2.bmp' takes the first two of each folder"}},
      {"folders that say nothing",
       {"ikonos/1.png", "ikonos/2.png", "ikonos/3.png", "pleiades/1.png", "pleiades/2.png", "pleiades/3.png"},
       {"ERROR hold the same names: where the first is the earlier date, give --before 'ikonos/*' --after "
        "'pleiades/*'"}},
  });
  CHECK_THAT(notes_of({"01_before.png", "02_after.png", "03_before.png", "04_after.png"}),
             contains("no image has a partner") && contains("--pair-pattern"));
  CHECK_THAT(notes_of({"train/s_before.png", "valid/s_after.png"}), contains("no image has a partner"));
  CHECK_THAT(notes_of({"A/1.png", "B/1.png", "A/2.png"}), !contains("no image has a partner"));
}
