// Names as people of the field have them: words of other languages, weeks and quarters, screenshots, exports.
#include "tests/unit/pairs/name_cases.h"

using ccx::test::NameCase;

namespace {

// Files, then the pairs as "id: before after"; "-" for a missing one, "@" for the folder's own name, "ERROR words" for
// a refusal.
const std::vector<NameCase> kWords = {
    {"vor and nach", {"bild_nach.png", "bild_vor.png"}, {"bild: bild_vor.png bild_nach.png"}},
    {"accents", {"site_avant.png", "site_après.png"}, {"site: site_avant.png site_après.png"}},
    {"accents of a Mac", {"avant/a.png", "apre\xCC\x80s/a.png"}, {"a: avant/a.png après/a.png"}},
    {"Spanish", {"antes/a.png", "después/a.png"}, {"a: antes/a.png después/a.png"}},
    {"Portuguese", {"x_antes.png", "x_depois.png"}, {"x: x_antes.png x_depois.png"}},
    {"Italian", {"prima/a.png", "dopo/a.png"}, {"a: prima/a.png dopo/a.png"}},
    {"Swedish", {"före/a.png", "efter/a.png"}, {"a: före/a.png efter/a.png"}},
    {"Russian", {"до/a.png", "после/a.png"}, {"a: до/a.png после/a.png"}},
    {"Chinese", {"变化前/a.png", "变化后/a.png"}, {"a: 变化前/a.png 变化后/a.png"}},
    {"Chinese disasters", {"x_灾前.png", "x_灾后.png"}, {"x: x_灾前.png x_灾后.png"}},
    {"Chinese dates", {"时相1/a.png", "时相2/a.png"}, {"a: 时相1/a.png 时相2/a.png"}},
    {"Chinese phases", {"前时相/a.png", "后时相/a.png"}, {"a: 前时相/a.png 后时相/a.png"}},
    {"Japanese", {"前/a.png", "後/a.png"}, {"a: 前/a.png 後/a.png"}},
    {"Korean", {"전/a.png", "후/a.png"}, {"a: 전/a.png 후/a.png"}},
    {"acquisitions", {"acq1/a.png", "acq2/a.png"}, {"a: acq1/a.png acq2/a.png"}},
    {"visits", {"x_visit1.png", "x_visit2.png"}, {"x: x_visit1.png x_visit2.png"}},
    {"epochs of two digits", {"epoch_01.png", "epoch_02.png"}, {"@: epoch_01.png epoch_02.png"}},
    {"one word with picture", {"postimage_1.png", "preimage_1.png"}, {"1: preimage_1.png postimage_1.png"}},
    {"counted words",
     {"x_before1.png", "x_after1.png", "x_before2.png", "x_after2.png"},
     {"x1: x_before1.png x_after1.png", "x2: x_before2.png x_after2.png"}},
    {"historical and modern", {"x_modern.png", "x_historic.png"}, {"x: x_historic.png x_modern.png"}},
    {"an old and a new town are two places",
     {"old_town_2018.png", "old_town_2021.png", "new_town_2018.png", "new_town_2021.png"},
     {"new_town: new_town_2018.png new_town_2021.png", "old_town: old_town_2018.png old_town_2021.png"}},
    {"their folders",
     {"old_town/2018.png", "old_town/2021.png", "new_town/2018.png", "new_town/2021.png"},
     {"new_town: new_town/2018.png new_town/2021.png", "old_town: old_town/2018.png old_town/2021.png"}},
    {"and before and after say more than old and new",
     {"old_town_before.png", "old_town_after.png", "new_town_before.png", "new_town_after.png"},
     {"new_town: new_town_before.png new_town_after.png", "old_town: old_town_before.png old_town_after.png"}},
    {"in folders too",
     {"start_line/before.png", "start_line/after.png", "end_line/before.png", "end_line/after.png"},
     {"end_line: end_line/before.png end_line/after.png", "start_line: start_line/before.png start_line/after.png"}},
    {"and so do numbers of times",
     {"past_hill_t1.png", "past_hill_t2.png", "present_hill_t1.png", "present_hill_t2.png"},
     {"past_hill: past_hill_t1.png past_hill_t2.png", "present_hill: present_hill_t1.png present_hill_t2.png"}},
    {"old and new with years are one place",
     {"old_2018/x.png", "new_2021/x.png"},
     {"x: old_2018/x.png new_2021/x.png"}},
    {"Polish", {"przed/a.png", "po/a.png"}, {"a: przed/a.png po/a.png"}},
    {"Polish at the end", {"x_przed.png", "x_po.png"}, {"x: x_przed.png x_po.png"}},
    {"Czech", {"x_před.png", "x_po.png"}, {"x: x_před.png x_po.png"}},
    {"Dutch", {"voor/a.png", "na/a.png"}, {"a: voor/a.png na/a.png"}},
    {"Korean words", {"이전/a.png", "이후/a.png"}, {"a: 이전/a.png 이후/a.png"}},
    {"Korean changes", {"변화전/a.png", "변화후/a.png"}, {"a: 변화전/a.png 변화후/a.png"}},
    {"Arabic", {"قبل/a.png", "بعد/a.png"}, {"a: قبل/a.png بعد/a.png"}},
    {"Persian", {"x قبل از.png", "x بعد از.png"}, {"x از: x قبل از.png x بعد از.png"}},
    {"Greek", {"πριν/a.png", "μετά/a.png"}, {"a: πριν/a.png μετά/a.png"}},
    {"Hindi", {"पहले/a.png", "बाद/a.png"}, {"a: पहले/a.png बाद/a.png"}},
    {"Ukrainian", {"до/a.png", "після/a.png"}, {"a: до/a.png після/a.png"}},
    {"Vietnamese", {"truoc/a.png", "sau/a.png"}, {"a: truoc/a.png sau/a.png"}},
    {"Romanian", {"înainte/a.png", "după/a.png"}, {"a: înainte/a.png după/a.png"}},
    {"Indonesian", {"sebelum/a.png", "sesudah/a.png"}, {"a: sebelum/a.png sesudah/a.png"}},
    {"Turkish", {"x_önce.png", "x_sonra.png"}, {"x: x_önce.png x_sonra.png"}},
    {"short words alone are no halves", {"x_before.png", "x_after.png", "y_na.png"}, {"x: x_before.png x_after.png"}},
    {"ordinals", {"1st/x.png", "2nd/x.png"}, {"x: 1st/x.png 2nd/x.png"}},
};

const std::vector<NameCase> kDates = {
    {"quarters before years",
     {"a_Q1_2020.png", "a_Q4_2019.png", "b_Q2-2020.png", "b_Q3-2019.png"},
     {"a: a_Q4_2019.png a_Q1_2020.png", "b: b_Q3-2019.png b_Q2-2020.png"}},
    {"quarters of one year", {"a_Q4_2020.png", "a_Q1_2020.png"}, {"a: a_Q1_2020.png a_Q4_2020.png"}},
    {"weeks", {"2020-W02/a.png", "2019-W50/a.png"}, {"a: 2019-W50/a.png 2020-W02/a.png"}},
    {"calendar weeks", {"KW2_2020.png", "KW50_2019.png"}, {"@: KW50_2019.png KW2_2020.png"}},
    {"weeks in words", {"a_2020_week_9.png", "a_2020_week_12.png"}, {"a: a_2020_week_9.png a_2020_week_12.png"}},
    {"places a and b",
     {"a/2018.png", "a/2021.png", "b/2018.png", "b/2021.png"},
     {"a: a/2018.png a/2021.png", "b: b/2018.png b/2021.png"}},
    {"places A and B, dates of days",
     {"A/2018-05-01.png", "A/2021-06-03.png", "B/2018-05-01.png", "B/2021-06-03.png"},
     {"A: A/2018-05-01.png A/2021-06-03.png", "B: B/2018-05-01.png B/2021-06-03.png"}},
    {"pictures A and B that are called like years",
     {"A/2000.png", "A/2001.png", "B/2000.png", "B/2001.png"},
     {"2000: A/2000.png B/2000.png", "2001: A/2001.png B/2001.png"}},
    {"places that are counted before the year",
     {"1_2018.png", "1_2021.png", "2_2018.png", "2_2021.png"},
     {"1: 1_2018.png 1_2021.png", "2: 2_2018.png 2_2021.png"}},
    {"times with other separators",
     {"x_2018-05-01T10-11-12.png", "x_2018-05-01T09_11_12.png"},
     {"x: x_2018-05-01T09_11_12.png x_2018-05-01T10-11-12.png"}},
    {"plots that are called w and q",
     {"w1_2018.png", "w1_2021.png", "q2_2018.png", "q2_2021.png"},
     {"q2: q2_2018.png q2_2021.png", "w1: w1_2018.png w1_2021.png"}},
    {"fifty degrees west", {"2018_w50_n20.png", "2020_w50_n20.png"}, {"w50_n20: 2018_w50_n20.png 2020_w50_n20.png"}},
    {"screenshots of one morning",
     {"Screenshot 2024-01-01 at 10.05.00.png", "Screenshot 2024-01-01 at 9.00.00.png"},
     {"Screenshot: Screenshot 2024-01-01 at 9.00.00.png Screenshot 2024-01-01 at 10.05.00.png"}},
    {"screenshots of one day",
     {"Screenshot 2024-01-01 at 1.05.00 PM.png",
      "Screenshot 2024-01-01 at 11.00.00\xE2\x80\xAF"
      "AM.png"},
     {"Screenshot: Screenshot 2024-01-01 at 11.00.00\xE2\x80\xAF"
      "AM.png Screenshot 2024-01-01 at 1.05.00 PM.png"}},
    {"a number that is the same in all names is no date",
     {"dop10_2018_2600-1200_0.1_2056.tif", "dop10_2021_2600-1200_0.1_2056.tif"},
     {"dop10_2600-1200_0.1: dop10_2018_2600-1200_0.1_2056.tif dop10_2021_2600-1200_0.1_2056.tif"}},
    {"the year of the processing",
     {"x_2018_v2022.tif", "x_2021_v2022.tif", "y_2018_v2022.tif", "y_2021_v2022.tif"},
     {"x_v: x_2018_v2022.tif x_2021_v2022.tif", "y_v: y_2018_v2022.tif y_2021_v2022.tif"}},
};

const std::vector<NameCase> kProducts = {
    {"Landsat's tiles by the day of the picture, not of the processing",
     {"LC08_CU_028009_20200610_20200824_02_SR.tif", "LC08_CU_028009_20150610_20210824_02_SR.tif"},
     {"CU_028009_SR: LC08_CU_028009_20150610_20210824_02_SR.tif LC08_CU_028009_20200610_20200824_02_SR.tif"}},
    {"HLS of both satellites",
     {"HLS.L30.T33UUP.2021168T100559.v2.0.B04.tif", "HLS.L30.T33UUP.2021168T100559.v2.0.B03.tif",
      "HLS.L30.T33UUP.2021168T100559.v2.0.B02.tif", "HLS.S30.T33UUP.2020168T101019.v2.0.B04.tif",
      "HLS.S30.T33UUP.2020168T101019.v2.0.B03.tif", "HLS.S30.T33UUP.2020168T101019.v2.0.B02.tif"},
     {"HLS.T33UUP.v2.0: HLS.S30.T33UUP.2020168T101019.v2.0.B04.tif HLS.L30.T33UUP.2021168T100559.v2.0.B04.tif"}},
    {"MODIS with the time of production",
     {"MOD09GA.A2019121.h08v05.061.2020123456789.tif", "MOD09GA.A2020121.h08v05.061.2019123456789.tif"},
     {"MOD09GA.A.h08v05: MOD09GA.A2019121.h08v05.061.2020123456789.tif "
      "MOD09GA.A2020121.h08v05.061.2019123456789.tif"}},
    {"ASTER",
     {"AST_L1T_00305012019101112_20220502101112_12345.tif", "AST_L1T_00306032021101112_20210604101112_54321.tif"},
     {"AST_L1T: AST_L1T_00305012019101112_20220502101112_12345.tif "
      "AST_L1T_00306032021101112_20210604101112_54321.tif"}},
    {"Planet's folders",
     {"20230501_101112_45_2403/PSScene/20230501_101112_45_2403_3B_Visual.tif",
      "20210603_091213_12_2405/PSScene/20210603_091213_12_2405_3B_Visual.tif"},
     {"PSScene/3B_Visual: 20210603_091213_12_2405/PSScene/20210603_091213_12_2405_3B_Visual.tif "
      "20230501_101112_45_2403/PSScene/20230501_101112_45_2403_3B_Visual.tif"}},
    {"Maxar's folders of an order",
     {"012345678902_01_P001_MUL/19MAY01101112-M2AS_R1C1-012345678902_01_P001.TIF",
      "012345678901_01_P001_MUL/21JUN03101112-M2AS_R1C1-012345678901_01_P001.TIF"},
     {"P001_MUL/M2AS_R1C1_P001: 012345678902_01_P001_MUL/19MAY01101112-M2AS_R1C1-012345678902_01_P001.TIF "
      "012345678901_01_P001_MUL/21JUN03101112-M2AS_R1C1-012345678901_01_P001.TIF"}},
    {"a catalogue number without a letter",
     {"1/2021-03-01/1040010012345600-visual.tif", "1/2021-01-01/10300100C0C1D2AF-visual.tif"},
     {"1/visual: 1/2021-01-01/10300100C0C1D2AF-visual.tif 1/2021-03-01/1040010012345600-visual.tif"}},
    {"bands before their dates",
     {"x_red_2018.tif", "x_green_2018.tif", "x_blue_2018.tif", "x_red_2021.tif", "x_green_2021.tif", "x_blue_2021.tif"},
     {"x: x_red_2018.tif x_red_2021.tif"}},
    {"Sentinel-2's bands before words",
     {"x/B04_before.tif", "x/B03_before.tif", "x/B02_before.tif", "x/B04_after.tif", "x/B03_after.tif",
      "x/B02_after.tif"},
     {"x: x/B04_before.tif x/B04_after.tif"}},
    {"plots B1 to B4 before letters are no bands",
     {"B2_A.png", "B3_A.png", "B4_A.png", "B2_B.png", "B3_B.png", "B4_B.png"},
     {"B2: B2_A.png B2_B.png", "B3: B3_A.png B3_B.png", "B4: B4_A.png B4_B.png"}},
    {"bands of the Copernicus Browser",
     {"2021-06-17_Sentinel-2_L2A_B04_(Raw).tiff", "2021-06-17_Sentinel-2_L2A_B03_(Raw).tiff",
      "2021-06-17_Sentinel-2_L2A_B02_(Raw).tiff", "2022-06-17_Sentinel-2_L2A_B04_(Raw).tiff",
      "2022-06-17_Sentinel-2_L2A_B03_(Raw).tiff", "2022-06-17_Sentinel-2_L2A_B02_(Raw).tiff"},
     {"Sentinel-2_L2A: 2021-06-17_Sentinel-2_L2A_B04_(Raw).tiff 2022-06-17_Sentinel-2_L2A_B04_(Raw).tiff"}},
};

}  // namespace

TEST_CASE("words of many languages say which picture is before") {
  ccx::test::check_names(kWords);
}

TEST_CASE("weeks, quarters, times of day and numbers that are no dates") {
  ccx::test::check_names(kDates);
}

TEST_CASE("more names of satellites' products pair by place and day") {
  ccx::test::check_names(kProducts);
}
