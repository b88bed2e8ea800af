// How well the change head draws a validation split's masks and tells changed pairs from unchanged ones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "train/data/batch.h"
#include "train/model/model.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

// Scores over all pairs that can be read, each rank taking its share; empty where there are none:
//   change_flag_auc, change_flag_accuracy   of the flag, at probability 0.5
//   mask_building_iou, mask_road_iou        over the cells of pairs with a mask of which more than half changed so; a
//                                           built and a removed building count as one. Only where a pair has a mask
std::map<std::string, double> evaluate_changes(TrainModel& model, const std::vector<PairItem>& items,
                                               const SampleReader& reader, ProcessGroup* group, int batch = 8);

// What a checkpoint is chosen by while captions are not learnt: the flag's AUC, and where masks are known its mean with
// the buildings' IoU.
double change_score(const std::map<std::string, double>& scores);

}  // namespace ccx::train
