// The run itself: readers decode ahead of the devices, one worker an engine, results come back in input order.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/captioner/batcher.h"
#include "core/engine/engine.h"
#include "core/pairs/pairs.h"

namespace ccx::captioner {

struct PipelineWork {
  std::span<const pairs::Pair> pairs;  // the whole selection
  std::vector<bool> done;              // pairs[i] has its record already; as long as pairs
  std::size_t batch = 1;               // pairs at once
  std::size_t readers = 1;             // threads that read and decode
  ReadingOptions reading = {};
};

struct PipelineHooks {
  // Called in the caller's thread with the outcomes of one batch after the other, in input order. What it throws ends
  // the run and comes out of run_pipeline().
  std::function<void(std::vector<Outcome>)> deliver;
  std::function<void(const std::string&)> note;  // from any thread
  std::function<bool()> should_stop;             // from any thread; true: finish the batches that are begun
};

// Batches are windows of `batch` consecutive indexes of the whole selection, without what is done: which pairs share a
// batch depends on the input alone, never on timing. At most a few windows are held in memory: reading waits for the
// devices, devices for the delivery. Returns after all outcomes are delivered, or when should_stop() holds and what was
// begun is delivered.
void run_pipeline(const PipelineWork& work, std::span<const std::unique_ptr<engine::Engine>> engines,
                  const PipelineHooks& hooks);

}  // namespace ccx::captioner
