// Months that are written before their year, and numbers before a year that are none.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;

TEST_CASE("a month before its year is a date") {
  check_names({
      {"of two digits, letters are places",
       {"a_07-2015.jpg", "a_03-2022.jpg", "b_12-2015.jpg", "b_03-2022.jpg"},
       {"a: a_07-2015.jpg a_03-2022.jpg", "b: b_12-2015.jpg b_03-2022.jpg"}},
      {"of one digit, as Google Earth is used",
       {"Site A 7-2015.jpg", "Site A 3-2022.jpg", "Site B 12-2015.jpg", "Site B 3-2022.jpg"},
       {"Site A: Site A 7-2015.jpg Site A 3-2022.jpg", "Site B: Site B 12-2015.jpg Site B 3-2022.jpg"}},
      {"between points",
       {"lyon_04.2022.jpg", "lyon_12.2015.jpg", "paris_03.2022.jpg", "paris_07.2015.jpg"},
       {"lyon: lyon_12.2015.jpg lyon_04.2022.jpg", "paris: paris_07.2015.jpg paris_03.2022.jpg"}},
      {"between underscores",
       {"lyon_04_2022.jpg", "lyon_12_2015.jpg", "paris_03_2022.jpg", "paris_07_2015.jpg"},
       {"lyon: lyon_12_2015.jpg lyon_04_2022.jpg", "paris: paris_07_2015.jpg paris_03_2022.jpg"}},
      {"the same months of two places",
       {"c_03-2022.jpg", "c_07-2015.jpg", "d_03-2022.jpg", "d_07-2015.jpg"},
       {"c: c_07-2015.jpg c_03-2022.jpg", "d: d_07-2015.jpg d_03-2022.jpg"}},
      {"one year", {"paris_05-2022.jpg", "paris_11-2022.jpg"}, {"paris: paris_05-2022.jpg paris_11-2022.jpg"}},
      {"folders",
       {"ortho_11-2021/k1.jpg", "ortho_03-2022/k1.jpg"},
       {"ortho/k1: ortho_11-2021/k1.jpg ortho_03-2022/k1.jpg"}},
      {"before a word",
       {"x_11-2021_ortho.jpg", "x_03-2022_ortho.jpg"},
       {"x_ortho: x_11-2021_ortho.jpg x_03-2022_ortho.jpg"}},
      {"three are a series",
       {"paris_02-2022.jpg", "paris_05-2020.jpg", "paris_11-2021.jpg"},
       {"ERROR paris has 3 dates (2020-05, 2021-11, 2022-02)"}},
  });
}

TEST_CASE("a number before a year that is no month counts places") {
  check_names({
      {"beyond twelve",
       {"12_2015.png", "12_2018.png", "13_2015.png", "13_2018.png"},
       {"12: 12_2015.png 12_2018.png", "13: 13_2015.png 13_2018.png"}},
      {"beyond twelve in words",
       {"tile-12-2015.png", "tile-12-2018.png", "tile-13-2015.png", "tile-13-2018.png"},
       {"tile-12: tile-12-2015.png tile-12-2018.png", "tile-13: tile-13-2015.png tile-13-2018.png"}},
      {"each in two years",
       {"tile_01_2015.png", "tile_01_2018.png", "tile_02_2015.png", "tile_02_2018.png"},
       {"tile_01: tile_01_2015.png tile_01_2018.png", "tile_02: tile_02_2015.png tile_02_2018.png"}},
      {"each in two years, of one digit",
       {"tile 1-2015.png", "tile 1-2018.png", "tile 2-2015.png", "tile 2-2018.png"},
       {"tile 1: tile 1-2015.png tile 1-2018.png", "tile 2: tile 2-2015.png tile 2-2018.png"}},
      {"most in two years",
       {"t_1-2018.png", "t_1-2021.png", "t_2-2018.png", "t_2-2021.png", "t_3-2018.png"},
       {"t_1: t_1-2018.png t_1-2021.png", "t_2: t_2-2018.png t_2-2021.png"}},
      {"of tiles by zoom, column and row",
       {"2018/12-2045-1362.png", "2018/12-2046-1362.png", "2021/12-2045-1362.png", "2021/12-2046-1362.png"},
       {"12-2045-1362: 2018/12-2045-1362.png 2021/12-2045-1362.png",
        "12-2046-1362: 2018/12-2046-1362.png 2021/12-2046-1362.png"}},
      {"in folders of the years",
       {"2015/x_01_2015.png", "2015/x_02_2015.png", "2018/x_01_2018.png", "2018/x_02_2018.png"},
       {"x_01: 2015/x_01_2015.png 2018/x_01_2018.png", "x_02: 2015/x_02_2015.png 2018/x_02_2018.png"}},
      {"in folders of two dates",
       {"A/tile_1-2018.png", "A/tile_2-2018.png", "B/tile_1-2021.png", "B/tile_2-2021.png"},
       {"tile_1: A/tile_1-2018.png B/tile_1-2021.png", "tile_2: A/tile_2-2018.png B/tile_2-2021.png"}},
      {"a grid and a year",
       {"x_40_07_2018.png", "x_40_07_2021.png", "x_40_08_2018.png", "x_40_08_2021.png"},
       {"x_40_07: x_40_07_2018.png x_40_07_2021.png", "x_40_08: x_40_08_2018.png x_40_08_2021.png"}},
      {"a number before a year and its month",
       {"tile_12_2019-05.png", "tile_12_2021-06.png"},
       {"tile_12: tile_12_2019-05.png tile_12_2021-06.png"}},
  });
}

TEST_CASE("what begins a name before two dates is a place") {
  check_names({
      {"letters",
       {"A_2018.png", "A_2021.png", "B_2018.png", "B_2021.png"},
       {"A: A_2018.png A_2021.png", "B: B_2018.png B_2021.png"}},
      {"numbers",
       {"T1_2018.png", "T1_2021.png", "T2_2018.png", "T2_2021.png"},
       {"T1: T1_2018.png T1_2021.png", "T2: T2_2018.png T2_2021.png"}},
      {"a letter for each date is the date's", {"A_2018.png", "B_2021.png"}, {"@: A_2018.png B_2021.png"}},
      {"letters behind dates",
       {"2018_A.png", "2018_B.png", "2021_A.png", "2021_B.png"},
       {"2018: 2018_A.png 2018_B.png", "2021: 2021_A.png 2021_B.png"}},
  });
}

TEST_CASE("T-1 is before T0") {
  check_names({{"folders",
                {"T-1/x.png", "T0/x.png", "T-1/y.png", "T0/y.png"},
                {"x: T-1/x.png T0/x.png", "y: T-1/y.png T0/y.png"}},
               {"files", {"s_T-1.png", "s_T1.png"}, {"s: s_T-1.png s_T1.png"}},
               {"phases", {"phase-1/x.png", "phase-2/x.png"}, {"x: phase-1/x.png phase-2/x.png"}}});
}
