// What models wrote and what people wrote, for scoring: predictions with their confidence, references with their
// splits, in every form of list.h.
//
// Predictions: the caption is "pred", "prediction", "hypothesis" or the like, else "caption", "sentence" or "text",
// else the one sentence of {"ID": [sentence]}. Records of `ccx caption` may carry "changed", "p_change",
// "logprob_mean", "heatmap", "mask", "places", and "error" instead of a caption. A record may bring its references
// beside the caption: "change_caption", "references", ...
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/change_kinds.h"

namespace ccx::pairs {

struct PredictedPlace {
  ChangeKind kind = ChangeKind::kNone;
  std::array<int, 4> box{};  // x, y, width, height in pixels of the after picture; not negative
};

struct Prediction {
  std::string id;
  std::string other_id = {};   // the record's file name where its id is another; may be empty
  std::string id_key = {};     // the column of the id: "image_id"; empty for the key of {"ID": ...} and names of files
  bool id_is_number = false;   // the id is a JSON number
  bool named_by_file = false;  // the id is the name of a file that the record gives
  std::string split = {};      // where the record says it
  std::string caption = {};
  std::string error = {};               // code and message of a failed record, else empty
  std::optional<bool> changed = {};     // the model's own flag
  std::optional<double> p_change = {};  // 0..1
  std::optional<double> logprob_mean = {};
  std::string before = {};  // image paths as the record has them, may be empty
  std::string after = {};
  std::string heatmap = {};
  std::string mask = {};  // path of a picture of kinds
  std::vector<PredictedPlace> places = {};
  std::vector<std::string> references = {};  // brought along
  std::optional<bool> reference_changed = {};
};

struct Reference {
  std::string id;
  std::string other_id = {};  // the stem of its file name where the id is another
  std::string number = {};    // COCO's "id" of the image, or a number beside the file name that is the id
  std::string number_key = {};
  bool is_coco = false;
  bool id_is_made = false;  // from the name of the before picture
  std::string split = {};   // empty where the file has none
  std::string folder = {};  // LEVIR-CC's "filepath"
  std::vector<std::string> sentences = {};
  std::optional<bool> changed = {};
  std::string before = {};
  std::string after = {};
};

struct PredictionList {
  std::vector<Prediction> predictions;
  std::string format;
  std::vector<std::string> notes;
};
struct ReferenceList {
  std::vector<Reference> references;
  std::string format;
  std::vector<std::string> notes;
};

// "-" is standard input. Throw InputError naming the file, the record and what is wrong with it; predictions that look
// like references (several sentences an id) and references that a model wrote are refused as such.
PredictionList read_predictions(const std::filesystem::path& path);
ReferenceList read_references(const std::filesystem::path& path);

}  // namespace ccx::pairs
