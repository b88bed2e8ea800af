// The heartbeat of a run's ranks, over a store in memory.
#include <atomic>
#include <future>
#include <map>
#include <stdexcept>

#include "tests/support/catch.h"
#include "train/parallel/heartbeat.h"

using namespace ccx::train;
using namespace std::chrono_literals;

namespace {

// A store that several threads share. A rank that is `alive` counts up whenever it is looked at, as if it had beaten in
// between; so no test depends on how the machine shares its cores.
struct MemoryStore {
  int64_t add(const std::string& key, int64_t amount) {
    const std::lock_guard lock(mutex);
    ++calls;
    if (unreachable || (fails_now_and_then && calls % 3 == 0)) throw std::runtime_error("gone");
    if (amount == 0 && key == alive) return ++values[key];
    return values[key] += amount;
  }
  int64_t of(const std::string& key) {
    const std::lock_guard lock(mutex);
    return values[key];
  }
  std::mutex mutex;
  std::map<std::string, int64_t> values;
  std::string alive;
  int64_t calls = 0;
  bool unreachable = false, fails_now_and_then = false;
};

struct Listener {
  std::promise<std::string> told;
  Heartbeat::GiveUp give_up() {
    return [this](const std::string& why) { told.set_value(why); };
  }
  // What was said within a minute, which a machine under load may need for what takes milliseconds.
  std::string hear() {
    std::future<std::string> said = told.get_future();
    return said.wait_for(60s) == std::future_status::ready ? said.get() : "nothing";
  }
  bool is_quiet() { return told.get_future().wait_for(0s) == std::future_status::timeout; }
};

Heartbeat::Add in(MemoryStore& store) {
  return [&store](const std::string& key, int64_t amount) { return store.add(key, amount); };
}

void wait_for_beats(MemoryStore& store, const std::string& key, int64_t count) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (store.of(key) < count && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
  REQUIRE(store.of(key) >= count);
}

}  // namespace

TEST_CASE("a rank that falls silent is named by one that still beats") {
  MemoryStore store;
  store.alive = "beat/2";
  Listener listener;
  const Heartbeat heartbeat(0, 3, in(store), listener.give_up(), {1ms, 1000ms});
  CHECK(listener.hear() == "rank 1 has been silent for 1 seconds");
  CHECK(store.of("beat/0") > 1);
}

TEST_CASE("ranks that beat are left alone, however long it lasts") {
  MemoryStore store;
  store.alive = "beat/1";
  Listener listener;
  {
    const Heartbeat heartbeat(0, 2, in(store), listener.give_up(), {5ms, 50ms});
    wait_for_beats(store, "beat/0", 40);  // four times the silence that would be too long
  }
  CHECK(listener.is_quiet());
}

TEST_CASE("a store that is gone ends the run, one that fails now and then does not") {
  MemoryStore store;
  Listener listener;
  SECTION("gone") {
    store.unreachable = true;
    const Heartbeat heartbeat(1, 2, in(store), listener.give_up(), {1ms, 20ms});
    CHECK(listener.hear() == "the store of rank 0 cannot be reached");
    CHECK(store.calls > 10);  // half of the silence, not the first failure
  }
  SECTION("now and then") {
    store.alive = "beat/1";
    store.fails_now_and_then = true;  // every second look
    {
      const Heartbeat heartbeat(0, 1, in(store), listener.give_up(), {1ms, 6ms});
      wait_for_beats(store, "beat/0", 40);
    }
    CHECK(listener.is_quiet());
  }
}

TEST_CASE("a heartbeat ends at once and without a word when it is destroyed") {
  MemoryStore store;
  Listener listener;
  const auto begin = std::chrono::steady_clock::now();
  {
    const Heartbeat heartbeat(0, 2, in(store), listener.give_up(), {1h, 1h});
    wait_for_beats(store, "beat/0", 1);
  }
  CHECK(std::chrono::steady_clock::now() - begin < 10min);  // not the hour between two beats
  CHECK(listener.is_quiet());
}
