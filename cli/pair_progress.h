// How far a command over many pairs is, on stderr: a bar on a terminal, a line now and then in a log, events for
// programs.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ccx::cli {

// To a thousandth, as events tell seconds and speeds.
double rounded(double value);

// "2.5 pairs/s".
std::string rate_text(double pairs_per_second);

// Of one thread at a time.
class PairProgress {
 public:
  ~PairProgress();

  // Of `total` pairs so many were done before, which count neither for the speed.
  void start(std::size_t total, std::size_t done_before = 0);
  // Says it where it is time for it; a log gets no line for the last pair, since the result follows.
  void advance(std::size_t done, std::size_t failed = 0);

 private:
  using Clock = std::chrono::steady_clock;

  std::size_t total_ = 0;
  std::size_t done_before_ = 0;
  Clock::time_point started_ = Clock::now();
  Clock::time_point shown_ = Clock::now();
};

}  // namespace ccx::cli
