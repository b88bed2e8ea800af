// Names that satellites' products carry, and pictures that lie in a file a band.
#include "tests/unit/pairs/name_cases.h"

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
    {"a thermal band beside the colours",
     {"LC08_L2SP_015033_20200610_20200824_02_T1_SR_B4.TIF", "LC08_L2SP_015033_20200610_20200824_02_T1_SR_B3.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_SR_B2.TIF", "LC08_L2SP_015033_20200610_20200824_02_T1_ST_B10.TIF",
      "LC08_L2SP_015033_20210610_20210824_02_T1_SR_B4.TIF", "LC08_L2SP_015033_20210610_20210824_02_T1_SR_B3.TIF",
      "LC08_L2SP_015033_20210610_20210824_02_T1_SR_B2.TIF", "LC08_L2SP_015033_20210610_20210824_02_T1_ST_B10.TIF"},
     {"015033_SR: LC08_L2SP_015033_20200610_20200824_02_T1_SR_B4.TIF "
      "LC08_L2SP_015033_20210610_20210824_02_T1_SR_B4.TIF"}},
    {"one band of a scene is what there is",
     {"x_20200610_B8.tif", "x_20210610_B8.tif"},
     {"x_B8: x_20200610_B8.tif x_20210610_B8.tif"}},
    {"a Sentinel-2 product's maps beside its picture",
     {"x/T33UUP_20210617T100559_AOT_10m.jp2", "x/T33UUP_20210617T100559_WVP_10m.jp2",
      "x/T33UUP_20210617T100559_TCI_10m.jp2", "x/T33UUP_20210617T100559_B02_10m.jp2",
      "x/T33UUP_20220617T100559_AOT_10m.jp2", "x/T33UUP_20220617T100559_WVP_10m.jp2",
      "x/T33UUP_20220617T100559_TCI_10m.jp2", "x/T33UUP_20220617T100559_B02_10m.jp2"},
     {"x/T33UUP_TCI_10m: x/T33UUP_20210617T100559_TCI_10m.jp2 x/T33UUP_20220617T100559_TCI_10m.jp2"}},
    {"pleiades tiles",
     {"2019/IMG_PHR1A_PMS_201903151030042_ORT_P_R1C1.tif", "2019/IMG_PHR1A_PMS_201903151030042_ORT_P_R1C2.tif",
      "2021/IMG_PHR1B_PMS_202106011031_ORT_P_R1C1.tif", "2021/IMG_PHR1B_PMS_202106011031_ORT_P_R1C2.tif"},
     {"IMG_PMS_ORT_P_R1C1: 2019/IMG_PHR1A_PMS_201903151030042_ORT_P_R1C1.tif "
      "2021/IMG_PHR1B_PMS_202106011031_ORT_P_R1C1.tif",
      "IMG_PMS_ORT_P_R1C2: 2019/IMG_PHR1A_PMS_201903151030042_ORT_P_R1C2.tif "
      "2021/IMG_PHR1B_PMS_202106011031_ORT_P_R1C2.tif"}},
    {"what lies together in a folder of one date is no pair",
     {"2019/left_k1.tif", "2019/right_k1.tif", "2021/lower_k2.tif", "2021/upper_k2.tif"},
     {"ERROR no pairs"}},
    {"modis",
     {"MOD09GA.A2019121.h08v05.tif", "MOD09GA.A2020121.h08v05.tif"},
     {"MOD09GA.A.h08v05: MOD09GA.A2019121.h08v05.tif MOD09GA.A2020121.h08v05.tif"}},
    {"gaofen",
     {"GF2_PMS1_E116.3_N39.9_20190501_L1A0003977381.tif", "GF2_PMS1_E116.3_N39.9_20210501_L1A0005977381.tif"},
     {"E116.3_N39.9: GF2_PMS1_E116.3_N39.9_20190501_L1A0003977381.tif "
      "GF2_PMS1_E116.3_N39.9_20210501_L1A0005977381.tif"}},
    {"dup",
     {"S2A_MSIL2A_20210617T100559_N0300_R022_T33UUP_20210617T113305.tif",
      "S2A_MSIL2A_20210617T100559_N0500_R022_T33UUP_20230617T113305.tif"},
     {"ERROR occurs twice"}},
    {"rgbfiles",
     {"d1/2019/red.tif", "d1/2019/green.tif", "d1/2019/blue.tif", "d1/2021/red.tif", "d1/2021/green.tif",
      "d1/2021/blue.tif"},
     {"d1: d1/2019/red.tif d1/2021/red.tif"}},
};

