// Keys and values of the positions so far, a layer each, for LeanOps::attention().
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/graph/ops.h"
#include "core/lean/numbers.h"

namespace ccx::lean {

class LeanCache : public KvCache {
 public:
  explicit LeanCache(int layers) : layers_(static_cast<std::size_t>(layers)) {}
  // A copy has keys and values of its own.
  LeanCache(const LeanCache& other) : layers_(other.layers_.size()) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      *layers_[i].keys = *other.layers_[i].keys;
      *layers_[i].values = *other.layers_[i].values;
      layers_[i].width = other.layers_[i].width;
    }
  }
  LeanCache(LeanCache&&) = default;
  LeanCache& operator=(LeanCache&&) = default;

  // Forgets all positions but the first `positions`. Throws std::invalid_argument where there are fewer.
  void keep(std::int64_t positions);
  std::int64_t positions() const;

  // What it gives lives until the next call.
  std::pair<Tensor, Tensor> append(int layer, const Tensor& k, const Tensor& v) override;

 private:
  struct Layer {
    std::shared_ptr<Numbers> keys = std::make_shared<Numbers>();
    std::shared_ptr<Numbers> values = std::make_shared<Numbers>();
    std::int64_t width = 1;
  };
  std::vector<Layer> layers_;
};

}  // namespace ccx::lean
