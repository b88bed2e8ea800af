#include "train/evaluation/map_evaluation.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ccx::train {
namespace {

using Json = nlohmann::json;

// Sums that add up over pairs and ranks.
struct Counts {
  double error = 0, cells = 0;
  double cover_both = 0, cover_either = 0;
  double change_both = 0, change_either = 0;
  double token_both = 0, token_either = 0;
  std::vector<double> changed, unchanged;  // of each pair its strongest cell

  Json to_json() const {
    return {error,         cells,   cover_both, cover_either, change_both,
            change_either, changed, unchanged,  token_both,   token_either};
  }
  void add(const Json& json) {
    error += json[0].get<double>();
    cells += json[1].get<double>();
    cover_both += json[2].get<double>();
    cover_either += json[3].get<double>();
    change_both += json[4].get<double>();
    change_either += json[5].get<double>();
    for (const Json& value : json[6]) changed.push_back(value);
    for (const Json& value : json[7]) unchanged.push_back(value);
    token_both += json[8].get<double>();
    token_either += json[9].get<double>();
  }
};

void overlap(const at::Tensor& said, const at::Tensor& true_ones, double& both, double& either) {
  both += at::logical_and(said, true_ones).sum().item<double>();
  either += at::logical_or(said, true_ones).sum().item<double>();
}

void count(const MapReadings& read, const MapReadings& truth, Counts& counts) {
  const at::Tensor share = at::sigmoid(read.cover);
  counts.error += (share - truth.cover).abs().sum().item<double>();
  counts.cells += static_cast<double>(share.numel());
  overlap(share > 0.5, truth.cover > 0.5, counts.cover_both, counts.cover_either);
  // The loss counts positive cells several times, which moves the threshold.
  overlap(at::sigmoid(read.change) > 0.5, truth.change >= 0.25, counts.change_both, counts.change_either);
  overlap(at::sigmoid(read.tokens) > 0.5, truth.tokens >= 0.25, counts.token_both, counts.token_either);
  const at::Tensor strongest = read.change.flatten(1).amax(1);
  const at::Tensor flag = truth.change.flatten(1).amax(1);
  for (int64_t row = 0; row < strongest.size(0); ++row) {
    (flag[row].item<double>() > 0 ? counts.changed : counts.unchanged).push_back(strongest[row].item<double>());
  }
}

}  // namespace

double area_under_curve(std::vector<double> positive, std::vector<double> negative) {
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

std::map<std::string, double> evaluate_maps(TrainModel& model, const std::vector<PairItem>& items,
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
    if (read.pairs() == 0) continue;
    const auto [readings, truth] = model.read_maps(read);
    if (readings.cover.defined()) count(readings, truth, counts);
  }
  if (group != nullptr) {
    const std::vector<std::string> all = group->gather(counts.to_json().dump(), model.ops().device());
    counts = {};
    for (const std::string& text : all) counts.add(Json::parse(text));
  }
  if (counts.cells == 0) return {};
  return {{"map_cover_error", counts.error / counts.cells},
          {"map_cover_iou", counts.cover_both / std::max(1.0, counts.cover_either)},
          {"map_change_iou", counts.change_both / std::max(1.0, counts.change_either)},
          {"map_token_iou", counts.token_both / std::max(1.0, counts.token_either)},
          {"map_flag_auc", area_under_curve(counts.changed, counts.unchanged)}};
}

}  // namespace ccx::train
