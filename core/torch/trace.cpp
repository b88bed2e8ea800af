#include "core/torch/trace.h"

#include <c10/core/InferenceMode.h>

#include <span>

#include "core/generate/generation_config.h"
#include "core/generate/language_model.h"
#include "core/generate/score_processing.h"
#include "core/image/normalise.h"
#include "core/model/checkpoint.h"
#include "core/text/tokenizer.h"
#include "core/torch/device.h"
#include "core/torch/run_model.h"

namespace ccx::torch_backend {
namespace {

// A model that keeps what each step chose from.
class RememberingModel final : public generate::LanguageModel {
 public:
  explicit RememberingModel(PromptedModel& model) : model_(model) {}

  std::vector<std::vector<float>> logits;  // of every step but the first

  int64_t columns() const override { return model_.columns(); }
  std::vector<float> score(std::size_t caption, const generate::PackedSentences& sentences) override {
    return model_.score(caption, sentences);
  }
  std::vector<float> step(const generate::Step& next) override { return logits.emplace_back(model_.step(next)); }

 private:
  PromptedModel& model_;
};

class Tracer {
 public:
  Tracer(const model::Checkpoint& checkpoint, const std::filesystem::path& directory, at::Device device,
         const NumberFormat& format)
      : checkpoint_(checkpoint),
        tokenizer_(text::Tokenizer::load(directory)),
        generation_(generate::GenerationConfig::load(directory, tokenizer_)),
        model_(checkpoint.config(), checkpoint, device, format) {}

  std::vector<TracedTensor> run(const std::vector<float>& pixels, int max_new_tokens) {
    model_.ops().listen([this](const std::string& name, const Tensor& tensor) { keep(name, tensor); });
    const model::CCExpert::Vision vision = model_.see(pixels);
    if (checkpoint_.has("model.vision_tower.vision_tower.vision_model.post_layernorm.weight")) {
      model_.graph().siglip().unused_tail(model_.ops(), last_tower_state_);
    }
    const Tensor embeddings = model_.embed_prompt(text::build_prompt(tokenizer_), vision);
    const int64_t length = embeddings.size(1);
    PromptedModel prompted(model_.graph(), model_.ops(), tokenizer_.size(), 1, length + max_new_tokens);
    const Tensor logits = prompted.prefill_all(embeddings);
    model_.ops().listen(nullptr);
    keep("lm.logits", logits);
    const Tensor last = wrap(unwrap(logits).select(1, length - 1));
    keep("lm.logits_last", last);

    for (const bool penalty : {true, false}) {
      prompted.rewind();
      generate(penalty ? "gen" : "gen_nopen", penalty ? generation_.repetition_penalty : 1.0,
               model_.ops().to_host(last), prompted, max_new_tokens);
    }
    return std::move(traced_);
  }

 private:
  void keep(const std::string& name, const Tensor& tensor) {
    traced_.push_back({name, tensor.shape(), model_.ops().to_host(tensor), {}});
    if (name == "vit.hidden." + std::to_string(checkpoint_.config().vision.needed_layers())) last_tower_state_ = tensor;
  }

  // Greedily, keeping what each step chose from: logits after the repetition penalty.
  void generate(const std::string& name, double penalty, std::vector<float> logits, PromptedModel& prompted,
                int max_new_tokens) {
    TracedTensor ids{name + ".ids", {}, {}, {}};
    TracedTensor all{name + ".scores", {}, {}, {}};
    generate::GenerationConfig greedy = generation_.greedy();
    greedy.repetition_penalty = penalty;
    greedy.max_new_tokens = max_new_tokens;
    const uint64_t key = 0;
    RememberingModel model(prompted);
    ids.ids = generate::write_captions(model, logits, {}, greedy, tokenizer_.size(), std::span(&key, 1), {}, false)
                  .sequences[0]
                  .ids;
    model.logits.insert(model.logits.begin(), std::move(logits));
    for (size_t i = 0; i < model.logits.size(); ++i) {
      std::vector<float>& scores = model.logits[i];
      generate::apply_repetition_penalty(scores, std::span(ids.ids).first(i), penalty);
      all.values.insert(all.values.end(), scores.begin(), scores.end());
    }
    const auto steps = static_cast<int64_t>(ids.ids.size());
    ids.shape = {1, steps};
    all.shape = {1, steps, tokenizer_.size()};
    traced_.push_back(std::move(ids));
    traced_.push_back(std::move(all));
  }

  const model::Checkpoint& checkpoint_;
  text::Tokenizer tokenizer_;
  generate::GenerationConfig generation_;
  TorchModel model_;
  Tensor last_tower_state_;
  std::vector<TracedTensor> traced_;
};

}  // namespace

std::vector<TracedTensor> trace_pair(const std::filesystem::path& directory, const image::Image& before,
                                     const image::Image& after, const TraceOptions& options) {
  const c10::InferenceMode guard;
  const std::vector<at::Device> devices = resolve_devices(options.device);
  prepare_cpu(options.threads);
  const model::Checkpoint checkpoint(directory);
  checkpoint.check();
  const int side = checkpoint.config().vision.image_size;
  std::vector<float> pixels = image::preprocess(before, side);
  const std::vector<float> second = image::preprocess(after, side);
  pixels.insert(pixels.end(), second.begin(), second.end());
  return Tracer(checkpoint, directory, devices[0],
                resolve_format(options.dtype, {.device = devices[0], .stored_bits = checkpoint.stored_bits()}))
      .run(pixels, options.max_new_tokens);
}

}  // namespace ccx::torch_backend
