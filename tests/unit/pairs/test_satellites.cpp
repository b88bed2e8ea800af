// A satellite's name that changes with the date is no part of the place.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::contains;
using ccx::test::notes_of;

TEST_CASE("pictures of two satellites are pairs of their places") {
  for (const auto& [first, second] : std::vector<std::pair<std::string, std::string>>{{"WV2", "WV3"},
                                                                                      {"WV02", "WV03"},
                                                                                      {"GE01", "WV03"},
                                                                                      {"S2", "L8"},
                                                                                      {"S2A", "S2B"},
                                                                                      {"LT05", "LC08"},
                                                                                      {"Pleiades", "Sentinel-2"},
                                                                                      {"WorldView2", "WorldView3"},
                                                                                      {"GF-1", "GF-2"},
                                                                                      {"Ikonos", "SPOT6"},
                                                                                      {"drone", "Maxar"}}) {
    const std::string early = first + "_20230501.tif";
    const std::string late = second + "_20231015.tif";
    check_names({{first + " and " + second,
                  {"Gaza_" + early, "Gaza_" + late, "Rafah_" + early, "Rafah_" + late},
                  {"Gaza: Gaza_" + early + " Gaza_" + late, "Rafah: Rafah_" + early + " Rafah_" + late}}});
  }
  check_names({
      {"folders of them",
       {"WV2_2019/a.tif", "WV2_2019/b.tif", "WV3_2021/a.tif", "WV3_2021/b.tif"},
       {"a: WV2_2019/a.tif WV3_2021/a.tif", "b: WV2_2019/b.tif WV3_2021/b.tif"}},
      {"each of two dates",
       {"x_S2_2019.tif", "x_S2_2021.tif", "x_L8_2019.tif", "x_L8_2021.tif"},
       {"x_L8: x_L8_2019.tif x_L8_2021.tif", "x_S2: x_S2_2019.tif x_S2_2021.tif"}},
      {"two of one day are one date",
       {"x_WV2_20230501.tif", "x_WV3_20230501.tif", "y_WV2_20230501.tif", "y_WV3_20230501.tif"},
       {"ERROR 4 images and no pairs"}},
      {"S1 and S2 may be sites",
       {"Gaza_S1_2019.tif", "Gaza_S2_2021.tif", "Rafah_S1_2019.tif", "Rafah_S2_2021.tif"},
       {"ERROR 4 images and no pairs"}},
      {"a number of a tile behind the satellite stays",
       {"Ikonos_1_2008.tif", "Ikonos_2_2008.tif", "Planet_1_2019.tif", "Planet_2_2019.tif"},
       {"1: Ikonos_1_2008.tif Planet_1_2019.tif", "2: Ikonos_2_2008.tif Planet_2_2019.tif"}},
  });
  CHECK_THAT(notes_of({"a_WV2_2019.tif", "a_WV3_2021.tif", "b_WV2_2019.tif", "b_WV3_2021.tif"}),
             contains("2 pairs of names in which the satellite changes with the date"));
}
