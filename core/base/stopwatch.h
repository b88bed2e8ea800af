// Wall time between two moments.
#pragma once

#include <chrono>

namespace ccx {

class Stopwatch {
 public:
  // Milliseconds since it was made or last asked.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - start_).count();
    start_ = now;
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ccx
