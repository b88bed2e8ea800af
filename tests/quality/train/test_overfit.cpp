// A tiny model learns eight pairs by heart, and says them.
#include "train/checkpoint/checkpoint_writer.h"
#include "train/checkpoint/initialise.h"
#include "train/evaluation/caption_evaluation.h"
#include "train/optimise/optimizer.h"
#include "train/optimise/schedule.h"

#include <algorithm>

#include "tests/support/train.h"
#include "train/data/tokenizer_trainer.h"

using namespace ccx;
using namespace ccx::train;

TEST_CASE("a tiny model overfits eight pairs to their captions exactly within 150 steps") {
  const test::TempDir dir;
  const std::vector<std::string> captions = {"many houses are built along the road",
                                             "some trees are removed",
                                             "a new road is built through the forest",
                                             "the scene is the same as before",
                                             "a building appears",
                                             "two houses replace the bare land",
                                             "no change has occurred",
                                             "a row of houses is built on both sides of the road"};
  write_tokenizer(dir / "tok", train_merges(captions, {600, 2}));
  write_fresh_checkpoint({"tiny", (dir / "tok").string(), (dir / "base").string(), 1});
  const text::Tokenizer tokenizer = text::Tokenizer::load(dir / "base");
  const BaseModel base((dir / "base").string(), 1);
  CHECK(base.created().empty());
  ParameterSet parameters(base.config(), base, published_stage(3), {});
  TrainModel model(base.config(), parameters, tokenizer.require_token("<|endoftext|>"), false);

  // Pictures of noise, each pair its own.
  Batch batch;
  std::vector<SampleReader::Pair> pairs;
  const auto plane = static_cast<size_t>(3 * base.config().vision.image_size * base.config().vision.image_size);
  for (size_t i = 0; i < captions.size(); ++i) {
    Random random(i);
    SampleReader::Pair pair;
    for (std::vector<float>* picture : {&pair.before, &pair.after}) {
      for (size_t k = 0; k < plane; ++k) picture->push_back(static_cast<float>(2 * random.uniform() - 1));
      batch.pixels.insert(batch.pixels.end(), picture->begin(), picture->end());
    }
    pairs.push_back(pair);
    batch.samples.push_back(text::build_training_sample(tokenizer, captions[i]));
  }

  AdamW optimizer(parameters, {});
  const int64_t steps = 150;
  const Schedule schedule{steps, 10};
  double first = 0;
  double last = 0;
  for (int64_t step = 0; step < steps; ++step) {
    parameters.zero_gradients();
    const at::Tensor loss = model.loss(batch);
    loss.backward();
    clip_gradients(parameters, std::sqrt(squared_gradient_norm(parameters)), 1.0);
    optimizer.step(2e-3 * schedule.factor(step), 2e-3 * schedule.factor(step));
    last = loss.item<double>();
    if (step == 0) first = last;
  }
  INFO("loss " << first << " -> " << last);
  generate::GenerationConfig generation = generate::GenerationConfig::load(dir / "base", tokenizer);
  CHECK(GreedyCaptioner(tokenizer, generation).caption(model, look(model, pairs, /*tokens=*/true).vision) == captions);
}

TEST_CASE("a stage 1 base without a difference module gets one, as the reference makes it") {
  // The tiny reference checkpoint with the module, its twin projector and the last tower block taken out.
  const test::TempDir dir;
  const model::Checkpoint whole(test::reference() / "tiny");
  CheckpointWriter writer(dir / "base", /*overwrite=*/true);
  std::map<std::string, Shape> kept;
  for (const auto& [name, file] : whole.tensors()) {
    const bool dropped = name.find("vision_resampler") != std::string::npos ||
                         name.find("mm_cc_projector") != std::string::npos ||
                         name.find("encoder.layers.5") != std::string::npos;
    if (!dropped) kept[name] = whole.get(name).shape;
  }
  writer.weights(kept, whole, SaveDType::kBFloat16, 4'000'000);  // in shards
  auto config = nlohmann::json::parse(test::read_file(test::reference() / "tiny/config.json"));
  config["mm_vision_select_layer"] = -2;
  config["mm_resampler_type"] = nullptr;
  test::write_file(writer.folder() / "config.json", config.dump());
  writer.commit();

  const BaseModel base((dir / "base").string(), 7);
  CHECK(base.created().size() == whole.tensors().size() - kept.size());
  CHECK(base.config().vision.select_layers.size() == 4);
  const auto values = [&](const std::string& name) { return base.get("model.vision_resampler." + name).to_float32(); };
  const auto deviation = [](const std::vector<float>& v) {
    double sum = 0;
    for (const float x : v) sum += static_cast<double>(x) * x;
    return std::sqrt(sum / static_cast<double>(v.size()));
  };
  CHECK(deviation(values("layers.0.mlp.lin1.weight")) == Approx(0.02).epsilon(0.02));
  CHECK(deviation(values("layers.1.change_flag_embed.weight")) == Approx(0.02).epsilon(0.2));
  CHECK(deviation(values("layers.0.mlp.lin1.bias")) == 0);
  CHECK(values("layers.0.norm1.weight") == std::vector<float>(256, 1.0f));
  CHECK(deviation(values("layers.0.norm1.bias")) == 0);
  const std::vector<float> xavier = values("ChangeAwareTokenReduce.cross_attn.in_proj_weight");
  CHECK(*std::max_element(xavier.begin(), xavier.end()) <= std::sqrt(6.0f / (256 + 768)));
  // The same seed gives the same module.
  CHECK(BaseModel((dir / "base").string(), 7).get("model.vision_resampler.layers.0.mlp.lin1.weight").to_float32() ==
        values("layers.0.mlp.lin1.weight"));
}
