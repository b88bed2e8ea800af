// Captions a validation split with the model as it is trained, and scores it with the metrics of `ccx eval`.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/generate/generation_config.h"
#include "core/text/tokenizer.h"
#include "train/data/batch.h"
#include "train/model/model.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

struct EvaluationOptions {
  std::filesystem::path meteor_data;  // empty or not there: no METEOR
  int batch = 8;
  int max_new_tokens = 128;
};

struct Evaluation {
  int64_t pairs = 0;
  int64_t bad = 0;  // pairs that could not be read
  std::map<std::string, double>
      scores;           // bleu_1 ... cider_d, meteor and s_m where METEOR's data is there, flag_accuracy
  std::string best_by;  // "s_m", or "mean_without_meteor": the mean of BLEU-4, ROUGE-L and CIDEr-D
  double best_score = 0;
};

class Evaluator {
 public:
  Evaluator(const std::vector<PairItem>& items, const SampleReader& reader, const text::Tokenizer& tokenizer,
            generate::GenerationConfig generation, const EvaluationOptions& options);

  // Greedy captions. With a group, every rank captions its share and all get the same result.
  Evaluation run(TrainModel& model, ProcessGroup* group) const;

  // The captions of these pairs, in order, without scores.
  std::vector<std::string> caption(TrainModel& model, const std::vector<SampleReader::Pair>& pairs) const;

 private:
  const std::vector<PairItem>& items_;
  const SampleReader& reader_;
  text::Tokenizer tokenizer_;
  text::Prompt prompt_;
  generate::GenerationConfig generation_;
  EvaluationOptions options_;
};

}  // namespace ccx::train
