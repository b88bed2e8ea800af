#include "train/parallel/heartbeat.h"

namespace ccx::train {
namespace {

std::string key(std::size_t rank) {
  return "beat/" + std::to_string(rank);
}

}  // namespace

Heartbeat::Heartbeat(int rank, int world, Add add, GiveUp give_up, Pace pace)
    : rank_(rank),
      add_(std::move(add)),
      give_up_(std::move(give_up)),
      pace_(pace),
      counts_(static_cast<std::size_t>(world), -1),
      heard_(static_cast<std::size_t>(world), Clock::now()) {
  thread_ = std::thread([this] { run(); });
}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Heartbeat::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::string why = beat();
    lock.lock();
    if (!why.empty()) {
      if (!stopping_) give_up_(why);
      return;
    }
    wake_.wait_for(lock, pace_.beat, [this] { return stopping_; });
  }
}

std::string Heartbeat::beat() {
  try {
    add_(key(static_cast<std::size_t>(rank_)), 1);
    for (std::size_t rank = 0; rank < counts_.size(); ++rank) {
      const int64_t count = add_(key(rank), 0);
      if (count != counts_[rank]) heard_[rank] = Clock::now();
      counts_[rank] = count;
      if (Clock::now() - heard_[rank] > pace_.silence) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(pace_.silence).count();
        return "rank " + std::to_string(rank) + " has been silent for " + std::to_string(seconds) + " seconds";
      }
    }
    failures_ = 0;
  } catch (const std::exception&) {
    // The store goes with rank 0. At the end of a run that is in order, and then this object is about to be destroyed.
    if (++failures_ * pace_.beat > pace_.silence / 2) return "the store of rank 0 cannot be reached";
  }
  return "";
}

}  // namespace ccx::train
