// Runs loaded pairs through an engine so that no pair's trouble becomes another's.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/captioner/reader.h"
#include "core/engine/engine.h"

namespace ccx::captioner {

// What became of one pair: a caption or a failure.
struct Outcome {
  std::size_t index = 0;  // of the pair
  std::optional<engine::Caption> caption;
  std::optional<records::Failure> failure;
  double read_ms = 0;
  records::Reading reading;
};

// A pair that was read and waits for its caption.
struct PendingPair {
  std::size_t index = 0;
  uint64_t key = 0;  // stable hash of its id
  LoadedPair loaded;
};

class Batcher {
 public:
  // `note` is told in plain words when the batch had to be made smaller; it may be called from the thread of run().
  Batcher(engine::Engine& engine, std::size_t batch, std::function<void(const std::string&)> note);

  // One outcome a pair, in order. A batch the device has no memory for is halved, for good, down to single pairs, the
  // last of which fail as out_of_memory. After any other error its pairs are tried one by one, and those that fail
  // alone become internal.
  std::vector<Outcome> run(std::vector<PendingPair> pairs);

 private:
  void caption(std::span<engine::PixelPair> pixels, std::span<const uint64_t> keys, std::span<Outcome*> outcomes);

  engine::Engine& engine_;
  std::size_t limit_;
  std::function<void(const std::string&)> note_;
};

}  // namespace ccx::captioner
