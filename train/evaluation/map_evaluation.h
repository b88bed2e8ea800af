// How well the heads of the map loss read maps off a validation split: what to watch while vision learns without
// captions.
#pragma once

#include <vector>

#include "train/evaluation/examiner.h"
#include "train/evaluation/overlap.h"

namespace ccx::train {

// Scores over the pairs that have maps; none where there are none:
//   map_cover_error   mean absolute error of the covered share, over cells and kinds of cover
//   map_cover_iou     intersection over union of cells of which more than half is covered, over all kinds
//   map_change_iou    the same of changed cells, those of which a quarter or more changed
//   map_token_iou     as map_change_iou, read off the change tokens
//   map_flag_auc      chance that the strongest cell of a changed pair is stronger than that of an unchanged one; a
//                     checkpoint is chosen by it
class MapExaminer : public Examiner {
 public:
  void see(TrainModel& model, const Sight& sight) override;
  nlohmann::json seen() const override;
  void forget() override { counts_ = {}; }
  void add(const nlohmann::json& seen) override;
  Verdict verdict() const override;

 private:
  struct Counts {
    double error = 0, cells = 0;
    Overlap cover, change, tokens;
    std::vector<double> changed, unchanged;  // of each pair its strongest cell
  };
  Counts counts_;
};

}  // namespace ccx::train
