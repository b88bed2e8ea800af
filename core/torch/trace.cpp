#include "core/torch/trace.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "core/generate/generation_config.h"
#include "core/generate/score_processing.h"
#include "core/image/normalise.h"
#include "core/model/checkpoint.h"
#include "core/text/tokenizer.h"
#include "core/torch/device.h"
#include "core/torch/run_model.h"

namespace ccx::torch_backend {
namespace {

class Tracer {
 public:
  Tracer(const model::Checkpoint& checkpoint, const std::filesystem::path& directory, at::Device device,
         at::ScalarType dtype)
      : checkpoint_(checkpoint),
        tokenizer_(text::Tokenizer::load(directory)),
        generation_(generate::GenerationConfig::load(directory)),
        model_(checkpoint.config(), checkpoint, device, dtype) {}

  std::vector<TracedTensor> run(const std::vector<float>& pixels, int max_new_tokens) {
    model_.ops().listen([this](const std::string& name, const Tensor& tensor) { keep(name, tensor); });
    const model::CCExpert::Vision vision = model_.see(pixels);
    if (checkpoint_.has("model.vision_tower.vision_tower.vision_model.post_layernorm.weight")) {
      model_.graph().siglip().unused_tail(model_.ops(), last_tower_state_);
    }
    const Tensor embeddings = model_.embed_prompt(text::build_prompt(tokenizer_), vision);
    const int64_t length = embeddings.size(1);
    const auto cache = model_.make_cache(1, length + max_new_tokens);
    model::Qwen2::Step step;
    step.embeddings = embeddings;
    step.positions = model_.positions(0, length);
    step.cache = cache.get();
    const Tensor logits = language().logits(model_.ops(), language().hidden(model_.ops(), step), tokenizer_.size());
    model_.ops().listen(nullptr);
    keep("lm.logits", logits);
    const Tensor last = wrap(unwrap(logits).select(1, length - 1));
    keep("lm.logits_last", last);

    for (const bool penalty : {true, false}) {
      cache->set_length(length);
      generate(penalty ? "gen" : "gen_nopen", penalty ? generation_.repetition_penalty : 1.0,
               model_.ops().to_host(last), *cache, max_new_tokens);
    }
    return std::move(traced_);
  }

 private:
  const model::Qwen2& language() const { return model_.graph().language(); }

  void keep(const std::string& name, const Tensor& tensor) {
    traced_.push_back({name, tensor.shape(), model_.ops().to_host(tensor), {}});
    if (name == "vit.hidden." + std::to_string(checkpoint_.config().vision.needed_layers())) last_tower_state_ = tensor;
  }

  void generate(const std::string& name, double penalty, std::vector<float> scores, TorchKvCache& cache,
                int max_new_tokens) {
    TracedTensor ids{name + ".ids", {}, {}, {}};
    TracedTensor all{name + ".scores", {}, {}, {}};
    for (int t = 0; t < max_new_tokens; ++t) {
      generate::apply_repetition_penalty(scores, ids.ids, penalty);
      all.values.insert(all.values.end(), scores.begin(), scores.end());
      const int64_t token = std::max_element(scores.begin(), scores.end()) - scores.begin();
      ids.ids.push_back(token);
      const auto& eos = generation_.eos_token_ids;
      if (std::find(eos.begin(), eos.end(), token) != eos.end() || t + 1 == max_new_tokens) break;
      model::Qwen2::Step step;
      step.embeddings = language().embed(model_.ops(), model_.ops().from_ints({token}, {1, 1}));
      step.positions = model_.positions(cache.length(), 1);
      step.cache = &cache;
      scores = model_.ops().to_host(
          language().logits(model_.ops(), language().hidden(model_.ops(), step), tokenizer_.size()));
      cache.advance(1);
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
  return Tracer(checkpoint, directory, devices[0], resolve_dtype(options.dtype, devices[0]))
      .run(pixels, options.max_new_tokens);
}

}  // namespace ccx::torch_backend
