// The training step against what the reference computed: packing, loss, gradients, three optimiser steps.
#include "train/optimise/optimizer.h"
#include "train/optimise/schedule.h"
#include "train/optimise/stages.h"

#include "tests/support/needs.h"
#include "tests/support/train.h"

using namespace ccx;
using namespace ccx::train;

namespace {

struct Setup {
  model::Checkpoint checkpoint{test::reference() / "tiny"};
  ParameterSet parameters;
  TrainModel model;
  explicit Setup(bool checkpointing = false, const ParameterOptions& options = {})
      : parameters(checkpoint.config(), checkpoint, published_stage(3), options),
        model(checkpoint.config(), parameters, /*pad_id=*/1000, checkpointing) {}
};

std::vector<int64_t> integers(const io::TensorView& view) {
  std::vector<int64_t> out;
  for (const float value : view.to_float32()) out.push_back(static_cast<int64_t>(value));
  return out;
}

double norm_of(const at::Tensor& tensor) {
  return at::linalg_vector_norm(tensor).item<double>();
}

}  // namespace

TEST_CASE("a batch is packed to the reference's labels, mask and embeddings") {
  Setup setup;
  const Batch batch = test::reference_batch();
  const io::SafetensorsFile expected(test::reference() / "vectors/train_dev.safetensors");
  const Packed packed = pack(batch.samples, setup.checkpoint.config().vision.tokens(), 1000);
  CHECK(packed.length == 97);
  CHECK(packed.labels == integers(expected.at("packed.labels")));
  CHECK(packed.targets.size() == test::reference_training()["num_target_tokens_after_shift"].get<size_t>());

  const std::vector<float> embeddings = test::to_floats(setup.model.embeddings(batch, packed));
  const std::vector<float> reference = expected.at("packed.inputs_embeds").to_float32();
  const std::vector<int64_t> mask = integers(expected.at("packed.attention_mask"));
  REQUIRE(embeddings.size() == reference.size());
  double largest = 0;
  for (size_t i = 0; i < embeddings.size(); ++i) {
    // The reference pads with zeros, ccx with the pad token; nothing looks at either.
    if (mask[i / 96] == 0) continue;
    const double difference = std::abs(static_cast<double>(embeddings[i]) - reference[i]);
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  CHECK(largest < 1e-4);  // float32 sums in another order
}

TEST_CASE("loss and every gradient equal the reference's") {
  const bool checkpointing = GENERATE(false, true);
  INFO("activation checkpointing: " << checkpointing);
  Setup setup(checkpointing);
  const at::Tensor loss = setup.model.loss(test::reference_batch());
  loss.backward();
  const nlohmann::json reference = test::reference_training();
  CHECK(loss.item<double>() == Approx(reference["loss"].get<double>()).epsilon(1e-5));
  CHECK(std::sqrt(squared_gradient_norm(setup.parameters)) ==
        Approx(reference["grad_norm_total"].get<double>()).epsilon(1e-4));

  int compared = 0;
  for (const auto& [name, norm] : reference["grad_norms"].items()) {
    INFO(name);
    const Parameter& parameter = setup.parameters.at(name);
    if (norm.is_null()) {
      CHECK_FALSE(parameter.trainable);
      continue;
    }
    REQUIRE(parameter.trainable);
    ++compared;
    if (!test::is_rounding_noise(name)) {
      CHECK(norm_of(parameter.value.grad()) == Approx(norm.get<double>()).epsilon(1e-4));
    }
  }
  CHECK(compared > 200);

  const io::SafetensorsFile expected(test::reference() / "vectors/train_dev.safetensors");
  for (const auto& [name, view] : expected.tensors()) {
    if (name.rfind("grad.", 0) != 0 || test::is_rounding_noise(name.substr(5))) continue;
    INFO(name);
    CHECK(test::relative_difference(test::to_floats(setup.parameters.at(name.substr(5)).value.grad()),
                                    view.to_float32()) < 1e-4);
  }
}

TEST_CASE("three optimiser steps give the reference's losses, rates, norms and weights") {
  const std::string variant = GENERATE("single_group", "stage3", "x100");
  INFO(variant);
  std::filesystem::path weights = test::reference() / ("vectors/weights_after3_" + variant + "_dev.safetensors");
  if (!std::filesystem::exists(weights)) {  // 14 MB, not part of the project
    weights = test::shared_dir() / ("reference/vectors/weights_after3_" + variant + "_dev.safetensors");
    if (!std::filesystem::exists(weights)) {
      test::skip(test::Lacking::kRealData, variant + ": " + weights.string() + " is not there");
    }
  }
  const nlohmann::json expected = test::reference_training()["variants"][variant];
  const double lr = expected["hp"]["lr"];
  const double tower_lr = expected["hp"]["vit"].is_null() ? lr : expected["hp"]["vit"].get<double>();

  ParameterOptions layout;
  layout.bucket_elements = 50000;  // several buckets a group
  Setup setup(false, layout);
  AdamW optimizer(setup.parameters, {});
  const Schedule schedule{3, warmup_steps(3, 0.03)};
  const Batch batch = test::reference_batch();
  std::map<std::string, std::vector<float>> before;
  for (const Parameter& parameter : setup.parameters.all()) before[parameter.name] = test::to_floats(parameter.value);
  for (int64_t step = 0; step < 3; ++step) {
    INFO("step " << step);
    const nlohmann::json& log = expected["log"][static_cast<size_t>(step)];
    setup.parameters.zero_gradients();
    const at::Tensor loss = setup.model.loss(batch);
    loss.backward();
    const double norm = std::sqrt(squared_gradient_norm(setup.parameters));
    CHECK(loss.item<double>() == Approx(log["loss"].get<double>()).epsilon(1e-4));
    CHECK(norm == Approx(log["grad_norm_before_clip"].get<double>()).epsilon(1e-4));
    CHECK(lr * schedule.factor(step) == Approx(log["lrs"].front().get<double>()).epsilon(1e-12).margin(1e-20));
    CHECK(tower_lr * schedule.factor(step) == Approx(log["lrs"].back().get<double>()).epsilon(1e-12).margin(1e-20));
    clip_gradients(setup.parameters, norm, 1.0);
    optimizer.step(lr * schedule.factor(step), tower_lr * schedule.factor(step));
  }
  CHECK(setup.model.loss(batch).item<double>() == Approx(expected["final_loss"].get<double>()).epsilon(1e-4));

  const io::SafetensorsFile file(weights);
  for (const auto& [name, view] : file.tensors()) {
    if (test::is_rounding_noise(name)) continue;
    INFO(name);
    CHECK(test::relative_difference(test::to_floats(setup.parameters.at(name).value), view.to_float32()) < 1e-4);
  }
  // The weights barely move, so their movement is what tells a wrong optimiser. Adam divides by the gradient's own
  // size, which makes entries without a real gradient rounding noise: a few parts in a hundred of a tensor's movement.
  for (const auto& [name, norm] : expected["delta_norms"].items()) {
    if (norm.is_null() || test::is_rounding_noise(name)) continue;
    INFO(name);
    const std::vector<float> after = test::to_floats(setup.parameters.at(name).value);
    double moved = 0;
    for (size_t i = 0; i < after.size(); ++i) moved += std::pow(static_cast<double>(after[i]) - before[name][i], 2);
    CHECK(std::sqrt(moved) == Approx(norm.get<double>()).epsilon(0.02).margin(1e-9));
  }
}

TEST_CASE("parameters fall into the reference's four groups") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  std::map<std::pair<bool, bool>, int> counts;  // (tower, decays)
  for (const auto& [name, file] : checkpoint.tensors()) ++counts[{part_of(name) == Part::kTower, decays(name)}];
  const nlohmann::json groups = test::reference_training()["variants"]["stage3"]["groups"];
  CHECK(counts[{false, true}] == groups[0]["n"].get<int>());
  CHECK(counts[{false, false}] == groups[1]["n"].get<int>());
  CHECK(counts[{true, true}] == groups[2]["n"].get<int>());
  CHECK(counts[{true, false}] == groups[3]["n"].get<int>());
}

