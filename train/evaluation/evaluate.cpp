#include "train/evaluation/evaluate.h"

#include <c10/core/GradMode.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/generate/language_model.h"
#include "core/metrics/protocol.h"
#include "core/metrics/scores.h"
#include "core/torch/prompted_model.h"

namespace ccx::train {
namespace {

struct Captioned {
  std::string id;
  std::string caption;
  std::vector<std::string> references;
  bool changed = false;
};

std::string packed(const std::vector<Captioned>& captions, int64_t bad) {
  nlohmann::json json = {{"bad", bad}, {"captions", nlohmann::json::array()}};
  for (const Captioned& c : captions) json["captions"].push_back({c.id, c.caption, c.references, c.changed});
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Evaluation score(const std::vector<Captioned>& captions, int64_t bad, const std::vector<std::string>& no_change,
                 const std::filesystem::path& meteor_data) {
  Evaluation evaluation;
  evaluation.pairs = static_cast<int64_t>(captions.size());
  evaluation.bad = bad;
  if (captions.empty()) return evaluation;
  int64_t right = 0;
  for (const Captioned& c : captions) right += ccx::is_no_change(c.caption, no_change) != c.changed;
  const double flag_accuracy = static_cast<double>(right) / static_cast<double>(captions.size());
  evaluation.scores["flag_accuracy"] = flag_accuracy;
  std::vector<metrics::EvalPair> pairs;
  for (const Captioned& c : captions) pairs.push_back({c.id, c.caption, c.references});
  std::optional<metrics::Meteor> meteor;
  if (!meteor_data.empty()) meteor.emplace(metrics::MeteorData::open(meteor_data));
  const metrics::Scores scores =
      metrics::score_corpus(metrics::prepare(pairs, metrics::Protocol::kCcexpert), meteor ? &*meteor : nullptr);
  for (const metrics::NamedScore& named : metrics::named_scores(scores)) {
    if (named.value) evaluation.scores[named.name] = *named.value;
  }
  const double without = (scores.bleu_4 + scores.rouge_l + scores.cider_d) / 3;
  evaluation.scores["mean_without_meteor"] = without;
  evaluation.best_by = scores.s_m ? "s_m" : "mean_without_meteor";
  evaluation.best_score = scores.s_m.value_or(without);
  return evaluation;
}

}  // namespace

Evaluator::Evaluator(const std::vector<PairItem>& items, const SampleReader& reader, const text::Tokenizer& tokenizer,
                     generate::GenerationConfig generation, const EvaluationOptions& options)
    : items_(items),
      reader_(reader),
      tokenizer_(tokenizer),
      prompt_(text::build_prompt(tokenizer)),
      generation_(std::move(generation)),
      options_(options) {
  generation_.max_new_tokens = options_.max_new_tokens;
  generation_.do_sample = false;
  generation_.num_beams = 1;
  generation_.validate(tokenizer_.size());
}

std::vector<std::string> Evaluator::caption(TrainModel& model, const std::vector<SampleReader::Pair>& pairs) const {
  const c10::AutoGradMode no_grad(false);
  TrainOps& ops = model.ops();
  const model::CCExpert& graph = model.graph();
  const auto rows = static_cast<int64_t>(pairs.size());
  std::vector<float> pixels;
  for (const SampleReader::Pair& pair : pairs) {
    pixels.insert(pixels.end(), pair.before.begin(), pair.before.end());
    pixels.insert(pixels.end(), pair.after.begin(), pair.after.end());
  }
  const int64_t side = graph.config().vision.image_size;
  const model::CCExpert::Vision vision = graph.see(ops, ops.from_floats(pixels.data(), {2 * rows, 3, side, side}));
  const Tensor embeddings = torch_backend::embed_prompt(graph, ops, prompt_, vision);
  torch_backend::PromptedModel prompted(graph, ops, tokenizer_.size(), rows,
                                        embeddings.size(1) + options_.max_new_tokens);
  // min_p_change and p_change_fit were chosen for other weights than these: what the model says is taken at its word.
  const std::vector<uint64_t> keys(pairs.size(), 0);
  const generate::Captions written =
      generate::write_captions(prompted, prompted.prefill(embeddings, 0), {}, generation_, tokenizer_.size(), keys,
                               generate::ChangeRule(), /*opinions_wanted=*/false);
  std::vector<std::string> captions;
  for (const generate::Sequence& sequence : written.sequences) {
    captions.push_back(tokenizer_.decode(sequence.ids, /*skip_special_tokens=*/true));
  }
  return captions;
}

Evaluation Evaluator::run(TrainModel& model, ProcessGroup* group) const {
  const auto world = static_cast<size_t>(group != nullptr ? group->world() : 1);
  const auto rank = static_cast<size_t>(group != nullptr ? group->rank() : 0);
  std::vector<Captioned> captions;
  int64_t bad = 0;
  std::vector<SampleReader::Pair> pairs;
  std::vector<std::string> ids;
  const auto flush = [&] {
    if (pairs.empty()) return;
    const std::vector<std::string> texts = caption(model, pairs);
    for (size_t i = 0; i < texts.size(); ++i)
      captions.push_back({ids[i], texts[i], pairs[i].captions, pairs[i].changed});
    pairs.clear();
    ids.clear();
  };
  for (size_t i = rank; i < items_.size(); i += world) {
    try {
      pairs.push_back(reader_.read_pair(items_[i]));
      ids.push_back(items_[i].id);
    } catch (const Error&) {
      ++bad;
    }
    if (pairs.size() >= static_cast<size_t>(options_.batch)) flush();
  }
  flush();

  if (group != nullptr) {
    const std::vector<std::string> all = group->gather(packed(captions, bad), model.ops().device());
    captions.clear();
    bad = 0;
    for (const std::string& text : all) {
      const nlohmann::json json = nlohmann::json::parse(text);
      bad += json["bad"].get<int64_t>();
      for (const nlohmann::json& c : json["captions"]) captions.push_back({c[0], c[1], c[2], c[3]});
    }
  }
  return score(captions, bad, model.graph().config().no_change_sentences, options_.meteor_data);
}

}  // namespace ccx::train
