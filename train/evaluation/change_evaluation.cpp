#include "train/evaluation/change_evaluation.h"

#include <algorithm>

#include "train/heads/change_loss.h"

namespace ccx::train {
namespace {

using torch_backend::unwrap;

void count_masks(const at::Tensor& probabilities, const at::Tensor& truth, ChangeCounts& counts) {
  for (int64_t i = 0; i < 2; ++i) {
    const at::Tensor said = probabilities.select(1, 1 + i) > 0.5;
    const at::Tensor true_ones = truth.select(1, 1 + i) > 0.5;
    counts.masks[i].count(said, true_ones);
    counts.true_ones[i] += true_ones.sum().item<double>();
  }
}

}  // namespace

void ChangeExaminer::see(TrainModel&, const Sight& sight) {
  const model::ChangeHead::Output& head = sight.vision.head;
  const at::Tensor flags = unwrap(head.flag).to(at::kCPU, at::kFloat);
  std::vector<ChangeTargets> targets;  // without a mask where it cannot be read
  for (const SampleReader::Pair& pair : sight.pairs) {
    if (pair.changes) {
      const double logit = flags[static_cast<int64_t>(targets.size())][0].item<double>();
      (pair.changes->changed ? counts_.changed : counts_.unchanged).push_back(logit);
    }
    targets.push_back(pair.changes.value_or(ChangeTargets()));
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
  return {c.changed,         c.unchanged,       c.masks[0].both, c.masks[1].both,
          c.masks[0].either, c.masks[1].either, c.true_ones[0],  c.true_ones[1]};
}

void ChangeExaminer::add(const nlohmann::json& seen) {
  for (const nlohmann::json& value : seen[0]) counts_.changed.push_back(value);
  for (const nlohmann::json& value : seen[1]) counts_.unchanged.push_back(value);
  for (size_t i = 0; i < 2; ++i) {
    counts_.masks[i].both += seen[2 + i].get<double>();
    counts_.masks[i].either += seen[4 + i].get<double>();
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
  if (counts_.true_ones[0] > 0) scores["mask_building_iou"] = counts_.masks[0].share();
  if (counts_.true_ones[1] > 0) scores["mask_road_iou"] = counts_.masks[1].share();
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
