// Numbers before a month are days of one place or count places, and months have accents.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::check_names;
using ccx::test::NameCase;

namespace {

// Two places of two months each, as names around the number and the month.
NameCase grid(const std::string& name, const std::vector<std::string>& places, const std::vector<std::string>& times,
              const std::string& id_tail = "") {
  NameCase out{name, {}, {}};
  for (const std::string& place : places) {
    const std::string first = place + times[0] + ".png";
    const std::string second = place + times[1] + ".png";
    out.files.insert(out.files.end(), {first, second});
    std::string id = place;
    while (id.back() == '_' || id.back() == ' ' || id.back() == '-') id.pop_back();
    out.pairs.push_back(id + id_tail + ": " + first + " " + second);
  }
  return out;
}

}  // namespace

TEST_CASE("the number of a place before a month is no day") {
  check_names({
      grid("right behind a word", {"site1_", "site2_"}, {"Jan2019", "Jun2021"}),
      grid("behind a line", {"site_1_", "site_2_"}, {"Jan2019", "Jun2021"}),
      grid("the year apart", {"site1_", "site2_"}, {"jan_2019", "jun_2021"}),
      grid("number and year apart", {"site_1_", "site_2_"}, {"jan_2019", "jun_2021"}),
      grid("blanks", {"aoi3 ", "aoi7 "}, {"May 2019", "Sep 2020"}),
      grid("fields of two digits", {"field12-", "field14-"}, {"April2020", "October2020"}),
      grid("numbers alone", {"1_", "2_"}, {"May2019", "Aug2021"}),
      grid("plots by letter and number", {"plot_A1_", "plot_A2_"}, {"May2019", "Aug2021"}),
      grid("years of two digits", {"site1_", "site2_"}, {"May19", "Aug21"}),
      grid("months in digits", {"tile_1_", "tile_2_"}, {"05_2019", "08_2021"}),
      grid("months in digits behind a word", {"site01_", "site02_"}, {"05_2019", "08_2021"}),
      grid("rows and columns", {"tile_1_2_", "tile_1_3_", "tile_2_2_", "tile_2_3_"}, {"2018", "2021"}),
      grid("nothing between", {"site1", "site2"}, {"May2019", "Aug2021"}),
      grid("a word of another language", {"Grundstück1_", "Grundstück2_"}, {"Mai2019", "Okt2021"}),
      grid("three places", {"dam 1 ", "dam 2 ", "dam 3 "}, {"Mar 2019", "Mar 2020"}),
      {"a date of two places is no pair", {"site1_May2019.png", "site2_May2019.png"}, {"ERROR 2 images and no pairs"}},
      {"nor with the number apart", {"site_1_May2019.png", "site_2_May2019.png"}, {"ERROR 2 images and no pairs"}},
      {"a place may lack a month",
       {"site1_May2019.png", "site1_Aug2021.png", "site2_May2019.png", "site2_Aug2021.png", "site3_May2019.png"},
       {"site1: site1_May2019.png site1_Aug2021.png", "site2: site2_May2019.png site2_Aug2021.png"}},
      {"folders",
       {"site1_Jan2019/x.png", "site1_Jun2021/x.png", "site2_Jan2019/x.png", "site2_Jun2021/x.png"},
       {"site1/x: site1_Jan2019/x.png site1_Jun2021/x.png", "site2/x: site2_Jan2019/x.png site2_Jun2021/x.png"}},
  });
}

TEST_CASE("days before a month stay days") {
  check_names({
      {"of one place", {"12-May-2019.png", "15-Jun-2021.png"}, {"@: 12-May-2019.png 15-Jun-2021.png"}},
      {"with a name", {"x_12May2019.png", "x_15Jun2021.png"}, {"x: x_12May2019.png x_15Jun2021.png"}},
      {"blanks", {"x 03 Jan 2019.png", "x 17 Jan 2019.png"}, {"x: x 03 Jan 2019.png x 17 Jan 2019.png"}},
      {"of counted places",
       {"site1_12May2019.png", "site1_12Jun2021.png", "site2_12May2019.png", "site2_12Jun2021.png"},
       {"site1: site1_12May2019.png site1_12Jun2021.png", "site2: site2_12May2019.png site2_12Jun2021.png"}},
      {"of counted places with lines",
       {"site1_12-May-2019.png", "site1_15-Jun-2021.png", "site2_12-May-2019.png", "site2_15-Jun-2021.png"},
       {"site1: site1_12-May-2019.png site1_15-Jun-2021.png", "site2: site2_12-May-2019.png site2_15-Jun-2021.png"}},
      {"of a calendar",
       {"x_01_Jan_2020.png", "x_15_Jan_2020.png", "x_01_Feb_2020.png", "x_15_Feb_2020.png"},
       {"ERROR x has 4 dates (2020-01-01, 2020-01-15, 2020-02-01, 2020-02-15)"}},
      {"in digits", {"x_12_05_2019.png", "x_15_06_2021.png"}, {"x: x_12_05_2019.png x_15_06_2021.png"}},
      {"behind a site",
       {"site_03_08_2020.png", "site_05_08_2020.png"},
       {"site: site_03_08_2020.png site_05_08_2020.png"}},
      {"right behind a name and apart",
       {"gaza7_Oct_2023.png", "gaza9_Oct_2023.png"},
       {"gaza: gaza7_Oct_2023.png gaza9_Oct_2023.png"}},
      {"right behind a name",
       {"beirut4Aug2020.png", "beirut5Aug2020.png"},
       {"beirut: beirut4Aug2020.png beirut5Aug2020.png"}},
  });
}

TEST_CASE("months and seasons have accents and umlauts, in either spelling and in capitals") {
  for (const auto& [month, other] : std::vector<std::pair<std::string, std::string>>{{"août", "sept"},
                                                                                     {"février", "juin"},
                                                                                     {"FÉVRIER", "JUIN"},
                                                                                     {"fe\xCC\x81vrier", "juin"},
                                                                                     {"März", "Juni"},
                                                                                     {"Mär", "Okt"},
                                                                                     {"Ma\xCC\x88rz", "Juni"},
                                                                                     {"março", "maio"},
                                                                                     {"kwiecień", "wrzesień"},
                                                                                     {"září", "prosinec"},
                                                                                     {"été", "hiver"}}) {
    check_names({grid("of two places, " + month, {"x1_", "x2_"}, {month + "2019", other + "2021"}),
                 {month + " behind the year",
                  {"x_2019_" + month + ".png", "x_2021_" + other + ".png"},
                  {"x: x_2019_" + month + ".png x_2021_" + other + ".png"}}});
  }
  check_names({{"days", {"x_3août2020.png", "x_5août2020.png"}, {"x: x_3août2020.png x_5août2020.png"}},
               {"marco is a name",
                {"san_marco2019.png", "san_marco2021.png"},
                {"san_marco: san_marco2019.png san_marco2021.png"}}});
}
