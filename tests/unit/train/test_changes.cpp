// What change masks teach the change head.
#include "core/scenes/png.h"
#include "tests/support/train.h"
#include "train/checkpoint/initialise.h"
#include "train/data/augment.h"
#include "train/evaluation/change_evaluation.h"
#include "train/heads/change_loss.h"

using namespace ccx;
using namespace ccx::train;
using torch_backend::wrap;

namespace {

float share(const ChangeTargets& targets, int channel, int cell, int cells) {
  return targets.shares[static_cast<size_t>(channel * cells + cell)];
}

}  // namespace

TEST_CASE("a mask becomes shares of the head's cells, and what fills no cell is left out") {
  // 5 x 5 pixels, cells of 2 x 2: the last row and column belong to none.
  ChangeMask mask{ChangeMask::Form::kKinds, 5, 5, {1, 1, 0, 0, 6,  //
                                                   1, 0, 0, 3, 6,  //
                                                   0, 0, 4, 4, 6,  //
                                                   0, 0, 4, 4, 6,  //
                                                   6, 6, 6, 6, 6}};
  const ChangeTargets targets = change_targets(mask, {5, 2, 2}, true);
  CHECK(targets.changed);
  REQUIRE(targets.shares.size() == 7 * 4);
  CHECK(share(targets, 1, 0, 4) == 0.75f);
  CHECK(share(targets, 0, 0, 4) == 0.25f);
  CHECK(share(targets, 3, 1, 4) == 0.25f);
  CHECK(share(targets, 4, 3, 4) == 1.0f);
  CHECK(share(targets, 0, 2, 4) == 1.0f);
  for (int cell = 0; cell < 4; ++cell) CHECK(share(targets, 6, cell, 4) == 0.0f);
}

TEST_CASE("a mask of buildings and roads has three channels, and is stretched to the picture's size") {
  const ChangeMask mask{ChangeMask::Form::kBuildingsAndRoads, 2, 2, {255, 0, 128, 7}};
  const ChangeTargets targets = change_targets(mask, {8, 2, 4}, false);
  REQUIRE(targets.shares.size() == 3 * 4);
  CHECK(share(targets, 1, 0, 4) == 1.0f);
  CHECK(share(targets, 0, 1, 4) == 1.0f);
  CHECK(share(targets, 2, 2, 4) == 1.0f);
  CHECK(share(targets, 2, 3, 4) == 1.0f);
}

TEST_CASE("a mask file with a value that is no kind of change is refused by name") {
  const test::TempDir dir;
  test::write_file(dir / "kinds.png", scenes::encode_png_grey({1, 9}, 2, 1));
  CHECK_THROWS_WITH(load_change_mask(dir / "kinds.png", ChangeMask::Form::kKinds),
                    test::contains("kinds.png holds the value 9"));
}

TEST_CASE("masks go through the same symmetries as pictures") {
  image::Image picture = image::filled_image(3, 2);
  std::vector<uint8_t> mask;
  for (uint8_t i = 0; i < 6; ++i) {
    picture.rgb[3u * i] = i;
    mask.push_back(i);
  }
  for (unsigned symmetry = 0; symmetry < 8; ++symmetry) {
    const image::Image turned = transformed(picture, symmetry);
    const std::vector<uint8_t> plane = transformed(mask, 3, 2, symmetry);
    for (size_t i = 0; i < 6; ++i) CHECK(turned.rgb[3 * i] == plane[i]);
  }
}

TEST_CASE(
    "the change loss is the flag's cross-entropy and the cells' with changes and their odds counting three times") {
  // One cell a pair: row 0 knows its kinds, row 1 buildings and roads alone, row 2 has no mask.
  const std::vector<std::vector<double>> logits = {
      {0.5, 1.5, -1, 0, 0.3, 0, -0.5}, {1, 0, 2, -1, 0, 0.5, 0}, {0, 0, 0, 0, 0, 0, 0}};
  const std::vector<double> flags = {1.2, -0.4, 0.3};
  const at::Tensor kinds = at::zeros({3, 7, 1, 1});
  const at::Tensor flag = at::zeros({3, 1});
  for (int64_t row = 0; row < 3; ++row) {
    for (int64_t c = 0; c < 7; ++c) kinds[row][c][0][0] = logits[static_cast<size_t>(row)][static_cast<size_t>(c)];
    flag[row][0] = flags[static_cast<size_t>(row)];
  }
  model::ChangeHead::Output head;
  head.kinds = wrap(kinds);
  head.flag = wrap(flag);
  std::vector<ChangeTargets> targets(3);
  targets[0] = {ChangeMask::Form::kKinds, {0.25f, 0.75f, 0, 0, 0, 0, 0}, true};
  targets[1] = {ChangeMask::Form::kBuildingsAndRoads, {0, 1, 0}, true};
  targets[2] = {ChangeMask::Form::kNone, {}, false};

  // With the odds of every kind three times as large.
  const auto odds = [&](size_t row, size_t kind) { return (kind == 0 ? 1 : 3) * std::exp(logits[row][kind]); };
  const auto probability = [&](size_t row, size_t kind) {
    double sum = 0;
    for (size_t other = 0; other < 7; ++other) sum += odds(row, other);
    return odds(row, kind) / sum;
  };
  const double cells = -0.25 * std::log(probability(0, 0)) - 3 * 0.75 * std::log(probability(0, 1)) -
                       3 * std::log(probability(1, 1) + probability(1, 2));
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double flag_loss = -(std::log(sigmoid(1.2)) + std::log(sigmoid(-0.4)) + std::log(1 - sigmoid(0.3))) / 3;
  CHECK(change_loss(head, targets).item<double>() == Approx(flag_loss + kCellsWeight * cells / 2).epsilon(1e-5));
}

