// Which names say that a file or folder holds no picture of the ground but something about one: labels, masks, quality
// and cloud layers, heights, indices, maps of change. No file system.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

enum class LabelWord : uint8_t {
  kNone,
  kStrong,  // mask, label, gt, ndvi, udm2, ...: the name says by itself that this is none
  kWeak,    // change, diff, damage, out: a label only beside a picture whose name begins like its own
  kBeside   // cloud, buildings, class, L, ...: a label only beside a picture that is called the same without the word
};

// Folders. Strong: label, labelA, mask_T1, gt_pre, landcover_2018, building_labels, change map, NDVI, ... Weak: OUT,
// change, diff, class_2018, ...: classes of scenes are called so too. Beside: damage_pre beside pre, A_L beside A, with
// `base` the name without the word.
LabelWord label_folder(std::string_view name, std::string* base = nullptr);

// Files, by their names without extension: x_pre_mask, x_label_t1, x_2018_lulc, x_udm2_clip, x_QA_RADSAT,
// x_MSK_CLDPRB_20m, x_dem, x_2018_cloud. `base` is the name without the word.
LabelWord label_word(std::string_view stem, std::string* base = nullptr);

// Whether a folder's name has words besides that for a label and what tells the time: "Segmentation_project",
// "target_area".
bool says_more_than_label(std::string_view name);

// Whether a file's name may begin with the code of a case or place instead of a word for a label: CLM-2023-00417_pre,
// QA-7_post, DEM12_before: in capitals, with a number and a time and nothing else.
bool may_be_code(std::string_view stem);

// What a picture may be called that stands beside such a file: the name with a word for pictures in the place of its
// own. "x_roads_2018" has x_rgb_2018, x_image_2018, ... ; nothing for names without such a word.
std::vector<std::string> names_of_picture(std::string_view stem);

}  // namespace ccx::pairs
