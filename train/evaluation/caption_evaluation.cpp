#include "train/evaluation/caption_evaluation.h"

#include <c10/core/GradMode.h>

#include <optional>
#include <utility>

#include "core/base/no_change.h"
#include "core/generate/language_model.h"
#include "core/metrics/protocol.h"
#include "core/metrics/scores.h"
#include "core/torch/prompted_model.h"

namespace ccx::train {

GreedyCaptioner::GreedyCaptioner(const text::Tokenizer& tokenizer, const generate::GenerationConfig& generation,
                                 int max_new_tokens)
    : tokenizer_(tokenizer), prompt_(text::build_prompt(tokenizer)), generation_(generation.greedy()) {
  generation_.max_new_tokens = max_new_tokens;
  generation_.validate(tokenizer_.size());
}

std::vector<std::string> GreedyCaptioner::caption(TrainModel& model, const model::CCExpert::Vision& vision) const {
  const c10::AutoGradMode no_grad(false);
  TrainOps& ops = model.ops();
  const model::CCExpert& graph = model.graph();
  const int64_t rows = vision.before.size(0);
  const Tensor embeddings = torch_backend::embed_prompt(graph, ops, prompt_, vision);
  torch_backend::PromptedModel prompted(graph, ops, tokenizer_.size(), rows,
                                        embeddings.size(1) + generation_.max_new_tokens);
  // min_p_change and p_change_fit were chosen for other weights than these: what the model says is taken at its word.
  const std::vector<uint64_t> keys(static_cast<size_t>(rows), 0);
  const generate::Captions written =
      generate::write_captions(prompted, prompted.prefill(embeddings, 0), {}, generation_, tokenizer_.size(), keys,
                               generate::ChangeRule(), /*opinions_wanted=*/false);
  std::vector<std::string> captions;
  for (const generate::Sequence& sequence : written.sequences) {
    captions.push_back(tokenizer_.decode(sequence.ids, /*skip_special_tokens=*/true));
  }
  return captions;
}

CaptionExaminer::CaptionExaminer(const GreedyCaptioner& captioner, std::vector<std::string> no_change,
                                 std::filesystem::path meteor_data)
    : captioner_(captioner), no_change_(std::move(no_change)), meteor_data_(std::move(meteor_data)) {}

void CaptionExaminer::see(TrainModel& model, const Sight& sight) {
  const std::vector<std::string> captions = captioner_.caption(model, sight.vision);
  for (size_t i = 0; i < captions.size(); ++i) {
    const SampleReader::Pair& pair = sight.pairs[i];
    captions_.push_back({pair.id, captions[i], pair.captions, pair.changed});
  }
}

nlohmann::json CaptionExaminer::seen() const {
  nlohmann::json json = nlohmann::json::array();
  for (const Captioned& c : captions_) json.push_back({c.id, c.caption, c.references, c.changed});
  return json;
}

void CaptionExaminer::add(const nlohmann::json& seen) {
  for (const nlohmann::json& c : seen) captions_.push_back({c[0], c[1], c[2], c[3]});
}

Verdict CaptionExaminer::verdict() const {
  Verdict verdict;
  if (captions_.empty()) return verdict;
  int64_t right = 0;
  for (const Captioned& c : captions_) right += is_no_change(c.caption, no_change_) != c.changed;
  const double flag_accuracy = static_cast<double>(right) / static_cast<double>(captions_.size());
  verdict.scores["flag_accuracy"] = flag_accuracy;
  std::vector<metrics::EvalPair> pairs;
  for (const Captioned& c : captions_) pairs.push_back({c.id, c.caption, c.references});
  std::optional<metrics::Meteor> meteor;
  if (!meteor_data_.empty()) meteor.emplace(metrics::MeteorData::open(meteor_data_));
  const metrics::Scores scores =
      metrics::score_corpus(metrics::prepare(pairs, metrics::Protocol::kCcexpert), meteor ? &*meteor : nullptr);
  for (const metrics::NamedScore& named : metrics::named_scores(scores)) {
    if (named.value) verdict.scores[named.name] = *named.value;
  }
  const double without = (scores.bleu_4 + scores.rouge_l + scores.cider_d) / 3;
  verdict.scores["mean_without_meteor"] = without;
  verdict.best_by = scores.s_m ? "s_m" : "mean_without_meteor";
  verdict.best_score = scores.s_m.value_or(without);
  return verdict;
}

}  // namespace ccx::train
