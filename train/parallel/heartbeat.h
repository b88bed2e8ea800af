// Notices that another rank of a run has gone without a word.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ccx::train {

// Every rank counts up in a store that all see, and looks whether the others still do. NCCL, or a machine that
// vanished, leaves a collective waiting for ever; nothing but the end of the process frees it then, so the one who
// gives up is asked to end it. Runs in a thread of its own until it is destroyed or has given up.
class Heartbeat {
 public:
  // Adds to a number of the store and returns what it is then; throws where the store cannot be reached. Called from
  // the thread.
  using Add = std::function<int64_t(const std::string& key, int64_t amount)>;
  // Told once, with the reason, and never after destruction has begun.
  using GiveUp = std::function<void(const std::string& why)>;
  struct Pace {
    std::chrono::milliseconds beat{3000};      // between two looks
    std::chrono::milliseconds silence{40000};  // of another rank until this one gives up; half of it without the store
  };

  Heartbeat(int rank, int world, Add add, GiveUp give_up, Pace pace);
  Heartbeat(int rank, int world, Add add, GiveUp give_up)
      : Heartbeat(rank, world, std::move(add), std::move(give_up), Pace()) {}
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  std::string beat();  // once: why to give up, empty while all is well

  int rank_;
  Add add_;
  GiveUp give_up_;
  Pace pace_;
  std::vector<int64_t> counts_;  // by rank, as last seen
  std::vector<Clock::time_point> heard_;
  int failures_ = 0;  // looks in a row that did not reach the store
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ccx::train
