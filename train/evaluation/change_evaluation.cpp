#include "train/evaluation/change_evaluation.h"

#include <algorithm>
#include <iterator>

#include "train/evaluation/map_evaluation.h"
#include "train/heads/change_loss.h"

namespace ccx::train {
namespace {

using torch_backend::unwrap;

void count_masks(const at::Tensor& probabilities, const at::Tensor& truth, ChangeCounts& counts) {
  for (int64_t i = 0; i < 2; ++i) {
    const at::Tensor said = probabilities.select(1, 1 + i) > 0.5;
    const at::Tensor true_ones = truth.select(1, 1 + i) > 0.5;
    counts.both[i] += at::logical_and(said, true_ones).sum().item<double>();
    counts.either[i] += at::logical_or(said, true_ones).sum().item<double>();
    counts.true_ones[i] += true_ones.sum().item<double>();
  }
}

}  // namespace

void ChangeExaminer::see(TrainModel& model, const ValidationPairs& pairs) {
  ValidationPairs known;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(known),
               [](const SampleReader::Pair& pair) { return pair.changes.has_value(); });
  if (known.empty()) return;
  const Batch batch = pictures_of(known);
  const model::ChangeHead::Output head = model.read_changes(batch);
  const std::vector<ChangeTargets>& targets = batch.changes;
  const at::Tensor flags = unwrap(head.flag).to(at::kCPU, at::kFloat);
  for (size_t row = 0; row < targets.size(); ++row) {
    const double logit = flags[static_cast<int64_t>(row)][0].item<double>();
    (targets[row].changed ? counts_.changed : counts_.unchanged).push_back(logit);
  }
  const at::Tensor probabilities = at::softmax(unwrap(head.kinds).to(at::kCPU, at::kFloat), 1);
  for (const auto form : {ChangeMask::Form::kKinds, ChangeMask::Form::kBuildingsAndRoads}) {
    const ChangeRows rows = rows_of(targets, form, probabilities.size(2), probabilities.size(3), at::kCPU);
    if (!rows.rows.defined()) continue;
    const bool kinds = form == ChangeMask::Form::kKinds;
    count_masks(buildings_and_roads(probabilities.index_select(0, rows.rows), false),
                kinds ? buildings_and_roads(rows.shares, false) : rows.shares, counts_);
  }
}

nlohmann::json ChangeExaminer::seen() const {
  const ChangeCounts& c = counts_;
  return {c.changed, c.unchanged, c.both[0], c.both[1], c.either[0], c.either[1], c.true_ones[0], c.true_ones[1]};
}

void ChangeExaminer::add(const nlohmann::json& seen) {
  for (const nlohmann::json& value : seen[0]) counts_.changed.push_back(value);
  for (const nlohmann::json& value : seen[1]) counts_.unchanged.push_back(value);
  for (size_t i = 0; i < 2; ++i) {
    counts_.both[i] += seen[2 + i].get<double>();
    counts_.either[i] += seen[4 + i].get<double>();
    counts_.true_ones[i] += seen[6 + i].get<double>();
  }
}

Verdict ChangeExaminer::verdict() const {
  const double pairs = static_cast<double>(counts_.changed.size() + counts_.unchanged.size());
  if (pairs == 0) return {};
  const auto right = std::count_if(counts_.changed.begin(), counts_.changed.end(), [](double x) { return x > 0; }) +
                     std::count_if(counts_.unchanged.begin(), counts_.unchanged.end(), [](double x) { return x <= 0; });
  Verdict verdict;
  std::map<std::string, double>& scores = verdict.scores;
  scores = {{"change_flag_auc", area_under_curve(counts_.changed, counts_.unchanged)},
            {"change_flag_accuracy", static_cast<double>(right) / pairs}};
  if (counts_.true_ones[0] > 0) scores["mask_building_iou"] = counts_.both[0] / counts_.either[0];
  if (counts_.true_ones[1] > 0) scores["mask_road_iou"] = counts_.both[1] / counts_.either[1];
  verdict.best_by = "change_score";
  verdict.best_score = change_score(scores);
  return verdict;
}

double change_score(const std::map<std::string, double>& scores) {
  const auto auc = scores.find("change_flag_auc");
  if (auc == scores.end()) return 0;
  const auto iou = scores.find("mask_building_iou");
  return iou == scores.end() ? auc->second : (auc->second + iou->second) / 2;
}

}  // namespace ccx::train
