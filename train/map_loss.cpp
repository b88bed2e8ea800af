#include "train/map_loss.h"

#include "train/scenes/maps.h"

namespace ccx::train {
namespace {

constexpr const char* kCoverHead = "map_head.cover";
constexpr const char* kChangeHead = "map_head.change";

at::Tensor head(ParameterSet& parameters, const char* name, const at::Tensor& x, int64_t channels) {
  const at::Tensor weight = parameters.get(std::string(name) + ".weight", {channels, x.size(-1)});
  const at::Tensor bias = parameters.get(std::string(name) + ".bias", {channels});
  return at::linear(x, weight, bias).to(at::kFloat);
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& target, double positive_weight) {
  const at::Tensor weight = at::full({1}, positive_weight, logits.options());
  return at::binary_cross_entropy_with_logits(logits, target, {}, weight);
}

}  // namespace

std::map<std::string, Shape> map_head_shapes(const model::ModelConfig& config) {
  const int64_t width = config.text.hidden_size;
  return {{std::string(kCoverHead) + ".weight", {scenes::kCovers, width}},
          {std::string(kCoverHead) + ".bias", {scenes::kCovers}},
          {std::string(kChangeHead) + ".weight", {scenes::kChangeCovers, 2 * width}},
          {std::string(kChangeHead) + ".bias", {scenes::kChangeCovers}}};
}

std::pair<MapReadings, MapReadings> read_maps(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                                              const std::vector<MapTargets>& targets) {
  std::vector<int64_t> rows;
  std::vector<float> cover, change;
  for (size_t row = 0; row < targets.size(); ++row) {
    const MapTargets& maps = targets[row];
    if (maps.empty()) continue;
    rows.push_back(static_cast<int64_t>(row));
    cover.insert(cover.end(), maps.before.begin(), maps.before.end());
    cover.insert(cover.end(), maps.after.begin(), maps.after.end());
    change.insert(change.end(), maps.change.begin(), maps.change.end());
  }
  if (rows.empty()) return {};
  const auto count = static_cast<int64_t>(rows.size());
  const int64_t tokens = before.size(1);
  const at::Device device = before.device();
  // Copies: the backward pass outlives the vectors.
  const at::Tensor index = at::from_blob(rows.data(), {count}, at::kLong).to(device, at::kLong, false, /*copy=*/true);
  // [R, 2, C, N] and [R, C, N] to channels last, as the heads give them.
  const at::Tensor cover_target =
      at::from_blob(cover.data(), {count, 2, scenes::kCovers, tokens}, at::kFloat).transpose(2, 3).to(device, at::kFloat, false, /*copy=*/true);
  const at::Tensor change_target =
      at::from_blob(change.data(), {count, scenes::kChangeCovers, tokens}, at::kFloat).transpose(1, 2).to(device, at::kFloat, false, /*copy=*/true);

  const at::Tensor a = before.index_select(0, index);
  const at::Tensor b = after.index_select(0, index);
  const at::Tensor cover_logits = head(parameters, kCoverHead, at::stack({a, b}, 1), scenes::kCovers);
  const at::Tensor change_logits = head(parameters, kChangeHead, at::cat({a, b}, 2), scenes::kChangeCovers);
  return {{cover_logits, change_logits}, {cover_target, change_target}};
}

at::Tensor map_loss(ParameterSet& parameters, const at::Tensor& before, const at::Tensor& after,
                    const std::vector<MapTargets>& targets) {
  const auto [read, truth] = read_maps(parameters, before, after, targets);
  if (!read.cover.defined()) return {};
  return cross_entropy(read.cover, truth.cover, 1.0) +
         kChangeWeight * cross_entropy(read.change, truth.change, kPositiveWeight);
}

}  // namespace ccx::train
