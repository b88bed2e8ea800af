// An engine without a model (fake_engine.h).
#include "tests/support/fake_engine.h"

#include <cstring>
#include <string_view>
#include <thread>

#include "core/base/error.h"
#include "core/pairs/naming/names.h"

namespace ccx::test {
namespace {

uint64_t hash_of(const std::vector<float>& values) {
  return pairs::stable_hash(
      std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
}

engine::Caption caption_of(uint64_t hash, const engine::GenerationOverrides& generation) {
  static constexpr const char* kThings[] = {"houses", "a road", "trees", "a parking lot"};
  static constexpr const char* kPlaces[] = {"on the left", "in the middle", "at the top", "in the corner"};
  engine::Caption caption;
  caption.changed = hash % 3 != 0;
  caption.text = caption.changed ? std::string(kThings[hash / 3 % 4]) + " appear " + kPlaces[hash / 12 % 4] + " no " +
                                       std::to_string(hash % 1000)
                                 : "the scene is the same as before";
  const std::size_t tokens = 4 + hash % 5;
  for (std::size_t i = 0; i < tokens; ++i) {
    caption.ids.push_back(static_cast<int64_t>(hash >> i & 0xFF));
    caption.logprobs.push_back(-static_cast<float>(hash >> (2 * i) & 0x3FF) / 1024);
  }
  if (generation.p_change) caption.p_change = static_cast<float>(hash & 0xFFFF) / 65536;
  if (generation.saliency) {
    caption.grid = 3;
    for (int i = 0; i < 9; ++i) caption.saliency.push_back(static_cast<float>(hash >> (3 * i) & 7));
  }
  caption.ms = {1.25, 2.5, 3.75};
  return caption;
}

}  // namespace

std::vector<engine::Caption> FakeEngine::caption(std::span<const engine::PixelPair> pairs,
                                                 std::span<const uint64_t> keys) {
  if (pairs.size() > behaviour_.memory_for) throw OutOfMemoryError("fake device: no memory left, 12345 bytes free");
  for (const uint64_t key : keys) {
    if (behaviour_.too_big_keys.count(key) != 0)
      throw OutOfMemoryError("fake device: no memory left, 54321 bytes free");
    if (behaviour_.broken_keys.count(key) != 0) throw Error("fake device: cannot compute this");
  }
  const auto pixels =
      3 * static_cast<std::size_t>(behaviour_.image_size) * static_cast<std::size_t>(behaviour_.image_size);
  std::vector<engine::Caption> captions;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].before.size() != pixels || pairs[i].after.size() != pixels) throw Error("fake device: wrong pixels");
    uint64_t hash = hash_of(pairs[i].before) * 31 + hash_of(pairs[i].after);
    // Sampling draws from the seed and the pair's key.
    if (generation_.temperature || generation_.top_p) hash ^= keys[i] + generation_.seed;
    captions.push_back(caption_of(hash, generation_));
    std::this_thread::sleep_for(behaviour_.per_pair);
  }
  batches_.push_back(pairs.size());
  return captions;
}

}  // namespace ccx::test
