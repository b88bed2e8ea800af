#include "train/evaluation/map_evaluation.h"

namespace ccx::train {

void MapExaminer::see(TrainModel& model, const Sight& sight) {
  std::vector<MapTargets> targets;
  for (const SampleReader::Pair& pair : sight.pairs) targets.push_back(pair.maps);
  const auto [read, truth] = model.read_maps(sight.vision, targets);
  if (!read.cover.defined()) return;  // none of them has maps
  const at::Tensor share = at::sigmoid(read.cover);
  counts_.error += (share - truth.cover).abs().sum().item<double>();
  counts_.cells += static_cast<double>(share.numel());
  counts_.cover.count(share > 0.5, truth.cover > 0.5);
  // The loss counts positive cells several times, which moves the threshold.
  counts_.change.count(at::sigmoid(read.change) > 0.5, truth.change >= 0.25);
  counts_.tokens.count(at::sigmoid(read.tokens) > 0.5, truth.tokens >= 0.25);
  const at::Tensor strongest = read.change.flatten(1).amax(1);
  const at::Tensor flag = truth.change.flatten(1).amax(1);
  for (int64_t row = 0; row < strongest.size(0); ++row) {
    (flag[row].item<double>() > 0 ? counts_.changed : counts_.unchanged).push_back(strongest[row].item<double>());
  }
}

nlohmann::json MapExaminer::seen() const {
  const Counts& c = counts_;
  return {c.error,         c.cells,       c.cover.both,    c.cover.either, c.change.both,
          c.change.either, c.tokens.both, c.tokens.either, c.changed,      c.unchanged};
}

void MapExaminer::add(const nlohmann::json& seen) {
  counts_.error += seen[0].get<double>();
  counts_.cells += seen[1].get<double>();
  size_t at = 2;
  for (Overlap* overlap : {&counts_.cover, &counts_.change, &counts_.tokens}) {
    overlap->both += seen[at++].get<double>();
    overlap->either += seen[at++].get<double>();
  }
  for (const nlohmann::json& value : seen[8]) counts_.changed.push_back(value);
  for (const nlohmann::json& value : seen[9]) counts_.unchanged.push_back(value);
}

Verdict MapExaminer::verdict() const {
  if (counts_.cells == 0) return {};
  Verdict verdict;
  verdict.scores = {{"map_cover_error", counts_.error / counts_.cells},
                    {"map_cover_iou", counts_.cover.share()},
                    {"map_change_iou", counts_.change.share()},
                    {"map_token_iou", counts_.tokens.share()},
                    {"map_flag_auc", area_under_curve(counts_.changed, counts_.unchanged)}};
  verdict.best_by = "map_flag_auc";
  verdict.best_score = verdict.scores["map_flag_auc"];
  return verdict;
}

}  // namespace ccx::train
