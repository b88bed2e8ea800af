#include "train/data/loader.h"

#include <algorithm>
#include <stdexcept>

namespace ccx::train {

Loader::Loader(std::function<Batch(int64_t)> read, int64_t first, int64_t last, int threads, int64_t ahead)
    : read_(std::move(read)), last_(last), ahead_(std::max<int64_t>(1, ahead)), to_read_(first), to_give_(first) {
  for (int i = 0; i < std::max(1, threads); ++i) workers_.emplace_back([this] { work(); });
}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  room_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Loader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    room_.wait(lock, [this] { return stopping_ || to_read_ >= last_ || to_read_ < to_give_ + ahead_; });
    if (stopping_ || to_read_ >= last_) return;
    const int64_t index = to_read_++;
    lock.unlock();
    Batch batch;
    std::exception_ptr failure;
    try {
      batch = read_(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) {
      failure_ = failure;
      stopping_ = true;
    } else {
      waiting_.emplace(index, std::move(batch));
    }
    ready_.notify_all();
  }
}

Batch Loader::next() {
  std::unique_lock lock(mutex_);
  if (to_give_ >= last_) throw std::logic_error("Loader::next() past the last batch");
  ready_.wait(lock, [this] { return failure_ || waiting_.count(to_give_) != 0; });
  if (waiting_.count(to_give_) == 0) std::rethrow_exception(failure_);
  Batch batch = std::move(waiting_[to_give_]);
  waiting_.erase(to_give_++);
  room_.notify_all();
  return batch;
}

}  // namespace ccx::train
