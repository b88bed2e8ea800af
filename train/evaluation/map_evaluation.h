// How well the heads of the map loss read maps off a validation split: what to watch while vision learns without
// captions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "train/data/batch.h"
#include "train/model/model.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

// Scores over the pairs that have maps, each rank taking its share; empty where there are none:
//   map_cover_error   mean absolute error of the covered share, over cells and kinds of cover
//   map_cover_iou     intersection over union of cells of which more than half is covered, over all kinds
//   map_change_iou    the same of changed cells, those of which a quarter or more changed
//   map_token_iou     as map_change_iou, read off the change tokens
//   map_flag_auc      chance that the strongest cell of a changed pair is stronger than that of an unchanged one
// Pairs that cannot be read are left out.
std::map<std::string, double> evaluate_maps(TrainModel& model, const std::vector<PairItem>& items,
                                            const SampleReader& reader, ProcessGroup* group, int batch = 8);

// The chance that a value of `positive` exceeds one of `negative`, ties counting half (Mann and Whitney); 0.5 where one
// of them is empty.
double area_under_curve(std::vector<double> positive, std::vector<double> negative);

}  // namespace ccx::train
