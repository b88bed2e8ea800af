#include "train/evaluation/map_evaluation.h"

#include <algorithm>

namespace ccx::train {
namespace {

void overlap(const at::Tensor& said, const at::Tensor& true_ones, double& both, double& either) {
  both += at::logical_and(said, true_ones).sum().item<double>();
  either += at::logical_or(said, true_ones).sum().item<double>();
}

}  // namespace

double area_under_curve(const std::vector<double>& positive, std::vector<double> negative) {
  if (positive.empty() || negative.empty()) return 0.5;
  std::sort(negative.begin(), negative.end());
  double wins = 0;
  for (const double value : positive) {
    const auto below = std::lower_bound(negative.begin(), negative.end(), value) - negative.begin();
    const auto up_to = std::upper_bound(negative.begin(), negative.end(), value) - negative.begin();
    wins += 0.5 * static_cast<double>(below + up_to);
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

void MapExaminer::see(TrainModel& model, const ValidationPairs& pairs) {
  const auto [read, truth] = model.read_maps(pictures_of(pairs));
  if (!read.cover.defined()) return;  // none of them has maps
  const at::Tensor share = at::sigmoid(read.cover);
  counts_.error += (share - truth.cover).abs().sum().item<double>();
  counts_.cells += static_cast<double>(share.numel());
  overlap(share > 0.5, truth.cover > 0.5, counts_.cover_both, counts_.cover_either);
  // The loss counts positive cells several times, which moves the threshold.
  overlap(at::sigmoid(read.change) > 0.5, truth.change >= 0.25, counts_.change_both, counts_.change_either);
  overlap(at::sigmoid(read.tokens) > 0.5, truth.tokens >= 0.25, counts_.token_both, counts_.token_either);
  const at::Tensor strongest = read.change.flatten(1).amax(1);
  const at::Tensor flag = truth.change.flatten(1).amax(1);
  for (int64_t row = 0; row < strongest.size(0); ++row) {
    (flag[row].item<double>() > 0 ? counts_.changed : counts_.unchanged).push_back(strongest[row].item<double>());
  }
}

nlohmann::json MapExaminer::seen() const {
  const Counts& c = counts_;
  return {c.error,         c.cells,   c.cover_both, c.cover_either, c.change_both,
          c.change_either, c.changed, c.unchanged,  c.token_both,   c.token_either};
}

void MapExaminer::add(const nlohmann::json& seen) {
  counts_.error += seen[0].get<double>();
  counts_.cells += seen[1].get<double>();
  counts_.cover_both += seen[2].get<double>();
  counts_.cover_either += seen[3].get<double>();
  counts_.change_both += seen[4].get<double>();
  counts_.change_either += seen[5].get<double>();
  for (const nlohmann::json& value : seen[6]) counts_.changed.push_back(value);
  for (const nlohmann::json& value : seen[7]) counts_.unchanged.push_back(value);
  counts_.token_both += seen[8].get<double>();
  counts_.token_either += seen[9].get<double>();
}

Verdict MapExaminer::verdict() const {
  if (counts_.cells == 0) return {};
  Verdict verdict;
  verdict.scores = {{"map_cover_error", counts_.error / counts_.cells},
                    {"map_cover_iou", counts_.cover_both / std::max(1.0, counts_.cover_either)},
                    {"map_change_iou", counts_.change_both / std::max(1.0, counts_.change_either)},
                    {"map_token_iou", counts_.token_both / std::max(1.0, counts_.token_either)},
                    {"map_flag_auc", area_under_curve(counts_.changed, counts_.unchanged)}};
  verdict.best_by = "map_flag_auc";
  verdict.best_score = verdict.scores["map_flag_auc"];
  return verdict;
}

}  // namespace ccx::train
