#include "train/evaluation/evaluate.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "train/evaluation/change_evaluation.h"
#include "train/evaluation/map_evaluation.h"

namespace ccx::train {
namespace {

using Examiners = std::vector<std::unique_ptr<Examiner>>;

// Pairs as this rank's share of a split had them.
struct Reading {
  int64_t seen = 0;
  int64_t bad = 0;
};

Reading show(const std::vector<PairItem>& items, const SampleReader& reader, TrainModel& model, ProcessGroup* group,
             size_t batch, const Examiners& examiners) {
  const auto world = static_cast<size_t>(group != nullptr ? group->world() : 1);
  const auto rank = static_cast<size_t>(group != nullptr ? group->rank() : 0);
  Reading reading;
  const bool tokens =
      std::any_of(examiners.begin(), examiners.end(), [](const auto& examiner) { return examiner->reads_tokens(); });
  ValidationPairs pairs;
  const auto flush = [&] {
    if (pairs.empty()) return;
    const Sight sight = look(model, pairs, tokens);
    for (const auto& examiner : examiners) examiner->see(model, sight);
    reading.seen += static_cast<int64_t>(pairs.size());
    pairs.clear();
  };
  for (size_t i = rank; i < items.size(); i += world) {
    try {
      pairs.push_back(reader.read_pair(items[i]));
    } catch (const Error&) {
      ++reading.bad;
    }
    if (pairs.size() >= batch) flush();
  }
  flush();
  return reading;
}

// What all ranks saw, for each of them.
void join(ProcessGroup& group, at::Device device, const Examiners& examiners, Reading& reading) {
  nlohmann::json own = {{"seen", reading.seen}, {"bad", reading.bad}, {"examiners", nlohmann::json::array()}};
  for (const auto& examiner : examiners) own["examiners"].push_back(examiner->seen());
  reading = {};
  for (const auto& examiner : examiners) examiner->forget();
  const std::string text = own.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const std::string& rank : group.gather(text, device)) {
    const nlohmann::json json = nlohmann::json::parse(rank);
    reading.seen += json["seen"].get<int64_t>();
    reading.bad += json["bad"].get<int64_t>();
    for (size_t i = 0; i < examiners.size(); ++i) examiners[i]->add(json["examiners"][i]);
  }
}

}  // namespace

Evaluation Evaluator::run(TrainModel& model, ProcessGroup* group) const {
  const c10::AutoGradMode no_grad(false);
  // In the order in which their scores choose a checkpoint.
  Examiners examiners;
  if (options_.captions) {
    examiners.push_back(std::make_unique<CaptionExaminer>(captioner_, model.graph().config().no_change_sentences,
                                                          options_.meteor_data));
  }
  if (options_.changes) examiners.push_back(std::make_unique<ChangeExaminer>());
  if (options_.maps) examiners.push_back(std::make_unique<MapExaminer>());

  Reading reading = show(items_, reader_, model, group, static_cast<size_t>(options_.batch), examiners);
  if (group != nullptr) join(*group, model.ops().device(), examiners, reading);

  Evaluation evaluation;
  evaluation.pairs = options_.captions ? reading.seen : static_cast<int64_t>(items_.size());
  evaluation.bad = reading.bad;
  for (size_t i = 0; i < examiners.size(); ++i) {
    const Verdict verdict = examiners[i]->verdict();
    evaluation.scores.insert(verdict.scores.begin(), verdict.scores.end());
    const bool chooses = i == 0 || (!options_.captions && evaluation.best_by.empty());
    if (!chooses) continue;
    evaluation.best_by = verdict.best_by;
    evaluation.best_score = verdict.best_score;
  }
  if (!evaluation.best_by.empty()) evaluation.scores[evaluation.best_by] = evaluation.best_score;
  return evaluation;
}

}  // namespace ccx::train
