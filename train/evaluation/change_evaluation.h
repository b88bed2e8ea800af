// How well the change head draws a validation split's masks and tells changed pairs from unchanged ones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "train/evaluation/examiner.h"
#include "train/evaluation/overlap.h"

namespace ccx::train {

// Sums that add up over pairs and ranks.
struct ChangeCounts {
  std::vector<double> changed, unchanged;  // flag logits
  Overlap masks[2];                        // building, road
  double true_ones[2] = {0, 0};
};

// Scores over all pairs whose mask, where they have one, can be read; none where there are none:
//   change_flag_auc, change_flag_accuracy   of the flag, at probability 0.5
//   mask_building_iou, mask_road_iou        over the cells of pairs with a mask of which more than half changed so; a
//                                           built and a removed building count as one. Only where a pair has a mask
// A checkpoint is chosen by change_score().
class ChangeExaminer : public Examiner {
 public:
  bool reads_tokens() const override { return false; }
  void see(TrainModel& model, const Sight& sight) override;
  nlohmann::json seen() const override;
  void forget() override { counts_ = {}; }
  void add(const nlohmann::json& seen) override;
  Verdict verdict() const override;

 private:
  ChangeCounts counts_;
};

// What a checkpoint is chosen by while captions are not learnt: the flag's AUC, and where masks are known its mean with
// the buildings' IoU.
double change_score(const std::map<std::string, double>& scores);

}  // namespace ccx::train
