#include "core/torch/engine.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include "core/base/error.h"
#include "core/base/stopwatch.h"
#include "core/engine/told_caption.h"
#include "core/generate/language_model.h"
#include "core/prepare/workers.h"
#include "core/torch/device.h"
#include "core/torch/make_engines.h"

namespace ccx::torch_backend {
namespace {

// A stopwatch that waits until the device has done what it was given.
class DeviceWatch {
 public:
  explicit DeviceWatch(at::Device device) : device_(device) { lap(); }
  // Milliseconds since the last call.
  double lap() {
    synchronize(device_);
    return watch_.lap();
  }

 private:
  at::Device device_;
  Stopwatch watch_;
};

bool says_out_of_memory(const char* message) {
  return std::string_view(message).find("not enough memory") != std::string_view::npos ||
         std::string_view(message).find("out of memory") != std::string_view::npos;
}

}  // namespace

TorchEngine::TorchEngine(const prepare::LoadedCheckpoint& checkpoint, const engine::GenerationOverrides& wishes,
                         at::Device device, const NumberFormat& format)
    : TorchEngine(checkpoint, wishes,
                  TorchModel::make_store(checkpoint.weights->config(), *checkpoint.weights, device, format), device,
                  format) {
  const c10::InferenceMode guard;
  model_.load();
}

std::vector<std::unique_ptr<engine::Engine>> TorchEngine::side_by_side(const prepare::LoadedCheckpoint& checkpoint,
                                                                       const engine::EngineOptions& options,
                                                                       const NumberFormat& format) {
  const at::Device device(at::kCPU);
  auto first = std::make_unique<TorchEngine>(checkpoint, options.generation, device, format);
  first->format_is_chosen_ = options.dtype == "auto";
  const prepare::WorkerPlan plan =
      prepare::plan_workers({options.workers, options.threads}, first->worker_case(options));
  const std::shared_ptr<WeightStore> store = first->model_.shared_store();
  std::vector<std::unique_ptr<engine::Engine>> engines;
  engines.push_back(std::move(first));
  for (int i = 1; i < plan.workers; ++i) {
    engines.emplace_back(new TorchEngine(checkpoint, options.generation, store, device, format));
  }
  for (const auto& engine : engines) engine->set_threads(plan.threads);
  return engines;
}

prepare::WorkerCase TorchEngine::worker_case(const engine::EngineOptions& options) const {
  const std::size_t batch = options.batch > 0 ? options.batch : static_cast<std::size_t>(suggested_batch());
  const int rows = static_cast<int>(std::min<std::size_t>(batch, 4096)) * checkpoint_.rows_of_a_caption();
  return prepare::case_of(model_.config(), rows, options.pairs);
}

TorchEngine::TorchEngine(prepare::LoadedCheckpoint checkpoint, const engine::GenerationOverrides& wishes,
                         std::shared_ptr<WeightStore> store, at::Device device, const NumberFormat& format)
    : checkpoint_(std::move(checkpoint)),
      wishes_(wishes),
      format_(format),
      model_(checkpoint_.weights->config(), std::move(store), device, format.compute),
      no_change_sentences_(checkpoint_.no_change_sentences(wishes)),
      rule_(checkpoint_.change_rule(wishes)),
      vocabulary_(checkpoint_.tokenizer.size()),
      prompt_length_(checkpoint_.prompt_length()) {
  checkpoint_.generation.require_room(prompt_length_, model_.config().text.max_position_embeddings);
}

std::string TorchEngine::device() const {
  return device_name(model_.ops().device());
}
std::string TorchEngine::dtype() const {
  return format_name(format_);
}

int TorchEngine::suggested_batch() const {
  if (model_.ops().device().is_cuda()) return 32;
  // On a CPU only decoding gains from a batch, and a batch is what an interruption loses.
  return prepare::is_large(model_.config()) ? 4 : 8;
}

std::vector<std::string> TorchEngine::notes() const {
  std::vector<std::string> notes;
  if (format_is_chosen_ && model_.ops().device().is_cpu() && dtype() == "bf16") {
    notes.push_back("computing in " + dtype() + ", which this processor multiplies about twice as fast as fp32; " +
                    "--dtype fp32 gives captions that no batch changes");
  }
  for (const std::string& note : checkpoint_.notes()) notes.push_back(note);
  return notes;
}

std::vector<engine::Caption> TorchEngine::caption(std::span<const engine::PixelPair> pairs,
                                                  std::span<const uint64_t> keys) {
  const auto give_up = [&] {
    prompted_.reset();
    return OutOfMemoryError("the device has too little memory for " + std::to_string(pairs.size()) + " pairs at once");
  };
  const c10::InferenceMode guard;
  // A thread's own setting: this may be the first call from it.
  if (threads_ > 0 && at::get_num_threads() != threads_) at::set_num_threads(threads_);
  try {
    return run(pairs, keys);
  } catch (const c10::OutOfMemoryError&) {
    throw give_up();
  } catch (const std::bad_alloc&) {
    throw give_up();
  } catch (const c10::Error& error) {
    if (says_out_of_memory(error.what_without_backtrace())) throw give_up();
    throw Error(std::string("LibTorch: ") + error.what_without_backtrace());
  }
}

std::vector<engine::Caption> TorchEngine::run(std::span<const engine::PixelPair> pairs,
                                              std::span<const uint64_t> keys) {
  std::vector<engine::Caption> captions(pairs.size());
  if (pairs.empty()) return captions;
  const int64_t rows = static_cast<int64_t>(pairs.size()) * checkpoint_.rows_of_a_caption();
  if (!prompted_ || prompted_->rows() < rows) {
    prompted_.reset();
    const auto scored = static_cast<int64_t>(rule_.no_change().tokens());
    prompted_ =
        std::make_unique<PromptedModel>(model_.graph(), model_.ops(), vocabulary_, rows,
                                        prompt_length_ + std::max(scored, checkpoint_.generation.max_new_tokens));
  }

  // A CPU computes one pair at a time as fast as several, and so a pair's numbers cannot depend on its neighbours.
  const size_t together = model_.ops().device().is_cpu() ? 1 : pairs.size();
  std::vector<float> logits;  // [pairs, V]
  std::vector<float> flags;   // [pairs] or empty
  for (size_t first = 0; first < pairs.size(); first += together) {
    prefill(pairs, first, std::min(together, pairs.size() - first), logits, flags, captions);
  }

  DeviceWatch watch(model_.ops().device());
  const generate::Captions written = generate::write_captions(
      *prompted_, std::move(logits), flags, checkpoint_.generation, vocabulary_, keys, rule_, wishes_.p_change);
  for (size_t i = 0; i < captions.size(); ++i) {
    const generate::ChangeOpinion* opinion = written.opinions.empty() ? nullptr : &written.opinions[i];
    engine::set_words(captions[i], written.sequences[i], opinion, checkpoint_.tokenizer, no_change_sentences_);
    if (opinion && wishes_.p_change) engine::set_probabilities(captions[i], *opinion);
  }
  const double ms = watch.lap() / static_cast<double>(pairs.size());
  for (engine::Caption& caption : captions) caption.ms.decode = ms;
  return captions;
}

void TorchEngine::prefill(std::span<const engine::PixelPair> pairs, size_t first, size_t count,
                          std::vector<float>& logits, std::vector<float>& flags,
                          std::vector<engine::Caption>& captions) {
  TorchOps& ops = model_.ops();
  DeviceWatch watch(ops.device());
  std::vector<float> pixels;
  for (size_t i = first; i < first + count; ++i) {
    pixels.insert(pixels.end(), pairs[i].before.begin(), pairs[i].before.end());
    pixels.insert(pixels.end(), pairs[i].after.begin(), pairs[i].after.end());
  }
  const model::CCExpert::Vision vision = model_.see(pixels);
  std::vector<float> saliency;  // [count, N]: how far each change token is from their mean
  if (wishes_.saliency) {
    saliency = ops.to_host(ops.to_float32(model_.graph().saliency(ops, vision)));
    for (float& value : saliency) value = std::sqrt(value);
  }
  std::vector<float> shares;  // [count, kinds, grid, grid]
  if (vision.head.flag) {
    const std::vector<float> found = ops.to_host(vision.head.flag);
    flags.insert(flags.end(), found.begin(), found.end());
    if (wishes_.change_map) shares = ops.to_host(vision.head.shares);
  }
  const double vision_ms = watch.lap() / static_cast<double>(count);

  const std::vector<float> last =
      prompted_->prefill(model_.embed_prompt(checkpoint_.prompt, vision), static_cast<int64_t>(first));
  logits.insert(logits.end(), last.begin(), last.end());
  const double prefill_ms = watch.lap() / static_cast<double>(count);

  const auto tokens = static_cast<size_t>(model_.config().vision.tokens());
  for (size_t i = 0; i < count; ++i) {
    engine::Caption& caption = captions[first + i];
    caption.ms.vision = vision_ms;
    caption.ms.prefill = prefill_ms;
    if (!shares.empty()) {
      caption.change_map.height = caption.change_map.width = model_.config().vision.map_cells();
      const size_t size = shares.size() / count;
      caption.change_map.p.assign(shares.begin() + static_cast<ptrdiff_t>(i * size),
                                  shares.begin() + static_cast<ptrdiff_t>((i + 1) * size));
    }
    if (!wishes_.saliency) continue;
    caption.grid = model_.config().vision.grid();
    caption.saliency.assign(saliency.begin() + static_cast<ptrdiff_t>(i * tokens),
                            saliency.begin() + static_cast<ptrdiff_t>((i + 1) * tokens));
  }
}

std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options) {
  resolve_devices(options.device);  // a device that is not there is told of before a model is read
  return make_engines(prepare::load(options), options);
}

bool means_cpu(const std::string& device) {
  return resolve_devices(device)[0].is_cpu();
}

std::vector<std::unique_ptr<engine::Engine>> make_engines(const prepare::LoadedCheckpoint& checkpoint,
                                                          const engine::EngineOptions& options) {
  const std::vector<at::Device> devices = resolve_devices(options.device);
  if (!devices[0].is_cpu() && options.workers > 1) {
    throw UsageError("--workers divides a CPU; every GPU has one (--device cuda:all takes them all)");
  }
  const NumberFormat format = resolve_format(options.dtype, {.device = devices[0],
                                                             .large = prepare::is_large(checkpoint.weights->config()),
                                                             .stored_bits = checkpoint.weights->stored_bits()});
  prepare_cpu(options.threads);
  std::vector<std::unique_ptr<engine::Engine>> engines;
  if (devices[0].is_cpu()) return TorchEngine::side_by_side(checkpoint, options, format);
  for (const at::Device device : devices) {
    engines.push_back(std::make_unique<TorchEngine>(checkpoint, options.generation, device, format));
  }
  return engines;
}

}  // namespace ccx::torch_backend
