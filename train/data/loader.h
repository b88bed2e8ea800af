// Reads micro-batches ahead in worker threads and hands them out in order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "train/data/batch.h"

namespace ccx::train {

class Loader {
 public:
  // `read(k)` gives micro-batch k of first, first + 1, ..., last - 1, and is called from the workers. At most `ahead`
  // batches wait to be taken, so memory is bounded whatever the speed of the device.
  Loader(std::function<Batch(int64_t)> read, int64_t first, int64_t last, int threads, int64_t ahead);
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader();

  // The next micro-batch in order. Rethrows what `read` threw.
  Batch next();

 private:
  void work();

  std::function<Batch(int64_t)> read_;
  int64_t last_;
  int64_t ahead_;
  std::mutex mutex_;
  std::condition_variable ready_, room_;
  int64_t to_read_;  // next to be started by a worker
  int64_t to_give_;  // next to be handed out
  std::map<int64_t, Batch> waiting_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace ccx::train
