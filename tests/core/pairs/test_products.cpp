// Names that satellites' products carry, and pictures that lie in a file a band.
#include "tests/core/pairs/name_cases.h"

using ccx::test::NameCase;

namespace {

// Files, then the pairs as "id: before after"; "-" for a missing one, "@" for the folder's own name, "ERROR words" for
// a refusal.
const std::vector<NameCase> kCases = {
    {"Sentinel-2 by day, not by satellite",
     {"S2B_MSIL2A_20210617T100559_R022_T33UUP.png", "S2A_MSIL2A_20220925T101019_R022_T33UUP.png"},
     {"MSIL2A_T33UUP: S2B_MSIL2A_20210617T100559_R022_T33UUP.png S2A_MSIL2A_20220925T101019_R022_T33UUP.png"}},
    {"Landsat by day, not by satellite",
     {"LT05_L1TP_015033_19950610.png", "LC08_L1TP_015033_20200610.png"},
     {"015033: LT05_L1TP_015033_19950610.png LC08_L1TP_015033_20200610.png"}},
    {"oscdlab",
     {"beirut/imgs_1_rect/B02.tif", "beirut/imgs_1_rect/B03.tif", "beirut/imgs_1_rect/B04.tif",
      "beirut/imgs_1_rect/B08.tif", "beirut/imgs_2_rect/B02.tif", "beirut/imgs_2_rect/B03.tif",
      "beirut/imgs_2_rect/B04.tif", "beirut/imgs_1/S2A_OPER_MSI_L1C_TL_EPA__20160929T154211_A003091_T36SYC_B02.tif",
      "beirut/cm/cm.png", "beirut/cm/beirut-cm.tif", "beirut/pair/img1.png", "beirut/pair/img2.png"},
     {"beirut: beirut/imgs_1_rect/B04.tif beirut/imgs_2_rect/B04.tif"}},
    {"oscdpair",
     {"beirut/pair/img1.png", "beirut/pair/img2.png", "beirut/cm/cm.png"},
     {"beirut/pair: beirut/pair/img1.png beirut/pair/img2.png"}},
    {"maxar ard",
     {"ard/33/2021-01-01/10300100B0C1D200-visual.tif", "ard/33/2021-03-01/10300100C0C1D2AF-visual.tif"},
     {"ard/33/visual: ard/33/2021-01-01/10300100B0C1D200-visual.tif ard/33/2021-03-01/10300100C0C1D2AF-visual.tif"}},
    {"maxar",
     {"19MAY01101112-P2AS_R1C1-012345678901_01_P001.TIF", "21JUN03101112-P2AS_R1C1-012345678902_01_P001.TIF"},
     {"P2AS_R1C1_P001: 19MAY01101112-P2AS_R1C1-012345678901_01_P001.TIF "
      "21JUN03101112-P2AS_R1C1-012345678902_01_P001.TIF"}},
    {"planet",
     {"20190501_101112_1003_3B_AnalyticMS_SR.tif", "20210603_091213_45_2403_3B_AnalyticMS_SR.tif"},
     {"3B_AnalyticMS_SR: 20190501_101112_1003_3B_AnalyticMS_SR.tif 20210603_091213_45_2403_3B_AnalyticMS_SR.tif"}},
    {"skysat",
     {"20190501_101112_ssc1_u0001_visual.tif", "20210603_091213_ssc12_u0002_visual.tif"},
     {"visual: 20190501_101112_ssc1_u0001_visual.tif 20210603_091213_ssc12_u0002_visual.tif"}},
    {"s2full",
     {"S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305.tif",
      "S2B_MSIL2A_20220925T101019_N0400_R022_T33UUP_20220925T163305.tif",
      "S2A_MSIL2A_20210617T100559_N0300_R022_T33UVP_20210617T113305.tif",
      "S2B_MSIL2A_20220925T101019_N0400_R022_T33UVP_20220925T163305.tif"},
     {"MSIL2A_T33UUP: S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305.tif "
      "S2B_MSIL2A_20220925T101019_N0400_R022_T33UUP_20220925T163305.tif",
      "MSIL2A_T33UVP: S2A_MSIL2A_20210617T100559_N0300_R022_T33UVP_20210617T113305.tif "
      "S2B_MSIL2A_20220925T101019_N0400_R022_T33UVP_20220925T163305.tif"}},
    {"s2bands",
     {"a/T33UUP_20210617T100559_B02_10m.tif", "a/T33UUP_20210617T100559_B03_10m.tif",
      "a/T33UUP_20210617T100559_B04_10m.tif", "a/T33UUP_20220617T100559_B02_10m.tif",
      "a/T33UUP_20220617T100559_B03_10m.tif", "a/T33UUP_20220617T100559_B04_10m.tif"},
     {"a/T33UUP: a/T33UUP_20210617T100559_B04_10m.tif a/T33UUP_20220617T100559_B04_10m.tif"}},
    {"s1",
     {"S1A_IW_GRDH_1SDV_20210617T050000_20210617T050025_038400_048800_ABCD.tif",
      "S1B_IW_GRDH_1SDV_20200617T050000_20200617T050025_022400_028800_12EF.tif"},
     {"IW_GRDH_1SDV: S1B_IW_GRDH_1SDV_20200617T050000_20200617T050025_022400_028800_12EF.tif "
      "S1A_IW_GRDH_1SDV_20210617T050000_20210617T050025_038400_048800_ABCD.tif"}},
    {"landsatfull",
     {"LC08_L2SP_015033_20200610_20200824_02_T1_SR.tif", "LE07_L2SP_015033_20030610_20200824_02_T2_SR.tif"},
     {"015033_SR: LE07_L2SP_015033_20030610_20200824_02_T2_SR.tif LC08_L2SP_015033_20200610_20200824_02_T1_SR.tif"}},
    {"landsatold",
     {"LC80150332020162LGN00.tif", "LT50150331995161XXX01.tif"},
     {"015033: LT50150331995161XXX01.tif LC80150332020162LGN00.tif"}},
    {"landsatbands",
     {"x/LC08_L1TP_015033_20200610_20200824_02_T1_B4.TIF", "x/LC08_L1TP_015033_20200610_20200824_02_T1_B3.TIF",
      "x/LC08_L1TP_015033_20200610_20200824_02_T1_B2.TIF", "x/LC08_L1TP_015033_20200610_20200824_02_T1_B1.TIF",
      "x/LC08_L1TP_015033_20210610_20210824_02_T1_B4.TIF", "x/LC08_L1TP_015033_20210610_20210824_02_T1_B3.TIF",
      "x/LC08_L1TP_015033_20210610_20210824_02_T1_B2.TIF"},
     {"x/015033: x/LC08_L1TP_015033_20200610_20200824_02_T1_B4.TIF x/LC08_L1TP_015033_20210610_20210824_02_T1_B4.TIF"}},
    {"modis",
     {"MOD09GA.A2019121.h08v05.tif", "MOD09GA.A2020121.h08v05.tif"},
     {"MOD09GA.A.h08v05: MOD09GA.A2019121.h08v05.tif MOD09GA.A2020121.h08v05.tif"}},
    {"gaofen",
     {"GF2_PMS1_E116.3_N39.9_20190501_L1A0003977381.tif", "GF2_PMS1_E116.3_N39.9_20210501_L1A0005977381.tif"},
     {"@: GF2_PMS1_E116.3_N39.9_20190501_L1A0003977381.tif GF2_PMS1_E116.3_N39.9_20210501_L1A0005977381.tif"}},
    {"dup",
     {"S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305.tif",
      "S2A_MSIL2A_20210617T100559_N0500_R022_T33UUP_20230617T113305.tif"},
     {"ERROR occurs twice"}},
    {"rgbfiles",
     {"d1/2019/red.tif", "d1/2019/green.tif", "d1/2019/blue.tif", "d1/2021/red.tif", "d1/2021/green.tif",
      "d1/2021/blue.tif"},
     {"d1: d1/2019/red.tif d1/2021/red.tif"}},
};

}  // namespace

TEST_CASE("names of satellite products pair by place and day") {
  ccx::test::check_names(kCases);
}