TEST_CASE("the cover's loss is the cross-entropy of each date's shares, over the pairs that have maps") {
  // One token, three pairs; the second has no maps.
  const std::vector<float> logits = {0.5f, -1, 0, 2, -0.5f, 0.25f, 1, -2};
  const std::vector<float> before = {0.25f, 0, 1, 0.5f}, after = {0, 0.75f, 0.5f, 1};
  const at::Tensor cover = at::zeros({3, 1, 8});
  for (int64_t row = 0; row < 3; ++row) {
    for (int64_t c = 0; c < 8; ++c) cover[row][0][c] = logits[static_cast<size_t>(c)] * static_cast<float>(row + 1);
  }
  model::ChangeHead::Output head;
  const MapTargets maps{before, after, {0, 0, 0, 0}};
  CHECK_FALSE(cover_loss(head, {maps, {}, maps}).defined());
  head.cover = wrap(cover);
  CHECK_FALSE(cover_loss(head, {{}, {}, {}}).defined());
  double sum = 0;
  for (const int row : {0, 2}) {
    for (size_t c = 0; c < 8; ++c) {
      const double p = 1 / (1 + std::exp(-static_cast<double>(logits[c]) * (row + 1)));
      const double share = c < 4 ? before[c] : after[c - 4];
      sum -= share * std::log(p) + (1 - share) * std::log(1 - p);
    }
  }
  CHECK(cover_loss(head, {maps, {}, maps}).item<double>() == Approx(sum / 16).epsilon(1e-5));
}

TEST_CASE("a change head added to a checkpoint changes nothing that the language model sees until it is trained") {
  const BaseModel plain((test::reference() / "tiny").string(), 1);
  const BaseModel with_head((test::reference() / "tiny").string(), 1, /*with_change_head=*/true);
  CHECK(plain.created().empty());
  CHECK_FALSE(with_head.created().empty());
  for (const std::string& name : with_head.created()) CHECK(name.rfind("change_head.", 0) == 0);
  const Batch batch = test::reference_batch();
  const auto embedded = [&](const BaseModel& base) {
    ParameterSet parameters(base.config(), base, published_stage(3), {});
    TrainModel model(base.config(), parameters, 0, false);
    return test::to_floats(model.embeddings(batch, pack(batch.samples, base.config().vision.tokens(), 0)));
  };
  CHECK(embedded(plain) == embedded(with_head));
}

TEST_CASE("only the parts that learn get gradients, and nothing behind the head is computed for its loss alone") {
  const BaseModel base((test::reference() / "tiny").string(), 1, /*with_change_head=*/true);
  Stage stage = published_stage(3);
  stage.trainable = {Part::kChangeHead};
  ParameterSet parameters(base.config(), base, stage, {});
  TrainModel model(base.config(), parameters, 0, false, LossWeights{0, 0, 0, 1});
  Batch batch = test::reference_batch();
  const model::VisionConfig& vision = base.config().vision;
  const ChangeGrid grid{vision.image_size, vision.map_cells(), vision.map_stride()};
  for (int64_t i = 0; i < batch.pairs(); ++i) {
    ChangeMask mask{ChangeMask::Form::kKinds, vision.image_size, vision.image_size, {}};
    mask.values.assign(static_cast<size_t>(vision.image_size * vision.image_size), i == 0 ? 1 : 0);
    batch.changes.push_back(change_targets(mask, grid, i == 0));
  }
  const at::Tensor loss = model.loss(batch);
  loss.backward();
  double inside = 0;
  for (const Parameter& parameter : parameters.all()) {
    if (parameter.trainable) {
      CHECK(parameter.name.rfind("change_head.", 0) == 0);
      inside += parameter.value.grad().abs().sum().item<double>();
    } else {
      CHECK_FALSE(parameter.value.requires_grad());
    }
  }
  CHECK(inside > 0);
}
