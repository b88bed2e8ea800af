// A counted gate (memory_gate.h).
#include "core/image/memory_gate.h"

namespace ccx::image {

namespace {

constexpr int64_t kCounted = int64_t{64} << 20;

struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int64_t held = 0;
  uint64_t next = 0;
  uint64_t served = 0;
};

Gate& gate() {
  static Gate one;
  return one;
}

}  // namespace

void LargePicture::wait_for(int64_t bytes) {
  release();
  if (bytes < kCounted) return;
  std::unique_lock lock(gate().mutex);
  const uint64_t turn = gate().next++;
  gate().changed.wait(
      lock, [&] { return gate().served == turn && (gate().held == 0 || gate().held + bytes <= kLargePicturesBytes); });
  ++gate().served;
  gate().held += bytes;
  held_ = bytes;
  gate().changed.notify_all();
}

void LargePicture::release() {
  if (held_ == 0) return;
  const std::lock_guard lock(gate().mutex);
  gate().held -= held_;
  held_ = 0;
  gate().changed.notify_all();
}

}  // namespace ccx::image
