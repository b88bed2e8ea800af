// How well the model captions a validation split, by the metrics of `ccx eval`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/generate/generation_config.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"
#include "train/evaluation/examiner.h"

namespace ccx::train {

// Captions pairs with the model as it is trained: greedily, whatever `generation` says.
class GreedyCaptioner {
 public:
  GreedyCaptioner(const text::Tokenizer& tokenizer, const generate::GenerationConfig& generation,
                  int max_new_tokens = 128);

  // The captions of the pairs that `vision` is of, in order.
  std::vector<std::string> caption(TrainModel& model, const model::CCExpert::Vision& vision) const;

 private:
  text::Tokenizer tokenizer_;
  text::Prompt prompt_;
  generate::GenerationConfig generation_;
};

// Scores: bleu_1 ... cider_d, meteor and s_m where METEOR's data is there, flag_accuracy. A checkpoint is chosen by
// "s_m", or without METEOR by "mean_without_meteor", the mean of BLEU-4, ROUGE-L and CIDEr-D.
class CaptionExaminer : public Examiner {
 public:
  // `meteor_data`: empty or not there: no METEOR. `no_change`: the model's sentences of no change.
  CaptionExaminer(const GreedyCaptioner& captioner, std::vector<std::string> no_change,
                  std::filesystem::path meteor_data);

  void see(TrainModel& model, const Sight& sight) override;
  nlohmann::json seen() const override;
  void forget() override { captions_.clear(); }
  void add(const nlohmann::json& seen) override;
  Verdict verdict() const override;

 private:
  struct Captioned {
    std::string id;
    std::string caption;
    std::vector<std::string> references;
    bool changed = false;
  };

  const GreedyCaptioner& captioner_;
  std::vector<std::string> no_change_;
  std::filesystem::path meteor_data_;
  std::vector<Captioned> captions_;
};

}  // namespace ccx::train
