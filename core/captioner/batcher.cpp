// Runs loaded pairs through an engine (batcher.h).
#include "core/captioner/batcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/error.h"

namespace ccx::captioner {

Batcher::Batcher(engine::Engine& engine, std::size_t batch, std::function<void(const std::string&)> note)
    : engine_(engine), limit_(std::max<std::size_t>(batch, 1)), note_(std::move(note)) {}

std::vector<Outcome> Batcher::run(std::vector<PendingPair> pairs) {
  std::vector<Outcome> outcomes(pairs.size());
  std::vector<engine::PixelPair> pixels;
  std::vector<uint64_t> keys;
  std::vector<Outcome*> waiting;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    LoadedPair& loaded = pairs[i].loaded;
    outcomes[i] = {pairs[i].index, std::nullopt, std::move(loaded.failure), loaded.read_ms, std::move(loaded.reading)};
    if (outcomes[i].failure) continue;
    pixels.push_back(std::move(loaded.pixels));
    keys.push_back(pairs[i].key);
    waiting.push_back(&outcomes[i]);
  }
  for (std::size_t first = 0; first < pixels.size();) {
    const std::size_t count = std::min(limit_, pixels.size() - first);
    const std::span<engine::PixelPair> chunk = std::span(pixels).subspan(first, count);
    try {
      caption(chunk, std::span(keys).subspan(first, count), std::span(waiting).subspan(first, count));
    } catch (const OutOfMemoryError&) {
      if (count > 1) {
        limit_ = count / 2;
        note_("out of memory on " + engine_.device() + " with " + std::to_string(count) +
              " pairs at once: going on with " + std::to_string(limit_));
        continue;
      }
      waiting[first]->failure = {records::ErrorCode::kOutOfMemory,
                                 "not enough memory on " + engine_.device() + " for this one pair"};
    } catch (const std::exception& error) {
      if (count > 1) {
        for (std::size_t i = first; i < first + count; ++i) {
          try {
            caption(std::span(pixels).subspan(i, 1), std::span(keys).subspan(i, 1), std::span(waiting).subspan(i, 1));
          } catch (const OutOfMemoryError&) {
            waiting[i]->failure = {records::ErrorCode::kOutOfMemory,
                                   "not enough memory on " + engine_.device() + " for this one pair"};
          } catch (const std::exception& single) {
            waiting[i]->failure = {records::ErrorCode::kInternal, single.what()};
          }
        }
      } else {
        waiting[first]->failure = {records::ErrorCode::kInternal, error.what()};
      }
    }
    first += count;
  }
  return outcomes;
}

void Batcher::caption(std::span<engine::PixelPair> pixels, std::span<const uint64_t> keys,
                      std::span<Outcome*> outcomes) {
  std::vector<engine::Caption> captions = engine_.caption(pixels, keys);
  if (captions.size() != outcomes.size()) {
    throw Error("the model gave " + std::to_string(captions.size()) + " captions for " +
                std::to_string(outcomes.size()) + " pairs");
  }
  for (std::size_t i = 0; i < captions.size(); ++i) outcomes[i]->caption = std::move(captions[i]);
}

}  // namespace ccx::captioner
