// Prediction and reference files in the forms the field uses, read into one shape.
//
// Predictions: JSON lines or one JSON list of records. The id is "id", "uid", "filename" or "image_id"; the caption is
// "caption", "pred" or "hypothesis". `ccx caption` records may carry "changed", "p_change", "logprob_mean", and "error"
// instead of a caption. A record may bring its references: "change_caption" or "references", with "change_flag" or
// "changeflag".
//
// References: LEVIR-CC's captions file {"images": [{"filename", "split"?, "sentences": [{"raw"} or {"tokens"} or text],
// "changeflag"?}]}, CCExpert's universal list [{"uid", "change_flag", "img1_path", "img2_path", "change_caption"}], or
// JSON lines with an id and "references" or "sentences".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ccx::metrics {

struct Prediction {
  std::string id;
  std::string caption;
  std::string error;               // code and message of a failed record, else empty
  std::optional<bool> changed;     // the model's own flag
  std::optional<double> p_change;  // 0..1
  std::optional<double> logprob_mean;
  std::string before;  // image paths as the record has them, may be empty
  std::string after;
  std::string heatmap;
  std::vector<std::string> references;  // brought along
  std::optional<bool> reference_changed;
};

struct Reference {
  std::string id;
  std::string split;  // empty where the file has none
  std::vector<std::string> sentences;
  std::optional<bool> changed;
  std::string before;
  std::string after;
};

// Throw InputError naming the file, the record and what is wrong with it.
std::vector<Prediction> read_predictions(const std::filesystem::path& path);
std::vector<Reference> read_references(const std::filesystem::path& path);

// The id without a known image extension (.png, .jpg, .jpeg, .tif, .tiff, .bmp, .webp, in any case).
std::string id_stem(const std::string& id);

}  // namespace ccx::metrics
