// One pair under evaluation: what the model said and what people said.
#pragma once

#include <string>
#include <vector>

namespace ccx::metrics {

struct EvalPair {
  std::string id;
  std::string hypothesis;
  std::vector<std::string> references;  // at least one
};

}  // namespace ccx::metrics
