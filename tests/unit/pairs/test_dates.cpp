// Dates in the names of files and folders, written in every way.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::NameCase;

namespace {

// Files, then the pairs as "id: before after"; "-" for a missing one, "@" for the folder's own name, "ERROR words" for
// a refusal.
const std::vector<NameCase> kCases = {
    {"order of months",
     {"nov_dec/2019-12.png", "nov_dec/2020-02.png"},
     {"nov_dec: nov_dec/2019-12.png nov_dec/2020-02.png"}},
    {"day first", {"d/15-03-2019.png", "d/01-06-2021.png"}, {"d: d/15-03-2019.png d/01-06-2021.png"}},
    {"months by name", {"d/mar2019.png", "d/jan2021.png"}, {"d: d/mar2019.png d/jan2021.png"}},
    {"numbers before a year",
     {"d/tile9_2019.png", "d/tile10_2018_2021.png"},
     {"d: d/tile9_2019.png d/tile10_2018_2021.png"}},
    {"a range of years",
     {"d/GE_2015_z18.png", "d/GE_2009_to_2022_z18.png"},
     {"d: d/GE_2015_z18.png d/GE_2009_to_2022_z18.png"}},
    {"years are dates, not pairs",
     {"2012/t1.png", "2016/t1.png", "2012/t2.png", "2016/t2.png"},
     {"t1: 2012/t1.png 2016/t1.png", "t2: 2012/t2.png 2016/t2.png"}},
    {"two tiles a year",
     {"2012/tile_1.png", "2012/tile_2.png", "2016/tile_1.png", "2016/tile_2.png"},
     {"tile_1: 2012/tile_1.png 2016/tile_1.png", "tile_2: 2012/tile_2.png 2016/tile_2.png"}},
    {"three dates",
     {"site1/2018.png", "site1/2019.png", "site1/2021.png", "site2/2018.png", "site2/2021.png"},
     {"ERROR --series"}},
    {"yearcount",
     {"A/1999.png", "A/2000.png", "A/2100.png", "A/3.png", "B/1999.png", "B/2000.png", "B/2100.png", "B/3.png"},
     {"1999: A/1999.png B/1999.png", "2000: A/2000.png B/2000.png", "2100: A/2100.png B/2100.png",
      "3: A/3.png B/3.png"}},
    {"counts flat", {"1.png", "2.png", "1999.png", "2000.png"}, {"ERROR no pairs"}},
    {"beforeafter years",
     {"before/2012.png", "after/2012.png", "before/2013.png", "after/2013.png"},
     {"2012: before/2012.png after/2012.png", "2013: before/2013.png after/2013.png"}},
    {"ymd tiles",
     {"2019_05_17.png", "2019_05_40.png", "2021_05_17.png", "2021_05_40.png"},
     {"05_17: 2019_05_17.png 2021_05_17.png", "05_40: 2019_05_40.png 2021_05_40.png"}},
    {"gridyear",
     {"2019_1_2.png", "2021_1_2.png", "2019_13_2.png", "2021_13_2.png"},
     {"13_2: 2019_13_2.png 2021_13_2.png", "1_2: 2019_1_2.png 2021_1_2.png"}},
    {"ymfolders", {"2019/05/x.png", "2021/06/x.png"}, {"x: 2019/05/x.png 2021/06/x.png"}},
    {"ymd folders", {"2019/05/01/x.png", "2021/06/12/x.png"}, {"x: 2019/05/01/x.png 2021/06/12/x.png"}},
    {"tilefolders",
     {"2018/1/a.png", "2019/1/a.png", "2018/2/a.png", "2019/2/a.png"},
     {"1/a: 2018/1/a.png 2019/1/a.png", "2/a: 2018/2/a.png 2019/2/a.png"}},
    {"iso",
     {"2019-05-01T10:11:12Z.png", "2018-05-01T10:11:12Z.png"},
     {"@: 2018-05-01T10:11:12Z.png 2019-05-01T10:11:12Z.png"}},
    {"isod",
     {"x_2019-05-01T101112.png", "x_2019-05-01T091112.png"},
     {"x: x_2019-05-01T091112.png x_2019-05-01T101112.png"}},
    {"compact", {"img20190501.png", "img20180501.png"}, {"img: img20180501.png img20190501.png"}},
    {"yyyymm", {"a_201905.png", "a_201812.png"}, {"a: a_201812.png a_201905.png"}},
    {"dots", {"01.05.2019.png", "15.04.2021.png"}, {"@: 01.05.2019.png 15.04.2021.png"}},
    {"usdate", {"05-15-2019.png", "04-16-2020.png"}, {"@: 05-15-2019.png 04-16-2020.png"}},
    {"monthname", {"site-May-2019.png", "site-Mar-2021.png"}, {"site: site-May-2019.png site-Mar-2021.png"}},
    {"dmony", {"x_15Mar2019.png", "x_01Jan2018.png"}, {"x: x_01Jan2018.png x_15Mar2019.png"}},
    {"monthonly", {"june.png", "august.png"}, {"@: june.png august.png"}},
    {"fullmonth", {"x_september_2019.png", "x_february_2020.png"}, {"x: x_september_2019.png x_february_2020.png"}},
    {"quarter", {"x_2019Q4.png", "x_2020Q1.png"}, {"x: x_2019Q4.png x_2020Q1.png"}},
    {"ddmmyyyy", {"x_15032019.png", "x_01022018.png"}, {"x: x_01022018.png x_15032019.png"}},
    {"yprefix", {"x_y2019.png", "x_y2015.png"}, {"x_y: x_y2015.png x_y2019.png"}},
    {"glueyear", {"Beirut2019.png", "Beirut2021.png"}, {"Beirut: Beirut2019.png Beirut2021.png"}},
    {"yearsfolders", {"tiles_2019/x.png", "tiles_2021/x.png"}, {"tiles/x: tiles_2019/x.png tiles_2021/x.png"}},
    {"nested date names",
     {"naip_2011_md/x.tif", "naip_2017_md/x.tif"},
     {"naip_md/x: naip_2011_md/x.tif naip_2017_md/x.tif"}},
    {"role vs date", {"before_2021/x.png", "after_2019/x.png"}, {"x: before_2021/x.png after_2019/x.png"}},
    {"threedates flat", {"x_2018.png", "x_2019.png", "x_2020.png"}, {"ERROR --series"}},
    {"t123", {"t1/x.png", "t2/x.png", "t3/x.png"}, {"ERROR --series"}},
    {"mixed dates",
     {"a/2018.png", "a/2020.png", "b/2017-05.png", "b/2019-06.png"},
     {"a: a/2018.png a/2020.png", "b: b/2017-05.png b/2019-06.png"}},
    {"hexids",
     {"A/3f2a9c01.png", "B/3f2a9c01.png", "A/20190501.png", "B/20190501.png"},
     {"20190501: A/20190501.png B/20190501.png", "3f2a9c01: A/3f2a9c01.png B/3f2a9c01.png"}},
};

}  // namespace

TEST_CASE("dates of every writing order the pictures of a place") {
  ccx::test::check_names(kCases);
}
