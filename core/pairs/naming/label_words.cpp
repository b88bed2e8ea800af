// Words of labels and other maps (label_words.h).
#include "core/pairs/naming/label_words.h"

#include <array>

#include "core/base/ascii.h"
#include "core/base/one_of.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 31> kAnywhere = {
    "label",       "labels",       "lbl",           "lbls",       "mask",        "masks",        "msk",
    "groundtruth", "segmentation", "segmentations", "annotation", "annotations", "changemap",    "changemaps",
    "cdmap",       "udm",          "udm2",          "scl",        "bqa",         "fmask",        "cldprb",
    "snwprb",      "radsat",       "aerosol",       "lulc",       "ndsm",        "groundtruths", "cloudprob",
    "opacity",     "worldcover",   "dynamicworld"};
constexpr std::array<std::string_view, 32> kOuter = {
    "gt",      "gts",      "target",   "targets",   "sem",  "seg",   "segs",       "annot",
    "anno",    "annos",    "semantic", "semantics", "pred", "preds", "prediction", "predictions",
    "heatmap", "heatmaps", "height",   "dem",       "dems", "dsm",   "dsms",       "dtm",
    "ndvi",    "ndwi",     "mndwi",    "ndbi",      "nbr",  "dnbr",  "savi",       "hillshade"};
constexpr std::array<std::string_view, 33> kLast = {
    "ann", "anns",  "landcover", "landuse",   "chm",           "evi",        "aot",  "wvp",   "qa",
    "saa", "sza",   "vaa",       "vza",       "clm",           "clp",        "cmap", "cvmap", "nlcd",
    "clc", "cdl",   "corine",    "globeland", "ghsl",          "builtup",    "lst",  "aod",   "ntl",
    "lai", "fapar", "treecover", "incidence", "interferogram", "nightlights"};
constexpr std::array<std::string_view, 6> kAfterTime = {"class",          "classes", "classified",
                                                        "classification", "heights", "elevation"};
constexpr std::array<std::string_view, 5> kSubject = {"cloud", "clouds", "cld", "slope", "aspect"};
constexpr std::array<std::string_view, 9> kChange = {"change", "changes", "diff",   "diffs",  "difference",
                                                     "out",    "cm",      "damage", "damages"};
constexpr std::array<std::string_view, 41> kBeside = {
    "l",           "lab",         "labeled",       "labelled",   "localization", "localisation", "prob",
    "proba",       "probability", "probabilities", "confidence", "conf",         "score",        "scores",
    "uncertainty", "overlay",     "vis",           "instance",   "instances",    "polygon",      "polygons",
    "tir",         "boundary",    "boundaries",    "coherence",  "binary",       "bin",          "nodata",
    "alpha",       "color",       "colour",        "output",     "outputs",      "result",       "results",
    "inference",   "raster",      "rasters",       "osm",        "legend",       "population"};
// Made from the pictures by programs.
constexpr std::array<std::string_view, 25> kMade = {
    "overlays", "visualization", "visualizations", "visualisation", "visualisations", "annotated",   "depth",
    "depths",   "disparity",     "flow",           "flows",         "offset",         "offsets",     "facade",
    "facades",  "canny",         "sobel",          "saliency",      "superpixel",     "superpixels", "contour",
    "contours", "skeleton",      "attention",      "bbox"};
constexpr std::array<std::string_view, 15> kCover = {"building", "buildings", "footprint",  "footprints", "roof",
                                                     "roofs",    "edge",      "edges",      "water",      "road",
                                                     "roads",    "trees",     "vegetation", "shadow",     "shadows"};

// What makes one word with mask and label: cloudmask, postlabels.
constexpr std::array<std::string_view, 24> kOfMasks = {
    "valid",  "cloud", "data", "water", "road", "roads", "land", "building", "buildings", "bldg", "pre",   "post",
    "before", "after", "gt",   "cd",    "seg",  "sem",   "snow", "shadow",   "burn",      "fire", "flood", "change"};

// "labels1", "0012mask" are labels too.
std::string_view without_digits(std::string_view word) {
  if (word == "udm2") return word;
  while (!word.empty() && ascii::is_digit(word.back())) word.remove_suffix(1);
  while (word.size() > 2 && ascii::is_digit(word.front())) word.remove_prefix(1);
  return word;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "labela", "maskt1", "cloudmask", "postlabels".
bool is_compound(std::string_view word, bool has_number) {
  static constexpr std::array<std::string_view, 8> kWords = {"label", "labels",     "mask",        "masks",
                                                             "lulc",  "annotation", "annotations", "landcover"};
  for (const std::string_view known : kWords) {
    if (word.size() <= known.size()) continue;
    if (word.substr(0, known.size()) == known) {
      const std::string_view rest = word.substr(known.size());
      if (rest == "a" || rest == "b" || (rest == "t" && has_number)) return true;
      if (is_one_of(rest, std::array<std::string_view, 4>{"pre", "post", "before", "after"})) return true;
    }
    if (ends_with(word, known) && is_one_of(word.substr(0, word.size() - known.size()), kOfMasks)) return true;
  }
  return false;
}

}  // namespace

LabelSense label_sense(std::string_view whole) {
  const std::string_view word = without_digits(whole);
  if (is_one_of(word, kAnywhere) || ends_with(whole, "udm2") || is_compound(word, word.size() < whole.size()))
    return LabelSense::kAnywhere;
  if (is_one_of(word, kOuter)) return LabelSense::kOuter;
  // "LC08" is Landsat 8.
  if (is_one_of(word, kLast) || is_one_of(whole, std::array<std::string_view, 3>{"qa60", "lc", "glc30"}))
    return LabelSense::kLast;
  if (is_one_of(whole, kAfterTime)) return LabelSense::kAfterTime;
  if (is_one_of(whole, kSubject)) return LabelSense::kSubject;
  if (is_one_of(whole, kChange)) return LabelSense::kChange;
  if (is_one_of(whole, kBeside) || is_one_of(whole, kMade)) return LabelSense::kBeside;
  return is_one_of(whole, kCover) ? LabelSense::kCover : LabelSense::kOther;
}

LabelSense label_sense(std::string_view first, std::string_view second) {
  const bool is_map = second == "map" || second == "maps";
  const bool is_strong =
      (first == "ground" && (second == "truth" || second == "reference")) ||
      (is_map && is_one_of(first, std::array<std::string_view, 7>{"change", "damage", "cd", "seg", "class", "height",
                                                                  "truth"})) ||
      ((first == "solar" || first == "sensor") && (second == "azimuth" || second == "zenith")) ||
      (first == "building" && second == "damage") || (first == "cloud" && second == "qa") ||
      (first == "qa" && second == "pixel") || (first == "cloud" && second.substr(0, 4) == "prob") ||
      (first == "st" && is_one_of(second, std::array<std::string_view, 8>{"qa", "atran", "cdist", "drad", "emis",
                                                                          "emsd", "trad", "urad"}));
  if (is_strong) return LabelSense::kAnywhere;
  const bool is_land = (first == "land" && (second == "cover" || second == "use")) ||
                       (first == "tree" && second == "cover") ||
                       (first == "crop" && (second == "type" || second == "types"));
  return is_land ? LabelSense::kLast : LabelSense::kOther;
}

}  // namespace ccx::pairs
