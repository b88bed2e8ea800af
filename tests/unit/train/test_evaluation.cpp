// What a validation split is scored by, and what that costs.
#include "tests/support/train.h"

#include <ATen/record_function.h>

#include "train/checkpoint/initialise.h"
#include "train/evaluation/evaluate.h"

using namespace ccx;
using namespace ccx::train;

namespace {

// Pictures that have entered a tower: images of the convolutions that read three colours.
int64_t pictures_looked_at = 0;

std::unique_ptr<at::ObserverContext> count_pictures(const at::RecordFunction& function) {
  if (std::string(function.name()) == "aten::conv2d" && !function.inputs().empty() && function.inputs()[0].isTensor()) {
    const at::Tensor& input = function.inputs()[0].toTensor();
    if (input.size(1) == 3) pictures_looked_at += input.size(0);
  }
  return nullptr;
}

std::vector<PairItem> drawn_pairs(int count) {
  std::vector<PairItem> items;
  for (int i = 0; i < count; ++i) {
    PairItem item;
    item.id = "scene" + std::to_string(i);
    item.scene_seed = static_cast<uint64_t>(i);
    items.push_back(item);
  }
  return items;
}

}  // namespace

TEST_CASE("whatever is scored, the model looks at a validation pair once, and scores are what they are alone") {
  const std::string folder = (test::reference() / "tiny").string();
  const BaseModel base(folder, 1, /*with_change_head=*/true);
  ParameterOptions layout;
  layout.heads = map_head_shapes(base.config());
  ParameterSet parameters(base.config(), base, published_stage(3), layout);
  TrainModel model(base.config(), parameters, 0, false);
  const text::Tokenizer tokenizer = text::Tokenizer::load(folder);
  const GreedyCaptioner captioner(tokenizer, generate::GenerationConfig::load(folder, tokenizer), /*max_new_tokens=*/4);
  std::vector<PairItem> items = drawn_pairs(5);
  items.push_back(PairItem());  // no pictures: one that cannot be read
  const model::VisionConfig& vision = base.config().vision;
  const SampleReader reader(items, tokenizer, vision.image_size, Augmentation(), vision.grid(),
                            {vision.image_size, vision.map_cells(), vision.map_stride()});

  const auto callback = at::addThreadLocalCallback(
      at::RecordFunctionCallback(count_pictures).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
  const auto evaluated = [&](bool captions, bool maps, bool changes) {
    EvaluationOptions options{captions, maps, changes, {}, /*batch=*/2};
    pictures_looked_at = 0;
    const Evaluation evaluation = Evaluator(items, reader, captioner, options).run(model, nullptr);
    CHECK(evaluation.bad == 1);
    CHECK(pictures_looked_at == 2 * 5);
    return evaluation;
  };
  const Evaluation captions = evaluated(true, false, false), maps = evaluated(false, true, false),
                   changes = evaluated(false, false, true), all = evaluated(true, true, true);
  at::removeCallback(callback);

  CHECK(captions.best_by == "mean_without_meteor");
  CHECK(changes.best_by == "change_score");
  CHECK(maps.best_by == "map_flag_auc");
  CHECK(all.best_by == "mean_without_meteor");
  std::map<std::string, double> scores = captions.scores;
  scores.insert(maps.scores.begin(), maps.scores.end());
  scores.insert(changes.scores.begin(), changes.scores.end());
  scores.erase("change_score");  // told only where it chooses
  CHECK(all.scores == scores);
}