TEST_CASE("stage 1 trains the difference module and the projector alone") {
  const model::Checkpoint checkpoint(test::reference() / "tiny");
  ParameterSet parameters(checkpoint.config(), checkpoint, published_stage(1), {});
  TrainModel model(checkpoint.config(), parameters, 1000, /*checkpointing=*/true);
  model.loss(test::reference_batch()).backward();
  for (const Parameter& parameter : parameters.all()) {
    INFO(parameter.name);
    const Part part = part_of(parameter.name);
    if (parameter.trainable) {
      CHECK((part == Part::kDifference || part == Part::kProjector));
      CHECK((norm_of(parameter.value.grad()) > 0 || test::is_rounding_noise(parameter.name)));
    } else {
      CHECK_FALSE(parameter.value.grad().defined());
    }
  }
}

TEST_CASE("the learning rate warms up from zero and follows half a cosine to zero") {
  const Schedule schedule{100, warmup_steps(100, 0.03)};
  CHECK(schedule.warmup_steps == 3);
  CHECK(schedule.factor(0) == 0.0);
  CHECK(schedule.factor(1) == Approx(1.0 / 3));
  CHECK(schedule.factor(3) == 1.0);
  CHECK(schedule.factor(3 + 97) == Approx(0).margin(1e-15));
  CHECK(warmup_steps(3, 0.03) == 1);  // rounded up
  CHECK(warmup_steps(100, 0.0) == 0);
}
