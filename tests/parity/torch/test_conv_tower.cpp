// The convolutional tower against PyTorch networks with batch normalisation (tests/data/tower/make_towers.py).
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/io/safetensors.h"
#include "core/model/config.h"
#include "core/model/conv_tower.h"
#include "core/torch/torch_ops.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

class FileWeights : public WeightSource {
 public:
  explicit FileWeights(const std::filesystem::path& path) : file_(path) {}
  bool has(const std::string& name) const override { return file_.tensors().count(name) != 0; }
  io::TensorView get(const std::string& name) const override { return file_.at(name); }
  model::VisionConfig vision() const {
    return model::conv_tower_from_json(file_.metadata().at("mm_vision_config"), file_.path().string());
  }

 private:
  io::SafetensorsFile file_;
};

// As make_towers.py draws them: [1, 3, size, size] in -1..1.
std::vector<float> pixels(int size) {
  std::vector<float> values;
  for (int c = 0; c < 3; ++c) {
    for (int y = 1; y <= size; ++y) {
      for (int x = 1; x <= size; ++x) {
        values.push_back(static_cast<float>(std::cos(0.07 * y) * std::sin(0.05 * (c + 1) * x)));
      }
    }
  }
  return values;
}

nlohmann::json expected() {
  return nlohmann::json::parse(test::read_file(test::data_dir() / "tower/towers.json"));
}

// Largest difference from the network's features, as a share of the level's largest value (or of one). Batch
// normalisation folded into float32 weights moves the last bits, which some fifty convolutions add up.
double worst_difference(const std::filesystem::path& file, const nlohmann::json& levels, bool packed) {
  const FileWeights weights(file);
  const model::VisionConfig vision = weights.vision();
  torch_backend::WeightStore store(weights, at::kCPU, at::kFloat);
  std::optional<c10::InferenceMode> guard;
  if (packed) {
    guard.emplace();
    store.allow_packing();
  }
  torch_backend::TorchOps ops(store, at::kCPU, at::kFloat);
  const model::ConvTower tower(vision, Scope("model.vision_tower.vision_tower"));
  const int64_t side = vision.image_size;
  const std::vector<Tensor> maps =
      tower.maps(ops, ops.from_floats(pixels(vision.image_size).data(), {1, 3, side, side}));
  REQUIRE(maps.size() == levels.size());
  double worst = 0;
  for (size_t i = 0; i < maps.size(); ++i) {
    const Shape shape = maps[i].shape();
    CHECK(Shape(shape.begin() + 1, shape.end()) == levels[i]["shape"].get<Shape>());
    CHECK(shape[1] == vision.conv->level_channels(i));
    const std::vector<float> values = ops.to_host(maps[i]);
    const auto step = levels[i]["step"].get<size_t>();
    const double scale = std::max(1.0, levels[i]["largest"].get<double>());
    for (size_t k = 0; k < levels[i]["values"].size(); ++k) {
      const double difference = std::abs(values[k * step] - levels[i]["values"][k].get<double>()) / scale;
      worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("a small tower gives the features of its PyTorch network, with either padding") {
  const nlohmann::json truth = expected();
  // As a training step computes, and as captioning does.
  const bool packed = GENERATE(false, true);
  for (const char* name : {"tiny_same", "tiny_symmetric"}) {
    INFO(name);
    CHECK(worst_difference(test::data_dir() / "tower" / (std::string(name) + ".safetensors"), truth[name], packed) <
          1e-5);
  }
}

TEST_CASE("MobileNetV2 and EfficientNet-Lite give the features of their published PyTorch networks") {
  const nlohmann::json truth = expected();
  // As a training step computes, and as captioning does.
  const bool packed = GENERATE(false, true);
  for (const char* name : {"mobilenet_v2", "efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"}) {
    const auto file = test::data_dir() / "../../.deps/towers" / (std::string(name) + ".safetensors");
    if (!std::filesystem::exists(file)) {
      test::leave_out(test::Lacking::kInstalled,
                      std::string(name) + ", whose weights scripts/get_tower_weights.py fetches");
      continue;
    }
    INFO(name);
    CHECK(worst_difference(file, truth[name], packed) < 1e-4);
  }
}