const std::vector<NameCase> kParts = {
    {"folders of Gaofen with both parts",
     {"GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789/GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-MSS1.tiff",
      "GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789/GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-PAN1.tiff",
      "GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345/GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345-MSS2.tiff",
      "GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345/GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345-PAN2.tiff"},
     {"E116.3_N39.9/E116.3_N39.9-MSS: "
      "GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789/GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-MSS1.tiff "
      "GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345/GF2_PMS2_E116.3_N39.9_20210312_L1A0005512345-MSS2.tiff"}},
    {"both parts of one date are no pair",
     {"GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-MSS1.tiff",
      "GF2_PMS1_E116.3_N39.9_20180612_L1A0003256789-PAN1.tiff"},
     {"ERROR 1 image and no pairs beside 1 panchromatic one"}},
    {"nor are Airbus's",
     {"IMG_PHR1A_MS_201806121032123_ORT_3456789101-002_R1C1.TIF",
      "IMG_PHR1A_P_201806121032123_ORT_3456789101-001_R1C1.TIF"},
     {"ERROR 1 image and no pairs beside 1 panchromatic one"}},
    {"nor Maxar's in folders of their own",
     {"010_P001_MUL/21JUL15103045-M2AS-010_P001.TIF", "010_P001_PAN/21JUL15103045-P2AS-010_P001.TIF"},
     {"ERROR 1 image and no pairs beside 1 panchromatic one"}},
    {"panchromatic pictures alone are pictures",
     {"x_2018_pan.tif", "x_2021_pan.tif"},
     {"x_pan: x_2018_pan.tif x_2021_pan.tif"}},
    {"nor what else carries one date twice",
     {"scene_20180612_east.tif", "scene_20180612_west.tif"},
     {"ERROR no pairs"}},
    {"nor what is counted behind it", {"x_20180612.tif", "x_20180612_2.tif"}, {"ERROR no pairs"}},
    {"nor one picture in two colourings", {"x_truecolor.png", "x_falsecolor.png"}, {"ERROR no pairs"}},
    {"serial numbers of Gaofen in names of people",
     {"beijing_GF2_20180612_L1A0003256789.tif", "beijing_GF2_20210312_L1A0005512345.tif",
      "wuhan_GF1_20170612_L1A0002256789.tif", "wuhan_GF2_20220312_L1A0006512345.tif"},
     {"beijing: beijing_GF2_20180612_L1A0003256789.tif beijing_GF2_20210312_L1A0005512345.tif",
      "wuhan: wuhan_GF1_20170612_L1A0002256789.tif wuhan_GF2_20220312_L1A0006512345.tif"}},
    {"Airbus's number of the order",
     {"IMG_PHR1B_PMS_201806121032123_ORT_3456789101-001_R1C1.TIF",
      "IMG_PHR1B_PMS_201806121032123_ORT_3456789101-001_R1C2.TIF",
      "IMG_PHR1A_PMS_202105011041567_ORT_5678910101-001_R1C1.TIF",
      "IMG_PHR1A_PMS_202105011041567_ORT_5678910101-001_R1C2.TIF"},
     {"IMG_PMS_ORT_R1C1: IMG_PHR1B_PMS_201806121032123_ORT_3456789101-001_R1C1.TIF "
      "IMG_PHR1A_PMS_202105011041567_ORT_5678910101-001_R1C1.TIF",
      "IMG_PMS_ORT_R1C2: IMG_PHR1B_PMS_201806121032123_ORT_3456789101-001_R1C2.TIF "
      "IMG_PHR1A_PMS_202105011041567_ORT_5678910101-001_R1C2.TIF"}},
    {"satellite and pass of Element 84",
     {"S2B_33UUP_20180612_0_L2A/TCI.tif", "S2A_33UUP_20210611_1_L2A/TCI.tif", "S2B_5QKB_20180612_0_L2A/TCI.tif",
      "S2C_5QKB_20250611_0_L2A/TCI.tif"},
     {"33UUP_L2A/TCI: S2B_33UUP_20180612_0_L2A/TCI.tif S2A_33UUP_20210611_1_L2A/TCI.tif",
      "5QKB_L2A/TCI: S2B_5QKB_20180612_0_L2A/TCI.tif S2C_5QKB_20250611_0_L2A/TCI.tif"}},
    {"NAIP with another resolution and a day of processing",
     {"m_3008501_ne_16_060_20190815_20191127.tif", "m_3008501_ne_16_1_20130928.tif",
      "m_3008501_nw_16_060_20190815_20191127.tif", "m_3008501_nw_16_1_20130928.tif"},
     {"m_3008501_ne_16: m_3008501_ne_16_1_20130928.tif m_3008501_ne_16_060_20190815_20191127.tif",
      "m_3008501_nw_16: m_3008501_nw_16_1_20130928.tif m_3008501_nw_16_060_20190815_20191127.tif"}},
    {"folders of orders of Maxar",
     {"order1/010_P001_MUL/18JUN12103045-M2AS_R1C1-010_P001.TIF",
      "order2/020_P001_MUL/21JUL15103045-M2AS_R1C1-020_P001.TIF"},
     {"P001_MUL/M2AS_R1C1_P001: order1/010_P001_MUL/18JUN12103045-M2AS_R1C1-010_P001.TIF "
      "order2/020_P001_MUL/21JUL15103045-M2AS_R1C1-020_P001.TIF"}},
    {"orders of other things are places",
     {"order1/before/x.tif", "order1/after/x.tif", "order2/before/x.tif", "order2/after/x.tif"},
     {"order1/x: order1/before/x.tif order1/after/x.tif", "order2/x: order2/before/x.tif order2/after/x.tif"}},
    {"bundles of Planet hold pictures and masks",
     {"PSScene/20190506_180910_1040/analytic_udm2/20190506_180910_1040_3B_AnalyticMS.tif",
      "PSScene/20190506_180910_1040/analytic_udm2/20190506_180910_1040_3Budm2.tif",
      "PSScene/20210611_181500_23_2262/analytic_8b_sr_udm2/20210611_181500_23_2262_3B_AnalyticMS_SR_8b_clip.tif",
      "PSScene/20210611_181500_23_2262/analytic_8b_sr_udm2/20210611_181500_23_2262_3B_udm2.tif"},
     {"PSScene/20190506_180910_3B_AnalyticMS: "
      "PSScene/20190506_180910_1040/analytic_udm2/20190506_180910_1040_3B_AnalyticMS.tif "
      "PSScene/20210611_181500_23_2262/analytic_8b_sr_udm2/20210611_181500_23_2262_3B_AnalyticMS_SR_8b_clip.tif"}},
};

}  // namespace

TEST_CASE("names of satellite products pair by place and day") {
  ccx::test::check_names(kCases);
}

TEST_CASE("parts, orders and serial numbers of satellite products are no places and no dates") {
  ccx::test::check_names(kParts);
}
