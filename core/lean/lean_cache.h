// Keys and values of the positions so far, a layer each, for LeanOps::attention().
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/graph/ops.h"

namespace ccx::lean {

class LeanCache : public KvCache {
 public:
  explicit LeanCache(int layers) : layers_(static_cast<std::size_t>(layers)) {}

  // Forgets all positions but the first `positions`. Throws std::invalid_argument where there are fewer.
  void keep(std::int64_t positions);
  std::int64_t positions() const;

  // What it gives lives until the next call.
  std::pair<Tensor, Tensor> append(int layer, const Tensor& k, const Tensor& v) override;

 private:
  struct Layer {
    std::shared_ptr<std::vector<float>> keys = std::make_shared<std::vector<float>>();
    std::shared_ptr<std::vector<float>> values = std::make_shared<std::vector<float>>();
    std::int64_t width = 1;
  };
  std::vector<Layer> layers_;
};

}  // namespace ccx::lean
