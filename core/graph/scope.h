// A position in the checkpoint's name space: the code that computes "model.norm" holds Scope("model.norm").
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace ccx {

// Weight names, code scopes and ONNX node names are this one string, so that a tensor can be followed from the
// published checkpoint to the browser.
class Scope {
 public:
  explicit Scope(std::string name) : name_(std::move(name)) {}

  // Scope("model.layers") / 3 / "mlp"  ->  "model.layers.3.mlp"
  Scope operator/(std::string_view child) const {
    return Scope(name_.empty() ? std::string(child) : name_ + "." + std::string(child));
  }
  Scope operator/(int index) const { return *this / std::string_view(std::to_string(index)); }

  const std::string& name() const { return name_; }
  std::string weight() const { return name_ + ".weight"; }
  std::string bias() const { return name_ + ".bias"; }

 private:
  std::string name_;
};

}  // namespace ccx
