#include "train/evaluation/change_evaluation.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "train/evaluation/map_evaluation.h"
#include "train/heads/change_loss.h"

namespace ccx::train {
namespace {

using Json = nlohmann::json;
using torch_backend::unwrap;

// Sums that add up over pairs and ranks.
struct Counts {
  std::vector<double> changed, unchanged;  // flag logits
  double both[2] = {0, 0};                 // building, road
  double either[2] = {0, 0};
  double true_ones[2] = {0, 0};

  Json to_json() const {
    return {changed, unchanged, both[0], both[1], either[0], either[1], true_ones[0], true_ones[1]};
  }
  void add(const Json& json) {
    for (const Json& value : json[0]) changed.push_back(value);
    for (const Json& value : json[1]) unchanged.push_back(value);
    for (size_t i = 0; i < 2; ++i) {
      both[i] += json[2 + i].get<double>();
      either[i] += json[4 + i].get<double>();
      true_ones[i] += json[6 + i].get<double>();
    }
  }
};

void count_masks(const at::Tensor& probabilities, const at::Tensor& truth, Counts& counts) {
  for (int64_t i = 0; i < 2; ++i) {
    const at::Tensor said = probabilities.select(1, 1 + i) > 0.5;
    const at::Tensor true_ones = truth.select(1, 1 + i) > 0.5;
    counts.both[i] += at::logical_and(said, true_ones).sum().item<double>();
    counts.either[i] += at::logical_or(said, true_ones).sum().item<double>();
    counts.true_ones[i] += true_ones.sum().item<double>();
  }
}

void count(const model::ChangeHead::Output& head, const std::vector<ChangeTargets>& targets, Counts& counts) {
  const at::Tensor flags = unwrap(head.flag).to(at::kCPU, at::kFloat);
  for (size_t row = 0; row < targets.size(); ++row) {
    const double logit = flags[static_cast<int64_t>(row)][0].item<double>();
    (targets[row].changed ? counts.changed : counts.unchanged).push_back(logit);
  }
  const at::Tensor probabilities = at::softmax(unwrap(head.kinds).to(at::kCPU, at::kFloat), 1);
  for (const auto form : {ChangeMask::Form::kKinds, ChangeMask::Form::kBuildingsAndRoads}) {
    const ChangeRows known = rows_of(targets, form, probabilities.size(2), probabilities.size(3), at::kCPU);
    if (!known.rows.defined()) continue;
    const bool kinds = form == ChangeMask::Form::kKinds;
    count_masks(buildings_and_roads(probabilities.index_select(0, known.rows), false),
                kinds ? buildings_and_roads(known.shares, false) : known.shares, counts);
  }
}

}  // namespace

std::map<std::string, double> evaluate_changes(TrainModel& model, const std::vector<PairItem>& items,
                                               const SampleReader& reader, ProcessGroup* group, int batch) {
  const c10::AutoGradMode no_grad(false);
  const int64_t world = group != nullptr ? group->world() : 1;
  const int64_t rank = group != nullptr ? group->rank() : 0;
  Counts counts;
  std::vector<Visit> visits;
  for (int64_t i = rank; i < static_cast<int64_t>(items.size()); i += world) {
    visits.push_back({i, 0, 0});
    if (static_cast<int>(visits.size()) < batch && i + world < static_cast<int64_t>(items.size())) continue;
    const Batch read = reader.read(visits);
    visits.clear();
    if (read.pairs() > 0) count(model.read_changes(read), read.changes, counts);
  }
  if (group != nullptr) {
    const std::vector<std::string> all = group->gather(counts.to_json().dump(), model.ops().device());
    counts = {};
    for (const std::string& text : all) counts.add(Json::parse(text));
  }
  const double pairs = static_cast<double>(counts.changed.size() + counts.unchanged.size());
  if (pairs == 0) return {};
  const auto right = std::count_if(counts.changed.begin(), counts.changed.end(), [](double x) { return x > 0; }) +
                     std::count_if(counts.unchanged.begin(), counts.unchanged.end(), [](double x) { return x <= 0; });
  std::map<std::string, double> scores = {{"change_flag_auc", area_under_curve(counts.changed, counts.unchanged)},
                                          {"change_flag_accuracy", static_cast<double>(right) / pairs}};
  if (counts.true_ones[0] > 0) scores["mask_building_iou"] = counts.both[0] / counts.either[0];
  if (counts.true_ones[1] > 0) scores["mask_road_iou"] = counts.both[1] / counts.either[1];
  return scores;
}

double change_score(const std::map<std::string, double>& scores) {
  const auto auc = scores.find("change_flag_auc");
  if (auc == scores.end()) return 0;
  const auto iou = scores.find("mask_building_iou");
  return iou == scores.end() ? auc->second : (auc->second + iou->second) / 2;
}

}  // namespace ccx::train
