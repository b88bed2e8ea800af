#include "train/evaluation/evaluate.h"

#include <c10/core/GradMode.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/generate/generator.h"
#include "core/metrics/protocol.h"
#include "core/metrics/scores.h"
#include "core/text/prompt.h"

namespace ccx::train {
namespace {

using torch_backend::unwrap;
using torch_backend::wrap;

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
    : items_(items), reader_(reader), tokenizer_(tokenizer), generation_(std::move(generation)), options_(options) {
  generation_.max_new_tokens = options_.max_new_tokens;
  generation_.do_sample = false;
  generation_.num_beams = 1;
  generation_.validate(tokenizer_.size());
}

std::vector<std::string> Evaluator::caption(TrainModel& model, const std::vector<SampleReader::Pair>& pairs) const {
  const c10::AutoGradMode no_grad(false);
  TrainOps& ops = model.ops();
  const model::CCExpert& graph = model.graph();
  const model::Qwen2& language = graph.language();
  const model::TextConfig& sizes = graph.config().text;
  const auto rows = static_cast<int64_t>(pairs.size());
  std::vector<float> pixels;
  for (const SampleReader::Pair& pair : pairs) {
    pixels.insert(pixels.end(), pair.before.begin(), pair.before.end());
    pixels.insert(pixels.end(), pair.after.begin(), pair.after.end());
  }
  const int64_t side = graph.config().vision.image_size;
  const model::CCExpert::Vision vision = graph.see(ops, ops.from_floats(pixels.data(), {2 * rows, 3, side, side}));
  const text::Prompt prompt = text::build_prompt(tokenizer_);
  const auto embed = [&](const std::vector<int64_t>& ids) {
    const Tensor one = language.embed(ops, ops.from_ints(ids, {1, static_cast<int64_t>(ids.size())}));
    return wrap(unwrap(one).expand({rows, -1, -1}));
  };
  const auto positions = [&](int64_t start, int64_t count) {
    std::vector<int64_t> values(static_cast<size_t>(count));
    std::iota(values.begin(), values.end(), start);
    return ops.from_ints(values, {1, count});
  };

  model::Qwen2::Step step;
  step.embeddings = graph.join(ops, {embed(prompt.before_first), embed(prompt.between), embed(prompt.after)}, vision);
  const int64_t length = step.embeddings.size(1);
  torch_backend::TorchKvCache cache(sizes.num_hidden_layers, rows, sizes.num_key_value_heads,
                                    length + options_.max_new_tokens, sizes.head_dim(), ops);
  step.positions = positions(0, length);
  step.cache = &cache;
  step.last_only = true;
  const int64_t vocabulary = tokenizer_.size();
  std::vector<float> logits = ops.to_host(language.logits(ops, language.hidden(ops, step), vocabulary));
  cache.advance(length);

  const std::vector<uint64_t> keys(pairs.size(), 0);
  generate::Generator generator(generation_, vocabulary, keys);
  for (generate::Step next = generator.step(logits); !generator.done(); next = generator.step(logits)) {
    const auto count = static_cast<int64_t>(next.tokens.size());
    cache.reorder(next.parents);
    model::Qwen2::Step one;
    one.embeddings = language.embed(ops, ops.from_ints(next.tokens, {count, 1}));
    one.positions = positions(cache.length(), 1);
    one.cache = &cache;
    logits = ops.to_host(language.logits(ops, language.hidden(ops, one), vocabulary));
    cache.advance(1);
  }
  std::vector<std::string> captions;
  for (size_t i = 0; i < pairs.size(); ++i) {
    captions.push_back(tokenizer_.decode(generator.sequence(i).ids, /*skip_special_tokens=*/true));
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
