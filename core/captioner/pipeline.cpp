// The run itself (pipeline.h).
#include "core/captioner/pipeline.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/captioner/reader.h"
#include "core/pairs/naming/names.h"

namespace ccx::captioner {
namespace {

// Batches read beyond those that the engines hold.
constexpr std::size_t kWindowsAhead = 2;
// Windows an engine may be ahead of the slowest: those that are done hold captions and no pixels.
constexpr std::size_t kDoneAhead = 4;
constexpr std::chrono::milliseconds kStopPoll{50};

// The pairs of one batch, read one by one.
struct Window {
  std::vector<std::size_t> indexes;
  std::vector<PendingPair> loaded;  // in the order of `indexes`
  std::size_t unread = 0;           // pairs whose reading is not done
};

class Pipeline {
 public:
  Pipeline(const PipelineWork& work, std::span<const std::unique_ptr<engine::Engine>> engines,
           const PipelineHooks& hooks)
      : work_(work), engines_(engines), hooks_(hooks) {
    const std::size_t batch = std::max<std::size_t>(work.batch, 1);
    for (std::size_t first = 0; first < work.pairs.size(); first += batch) {
      Window window;
      for (std::size_t i = first; i < std::min(first + batch, work.pairs.size()); ++i) {
        if (!work.done[i]) window.indexes.push_back(i);
      }
      if (window.indexes.empty()) continue;
      window.unread = window.indexes.size();
      windows_.push_back(std::move(window));
    }
  }

  void run() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(work_.readers, 1); ++i)
      threads.emplace_back([this] { guarded([this] { read(); }); });
    for (const auto& engine : engines_) {
      threads.emplace_back([this, &engine] { guarded([this, &engine] { caption(*engine); }); });
    }
    guarded([this] { deliver_all(); });
    end(nullptr);
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  // What a thread throws (a delivery's full disk, memory that ran out) ends the run and comes out of run().
  template <typename Body>
  void guarded(const Body& body) {
    try {
      body();
    } catch (...) {
      end(std::current_exception());
    }
  }

  void end(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (!failure_) failure_ = std::move(failure);
    changed_.notify_all();
  }

  // Threads wait with a timeout because a stop comes from a signal handler, which can wake nobody.
  template <typename Ready>
  void wait(std::unique_lock<std::mutex>& lock, const Ready& ready) {
    while (!ready()) changed_.wait_for(lock, kStopPoll);
  }

  bool stopping() const { return ended_ || hooks_.should_stop(); }

  // Readers: the next pair of the first window that still has unclaimed ones.
  void read() {
    std::unique_lock lock(mutex_);
    while (true) {
      // After a stop only the windows that a worker has begun are read to their end.
      const auto finished = [&] {
        return ended_ || read_window_ == windows_.size() || (read_window_ >= claimed_ && hooks_.should_stop());
      };
      const auto limit = [&] {
        const std::size_t done = std::min(results_.size(), kDoneAhead * engines_.size());
        return delivered_ + done + engines_.size() + kWindowsAhead;
      };
      wait(lock, [&] { return finished() || read_window_ < limit(); });
      if (finished()) return;
      Window& window = windows_[read_window_];
      const std::size_t slot = read_slot_++;
      if (read_slot_ == window.indexes.size()) {
        ++read_window_;
        read_slot_ = 0;
      }
      if (slot == 0) window.loaded.resize(window.indexes.size());
      PendingPair& pending = window.loaded[slot];
      pending.index = window.indexes[slot];
      const pairs::Pair& pair = work_.pairs[pending.index];
      lock.unlock();
      pending.key = pairs::stable_hash(pair.id);
      pending.loaded = load_pair(pair, engines_[0]->image_size(), work_.reading);
      lock.lock();
      --window.unread;
      changed_.notify_all();
    }
  }

  void caption(engine::Engine& engine) {
    Batcher batcher(engine, work_.batch, hooks_.note);
    std::unique_lock lock(mutex_);
    while (!stopping() && claimed_ < windows_.size()) {
      Window& window = windows_[claimed_++];
      changed_.notify_all();
      wait(lock, [&] { return ended_ || window.unread == 0; });
      if (ended_) return;
      std::vector<PendingPair> pairs = std::move(window.loaded);
      const std::size_t position = static_cast<std::size_t>(&window - windows_.data());
      lock.unlock();
      std::vector<Outcome> outcomes = batcher.run(std::move(pairs));
      lock.lock();
      results_.emplace(position, std::move(outcomes));
      changed_.notify_all();
    }
  }

  void deliver_all() {
    std::unique_lock lock(mutex_);
    while (delivered_ < windows_.size()) {
      const auto cut_short = [&] { return delivered_ == claimed_ && stopping(); };
      wait(lock, [&] { return ended_ || cut_short() || results_.count(delivered_) != 0; });
      if (ended_ || cut_short()) return;
      auto result = results_.extract(delivered_);
      lock.unlock();
      hooks_.deliver(std::move(result.mapped()));
      lock.lock();
      ++delivered_;
      changed_.notify_all();
    }
  }

  const PipelineWork& work_;
  std::span<const std::unique_ptr<engine::Engine>> engines_;
  const PipelineHooks& hooks_;

  std::mutex mutex_;  // of everything below
  std::condition_variable changed_;
  std::vector<Window> windows_;
  std::size_t read_window_ = 0;  // where the next pair to read is
  std::size_t read_slot_ = 0;
  std::size_t claimed_ = 0;                              // windows taken by workers: the first ones
  std::size_t delivered_ = 0;                            // windows delivered: the first ones
  std::map<std::size_t, std::vector<Outcome>> results_;  // of windows between the two
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void run_pipeline(const PipelineWork& work, std::span<const std::unique_ptr<engine::Engine>> engines,
                  const PipelineHooks& hooks) {
  Pipeline(work, engines, hooks).run();
}

}  // namespace ccx::captioner
