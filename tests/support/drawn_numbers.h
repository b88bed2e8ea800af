// Numbers that are the same in every run.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace ccx::test {

class DrawnNumbers {
 public:
  explicit DrawnNumbers(unsigned seed) : engine_(seed) {}

  // Within -2..2.
  float number() { return static_cast<float>(static_cast<int>(engine_() % 2001) - 1000) / 500.0f; }
  std::vector<float> numbers(std::int64_t count) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(number());
    return values;
  }
  // Within -most..most.
  template <class T>
  std::vector<T> wholes(std::int64_t count, int most) {
    std::vector<T> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<T>(number() / 2 * static_cast<float>(most)));
    return values;
  }

 private:
  std::minstd_rand engine_;
};

}  // namespace ccx::test
