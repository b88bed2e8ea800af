#include "core/model/conv_tower.h"

#include <algorithm>
#include <string>

namespace ccx::model {
namespace {

constexpr int kStemKernel = 3;
// The stride up to which features are of tones and textures more than of things (Ops::restyle).
constexpr int kStyleStride = 8;

// Enough zeros for ceil(size / stride) outputs, TensorFlow's SAME: what is odd goes to the far side.
void pad(ConvSpec& spec, int64_t size, bool same) {
  spec.top = spec.left = spec.bottom = spec.right = spec.kernel / 2;
  if (!same) return;
  const int64_t outputs = (size + spec.stride - 1) / spec.stride;
  const int64_t zeros = std::max<int64_t>(0, (outputs - 1) * spec.stride + spec.kernel - size);
  spec.top = spec.left = zeros / 2;
  spec.bottom = spec.right = zeros - zeros / 2;
}

}  // namespace

std::vector<Tensor> ConvTower::maps(Ops& ops, const Tensor& pixels) const {
  const ConvTowerConfig& tower = *config_.conv;
  std::vector<Tensor> levels;
  Tensor x = convolve(ops, rescale(ops, pixels), scope_ / "stem",
                      {.out = tower.stem_channels, .kernel = kStemKernel, .stride = 2});
  int reached = 2;  // stride of x
  const auto keep = [&] {
    if (std::find(tower.levels.begin(), tower.levels.end(), reached) == tower.levels.end()) return;
    levels.push_back(x);
    ops.tap("tower.stride." + std::to_string(reached), x);
  };
  int index = 0;
  for (const ConvTowerConfig::Stage& stage : tower.stages) {
    if (stage.stride > 1) {
      if (reached <= kStyleStride) x = ops.restyle(x);
      keep();
    }
    if (levels.size() == tower.levels.size()) return levels;
    reached *= stage.stride;
    for (int repeat = 0; repeat < stage.repeats; ++repeat, ++index) {
      x = block(ops, x, scope_ / "blocks" / index, stage, repeat == 0 ? stage.stride : 1);
    }
  }
  keep();
  return levels;
}

// From (x - 0.5) / 0.5 to (x - mean) / std. A step of its own, since the stem pads with the zeros of the latter.
Tensor ConvTower::rescale(Ops& ops, const Tensor& pixels) const {
  const ConvTowerConfig& tower = *config_.conv;
  const Tensor scale = ops.constant("tower.pixel_scale", {1, 3, 1, 1}, [&] {
    std::vector<float> values;
    for (const float std : tower.std) values.push_back(0.5f / std);
    return values;
  });
  const Tensor offset = ops.constant("tower.pixel_offset", {1, 3, 1, 1}, [&] {
    std::vector<float> values;
    for (size_t c = 0; c < 3; ++c) values.push_back((0.5f - tower.mean[c]) / tower.std[c]);
    return values;
  });
  return ops.add(ops.mul(pixels, scale), offset);
}

Tensor ConvTower::convolve(Ops& ops, const Tensor& x, const Scope& scope, ConvSpec spec) const {
  pad(spec, x.size(2), config_.conv->same_padding);
  spec.activation = config_.conv->relu6 ? Activation::kRelu6 : Activation::kRelu;
  return ops.conv2d(x, scope, spec);
}

Tensor ConvTower::block(Ops& ops, const Tensor& x, const Scope& scope, const ConvTowerConfig::Stage& stage,
                        int stride) const {
  const int64_t in = x.size(1);
  const int64_t wide = in * stage.expand;
  const Tensor expanded = stage.expand == 1 ? x : convolve(ops, x, scope / "expand", {.out = wide});
  const Tensor filtered = convolve(ops, expanded, scope / "depthwise",
                                   {.out = wide, .kernel = stage.kernel, .stride = stride, .groups = wide});
  const Tensor projected = ops.conv2d(filtered, scope / "project", {.out = stage.channels});
  return stride == 1 && in == stage.channels ? ops.add(projected, x) : projected;
}

std::vector<Tensor> adapt_levels(Ops& ops, const VisionConfig& config, const Scope& scope,
                                 const std::vector<Tensor>& maps) {
  const ConvTowerConfig& tower = *config.conv;
  std::vector<Tensor> levels;
  for (size_t i = 0; i < maps.size(); ++i) {
    const auto& wanted = tower.token_levels;
    if (std::find(wanted.begin(), wanted.end(), tower.levels[i]) == wanted.end()) continue;
    const Tensor& map = maps[i];
    const int64_t grid = config.grid();
    Tensor x = map.size(2) > grid ? ops.average_pool(map, map.size(2) / grid) : map;
    const int64_t side = x.size(2);
    x = ops.linear(ops.to_tokens(x), scope / static_cast<int>(levels.size()), config.hidden_size, Bias::kAdd);
    if (side < grid) {  // after the linear layer, which is the same and less work
      x = ops.to_map(x, side, side);
      while (x.size(2) < grid) x = ops.upsample(x);
      x = ops.to_tokens(x);
    }
    ops.tap("tower.level." + std::to_string(levels.size()), x);
    levels.push_back(x);
  }
  return levels;
}

}  // namespace ccx::model
