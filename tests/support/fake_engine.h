// An engine without a model: its captions are made from a hash of the pixels, so that every pair has its own and the
// same pixels always have the same. Failures are asked for.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace ccx::test {

struct FakeBehaviour {
  int image_size = 28;
  int suggested_batch = 4;
  std::size_t memory_for = SIZE_MAX;      // OutOfMemoryError for batches of more pairs
  std::set<uint64_t> too_big_keys = {};   // OutOfMemoryError for any batch with such a pair
  std::set<uint64_t> broken_keys = {};    // another error for any batch with such a pair
  std::chrono::milliseconds per_pair{0};  // how long a pair takes
};

class FakeEngine : public engine::Engine {
 public:
  FakeEngine(FakeBehaviour behaviour, engine::GenerationOverrides generation, std::string device = "fake")
      : behaviour_(std::move(behaviour)), generation_(std::move(generation)), device_(std::move(device)) {}

  int image_size() const override { return behaviour_.image_size; }
  std::string device() const override { return device_; }
  std::string dtype() const override { return "fp32"; }
  int suggested_batch() const override { return behaviour_.suggested_batch; }
  std::vector<engine::Caption> caption(std::span<const engine::PixelPair> pairs,
                                       std::span<const uint64_t> keys) override;

  // The sizes of the batches that were captioned.
  const std::vector<std::size_t>& batches() const { return batches_; }

 private:
  FakeBehaviour behaviour_;
  engine::GenerationOverrides generation_;
  std::string device_;
  std::vector<std::size_t> batches_;
};

}  // namespace ccx::test
