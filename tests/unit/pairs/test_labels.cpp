// Labels, masks, quality layers, heights, indices and previews are never captioned as pictures, and places whose names
// only look like them are.
#include <algorithm>

#include "core/pairs/naming/label_names.h"
#include "tests/unit/pairs/name_cases.h"

using ccx::pairs::LabelWord;
using ccx::test::contains;
using ccx::test::NameCase;

namespace {

// Files, then the pairs as "id: before after"; "-" for a missing one, "@" for the folder's own name, "ERROR words" for
// a refusal.
const std::vector<NameCase> kFolders = {
    {"a letter behind",
     {"A/1.png", "B/1.png", "labelA/1.png", "labelB/1.png", "gtA/1.png", "gtB/1.png", "A_ann/1.png", "B_ann/1.png"},
     {"1: A/1.png B/1.png"}},
    {"a small letter", {"A/1.png", "B/1.png", "labela/1.png", "labelb/1.png"}, {"1: A/1.png B/1.png"}},
    {"a number of the date",
     {"T1/1.png", "T2/1.png", "maskT1/1.png", "maskT2/1.png", "lulc_T1/1.png", "lulc_T2/1.png"},
     {"1: T1/1.png T2/1.png"}},
    {"small", {"t1/1.png", "t2/1.png", "maskt1/1.png", "maskt2/1.png"}, {"1: t1/1.png t2/1.png"}},
    {"a year",
     {"2018/1.png", "2021/1.png", "landcover_2018/1.png", "landcover_2021/1.png", "class_2018/1.png",
      "class_2021/1.png", "LandUse_2018/1.png", "LandUse_2021/1.png", "height_2018/1.png", "height_2021/1.png",
      "buildings_2018/1.png", "buildings_2021/1.png", "clouds_2018/1.png", "clouds_2021/1.png"},
     {"1: 2018/1.png 2021/1.png"}},
    {"a role",
     {"pre/1.png", "post/1.png", "annotation_pre/1.png", "annotation_post/1.png", "gt_pre/1.png", "gt_post/1.png",
      "damage_pre/1.png", "damage_post/1.png"},
     {"1: pre/1.png post/1.png"}},
    {"the picture's letter and L",
     {"train/A/1.png", "train/B/1.png", "train/A_L/1.png", "train/B_L/1.png"},
     {"train/1: train/A/1.png train/B/1.png"}},
    {"I and L", {"A_I/1.png", "B_I/1.png", "A_L/1.png", "B_L/1.png"}, {"I/1: A_I/1.png B_I/1.png"}},
    {"damage beside the dates, with the names of one",
     {"pre/x_pre_disaster.png", "post/x_post_disaster.png", "damage/x_pre_disaster.png", "damage/x_post_disaster.png"},
     {"x: pre/x_pre_disaster.png post/x_post_disaster.png"}},
    {"indices", {"A/1.tif", "B/1.tif", "NDVI_A/1.tif", "NDVI_B/1.tif", "DEM/1.tif"}, {"1: A/1.tif B/1.tif"}},
    {"what maps were predicted", {"A/1.png", "B/1.png", "pred_A/1.png", "pred_B/1.png"}, {"1: A/1.png B/1.png"}},
    {"maps beside the folder of the pictures",
     {"images/x_2018.png", "images/x_2021.png", "buildings/x_2018.png", "buildings/x_2021.png", "class/x_2018.png",
      "class/x_2021.png", "damage/x_2018.png", "damage/x_2021.png", "clouds/x_2018.png", "clouds/x_2021.png",
      "results/x_2018.png", "results/x_2021.png", "images_small/x_2018.jpg", "images_small/x_2021.jpg"},
     {"images/x: images/x_2018.png images/x_2021.png"}},
    {"labels of two dates alone", {"labelA/1.png", "labelB/1.png"}, {"ERROR labels, masks"}},
    {"classes of two dates alone", {"class_2018/1.png", "class_2021/1.png"}, {"ERROR labels, masks"}},
    {"land cover alone", {"landcover_2018/1.png", "landcover_2021/1.png"}, {"ERROR labels, masks"}},
    {"masks pair, pictures do not", {"images/1.png", "mask_A/1.png", "mask_B/1.png"}, {"ERROR 1 image and no pairs"}},
};

const std::vector<NameCase> kFiles = {
    {"behind the role", {"x_pre.png", "x_post.png", "x_pre_mask.png", "x_post_mask.png"}, {"x: x_pre.png x_post.png"}},
    {"before the role", {"x_pre.png", "x_post.png", "x_mask_pre.png", "x_mask_post.png"}, {"x: x_pre.png x_post.png"}},
    {"with T1", {"x_t1.png", "x_t2.png", "x_t1_label.png", "x_label_t2.png"}, {"x: x_t1.png x_t2.png"}},
    {"with A", {"x_A.tif", "x_B.tif", "x_A_gt.tif", "x_gt_B.tif", "x_gtA.tif", "x_A_L.tif"}, {"x: x_A.tif x_B.tif"}},
    {"with a year",
     {"x_2018.tif", "x_2021.tif", "x_2018_lulc.tif", "x_2021_lulc.tif", "x_lulc_2018.tif", "x_lulc_2021.tif",
      "x_2018_class.tif", "x_2021_class.tif", "x_2018_buildings.tif", "x_2021_buildings.tif"},
     {"x: x_2018.tif x_2021.tif"}},
    {"heights and indices",
     {"x_2018.tif", "x_2021.tif", "x_2018_dem.tif", "x_2021_dem.tif", "x_2018_nDSM.tif", "x_2021_nDSM.tif",
      "x_2018_height.tif", "x_2021_height.tif", "x_dsm_2018.tif", "x_dsm_2021.tif", "NDVI_2018.tif", "NDVI_2021.tif"},
     {"x: x_2018.tif x_2021.tif"}},
    {"clouds",
     {"x_2018.tif", "x_2021.tif", "x_2018_cloudmask.tif", "x_2021_cloudmask.tif", "x_2018_cloud.tif",
      "x_2021_cloud.tif", "x_2018_cloud_prob.tif", "x_2021_cloud_prob.tif", "x_2018_Fmask.tif", "x_2021_Fmask.tif"},
     {"x: x_2018.tif x_2021.tif"}},
    {"heights alone", {"x_2018_dem.tif", "x_2021_dem.tif"}, {"ERROR labels, masks"}},
    {"maps before the name of a place",
     {"paris_2018.tif", "paris_2021.tif", "dsm_paris_2018.tif", "dsm_paris_2021.tif", "landcover_paris_2018.tif",
      "landcover_paris_2021.tif", "class_paris_2018.tif", "class_paris_2021.tif"},
     {"paris: paris_2018.tif paris_2021.tif"}},
    {"an index before the name of a place, alone",
     {"NDVI_site1_2018.tif", "NDVI_site1_2021.tif"},
     {"ERROR labels, masks"}},
    {"clouds alone", {"x_2018_cloud.tif", "x_2021_cloud.tif"}, {"ERROR labels, masks"}},
    {"masks alone", {"x_pre_mask.png", "x_post_mask.png"}, {"ERROR x_post_mask.png"}},
    {"previews",
     {"x_2018.tif", "x_2021.tif", "x_2018_browse.jpg", "x_2021_browse.jpg", "x_2018_ql.jpg", "x_2021-thumb.png",
      "preview.jpg", "x_2018_overview.jpg", "x_2021_overview.jpg"},
     {"x: x_2018.tif x_2021.tif"}},
};

const std::vector<NameCase> kPlaces = {
    {"folders and files",
     {"labelle/2018.png", "labelle/2020.png", "A/maskinonge.png", "B/maskinonge.png", "ganther_A.png", "ganther_B.png"},
     {"ganther: ganther_A.png ganther_B.png", "labelle: labelle/2018.png labelle/2020.png",
      "maskinonge: A/maskinonge.png B/maskinonge.png"}},
    {"Ann Arbor", {"ann_arbor_2018.png", "ann_arbor_2020.png"}, {"ann_arbor: ann_arbor_2018.png ann_arbor_2020.png"}},
    {"Saint-Cloud",
     {"saint-cloud_2018.png", "saint-cloud_2020.png"},
     {"saint-cloud: saint-cloud_2018.png saint-cloud_2020.png"}},
    {"Saint Cloud between letters", {"A/st_cloud.png", "B/st_cloud.png"}, {"st_cloud: A/st_cloud.png B/st_cloud.png"}},
    {"the Greater Toronto Area", {"GTA/before.png", "GTA/after.png"}, {"GTA: GTA/before.png GTA/after.png"}},
    {"a slope", {"before_slope.png", "after_slope.png"}, {"slope: before_slope.png after_slope.png"}},
    {"a slope of years", {"2018_slope.png", "2021_slope.png"}, {"slope: 2018_slope.png 2021_slope.png"}},
    {"classes of scenes",
     {"class1/1_pre.png", "class1/1_post.png", "class2/A/2.png", "class2/B/2.png"},
     {"class1/1: class1/1_pre.png class1/1_post.png", "class2/2: class2/A/2.png class2/B/2.png"}},
    {"scenes with a change, by letters",
     {"change/1_A.png", "change/1_B.png", "no-change/2_A.png", "no-change/2_B.png"},
     {"change/1: change/1_A.png change/1_B.png", "no-change/2: no-change/2_A.png no-change/2_B.png"}},
    {"scenes of buildings and roads",
     {"building/1_A.png", "building/1_B.png", "road/1_A.png", "road/1_B.png"},
     {"building/1: building/1_A.png building/1_B.png", "road/1: road/1_A.png road/1_B.png"}},
    {"a split called valid", {"valid/A/1.png", "valid/B/1.png"}, {"valid/1: valid/A/1.png valid/B/1.png"}},
    {"land cover change is what a set is about",
     {"landcover_change/A/1.png", "landcover_change/B/1.png"},
     {"landcover_change/1: landcover_change/A/1.png landcover_change/B/1.png"}},
    {"data with labels",
     {"with_labels/A/1.png", "with_labels/B/1.png"},
     {"with_labels/1: with_labels/A/1.png with_labels/B/1.png"}},
    {"vor dem Brand", {"vor_dem_brand.png", "nach_dem_brand.png"}, {"dem_brand: vor_dem_brand.png nach_dem_brand.png"}},
    {"land cover change in files",
     {"landcover_change_01_A.png", "landcover_change_01_B.png"},
     {"landcover_change_01: landcover_change_01_A.png landcover_change_01_B.png"}},
    {"an overview that is the picture",
     {"A/overview.png", "B/overview.png"},
     {"overview: A/overview.png B/overview.png"}},
    {"buildings that stand beside nothing",
     {"A/park_building.png", "B/park_building.png", "A/park.png", "B/park.png"},
     {"park: A/park.png B/park.png", "park_building: A/park_building.png B/park_building.png"}},
};

const std::vector<NameCase> kProducts = {
    {"Planet's usable data masks",
     {"20190501_101112_1003_3B_AnalyticMS.tif", "20210603_091213_45_2403_3B_AnalyticMS.tif",
      "20190501_101112_1003_3B_udm2_clip.tif", "20210603_091213_45_2403_3B_udm2_clip.tif",
      "20190501_101112_1003_3B_AnalyticMS_DN_udm.tif", "20210603_091213_45_2403_3B_AnalyticMS_DN_udm.tif"},
     {"3B_AnalyticMS: 20190501_101112_1003_3B_AnalyticMS.tif 20210603_091213_45_2403_3B_AnalyticMS.tif"}},
    {"they alone",
     {"20190501_101112_1003_3B_udm2_clip.tif", "20210603_091213_45_2403_3B_udm2_clip.tif"},
     {"ERROR labels, masks"}},
    {"Landsat's quality bands alone",
     {"LC08_L2SP_015033_20200610_20200824_02_T1_QA_RADSAT.TIF",
      "LC08_L2SP_015033_20220610_20220824_02_T1_QA_RADSAT.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_SR_QA_AEROSOL.TIF",
      "LC08_L2SP_015033_20220610_20220824_02_T1_SR_QA_AEROSOL.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_ST_EMIS.TIF", "LC08_L2SP_015033_20220610_20220824_02_T1_ST_EMIS.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_VZA.TIF", "LC08_L2SP_015033_20220610_20220824_02_T1_VZA.TIF"},
     {"ERROR labels, masks"}},
    {"Landsat's quality bands beside the colours",
     {"LC08_L2SP_015033_20200610_20200824_02_T1_SR_B4.TIF", "LC08_L2SP_015033_20200610_20200824_02_T1_SR_B3.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_SR_B2.TIF", "LC08_L2SP_015033_20200610_20200824_02_T1_QA_PIXEL.TIF",
      "LC08_L2SP_015033_20200610_20200824_02_T1_ST_QA.TIF", "LC08_L2SP_015033_20220610_20220824_02_T1_SR_B4.TIF",
      "LC08_L2SP_015033_20220610_20220824_02_T1_SR_B3.TIF", "LC08_L2SP_015033_20220610_20220824_02_T1_SR_B2.TIF",
      "LC08_L2SP_015033_20220610_20220824_02_T1_QA_PIXEL.TIF", "LC08_L2SP_015033_20220610_20220824_02_T1_ST_QA.TIF"},
     {"015033_SR: LC08_L2SP_015033_20200610_20200824_02_T1_SR_B4.TIF "
      "LC08_L2SP_015033_20220610_20220824_02_T1_SR_B4.TIF"}},
    {"Sentinel-2's scene classes alone",
     {"T33UUP_20210617T100559_SCL_20m.jp2", "T33UUP_20220617T100559_SCL_20m.jp2", "T33UUP_20210617T100559_AOT_10m.jp2",
      "T33UUP_20220617T100559_AOT_10m.jp2"},
     {"ERROR labels, masks"}},
    {"Sentinel-2's cloud probabilities beside the picture",
     {"T33UUP_20210617T100559_TCI_10m.jp2", "T33UUP_20220617T100559_TCI_10m.jp2",
      "T33UUP_20210617T100559_MSK_CLDPRB_20m.jp2", "T33UUP_20220617T100559_MSK_CLDPRB_20m.jp2"},
     {"T33UUP_TCI_10m: T33UUP_20210617T100559_TCI_10m.jp2 T33UUP_20220617T100559_TCI_10m.jp2"}},
};

std::vector<std::string> notes_of(const std::vector<std::string>& files) {
  const ccx::test::TempDir dir;
  for (const std::string& file : files) ccx::test::write_file(dir.path() / file, "");
  ccx::pairs::PairSource source;
  source.in = dir.path();
  return ccx::pairs::find_pairs(source).notes;
}

}  // namespace

