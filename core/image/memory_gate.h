// Keeps several threads from holding several very large pictures at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace ccx::image {

// What large pictures may take together while they are decoded. One that needs more has it alone.
constexpr int64_t kLargePicturesBytes = int64_t{1} << 30;

// Waits, in the order of asking, until `bytes` fit. Less than 64 MiB is not counted. Not to be taken twice in a thread.
class LargePicture {
 public:
  LargePicture() = default;
  LargePicture(const LargePicture&) = delete;
  LargePicture& operator=(const LargePicture&) = delete;
  ~LargePicture() { release(); }

  void wait_for(int64_t bytes);
  void release();

 private:
  int64_t held_ = 0;
};

}  // namespace ccx::image