TEST_CASE("folders of labels and masks are passed over, whatever tells their date") {
  ccx::test::check_names(kFolders);
}

TEST_CASE("files of labels, heights, clouds and indices are passed over beside their pictures") {
  ccx::test::check_names(kFiles);
}

TEST_CASE("places and pictures whose names only look like labels are captioned") {
  ccx::test::check_names(kPlaces);
}

TEST_CASE("what lies beside the colours of a satellite's product is no picture") {
  ccx::test::check_names(kProducts);
}

TEST_CASE("what is passed over, and that there are but previews, is said") {
  const std::vector<std::string> labels = notes_of({"A/1.png", "B/1.png", "labelA/1.png", "labelB/1.png"});
  REQUIRE(labels.size() == 1);
  CHECK_THAT(labels[0], contains("2 files of labels, masks") && contains("labelA/1.png"));
  const std::vector<std::string> previews = notes_of({"x_2018-thumb.jpg", "x_2021-thumb.jpg"});
  REQUIRE(previews.size() == 1);
  CHECK_THAT(previews[0], contains("nothing but previews") && contains("x_2018-thumb.jpg"));
}

TEST_CASE("a label's name gives the name of its picture") {
  std::string base;
  CHECK(ccx::pairs::label_word("x_A_L", &base) == LabelWord::kBeside);
  CHECK(base == "x_A");
  CHECK(ccx::pairs::label_word("x_damage_2021", &base) == LabelWord::kBeside);
  CHECK(base == "x_2021");
  CHECK(ccx::pairs::label_folder("damage_pre", &base) == LabelWord::kBeside);
  CHECK(base == "pre");
  CHECK(ccx::pairs::label_word("labelle_2018") == LabelWord::kNone);
  CHECK(ccx::pairs::label_word("damask_rose_A") == LabelWord::kNone);
  CHECK(ccx::pairs::label_folder("maskinonge") == LabelWord::kNone);
}

TEST_CASE("maps of land cover and other products beside pictures are passed over") {
  for (const char* map :
       {"nlcd",       "corine",    "clc",       "cdl",        "modis_lc",      "glc30",     "globeland30", "ghsl",
        "builtup",    "treecover", "crop_type", "classified", "footprints",    "osm",       "roads",       "legend",
        "population", "lst",       "aspect",    "coherence",  "interferogram", "incidence", "shadow"}) {
    const std::string name = map;
    ccx::test::check_names(
        {{name,
          {"a1_rgb_2018.tif", "a1_rgb_2021.tif", "a1_" + name + "_2018.tif", "a1_" + name + "_2021.tif"},
          {"a1_rgb: a1_rgb_2018.tif a1_rgb_2021.tif"}}});
  }
  ccx::test::check_names(
      {{"Landsat 8 is none", {"s_2018_LC08.tif", "s_2021_LC08.tif"}, {"s_LC08: s_2018_LC08.tif s_2021_LC08.tif"}},
       {"roads alone are pictures",
        {"a_roads_2018.tif", "a_roads_2021.tif"},
        {"a_roads: a_roads_2018.tif a_roads_2021.tif"}}});
}
